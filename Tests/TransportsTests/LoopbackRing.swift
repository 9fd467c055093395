import Basics
import Glibc
import TotemWire

@testable import Transports

/// Addresses of the loopback network that no other test process uses.
enum TestAddress {
    /// 127.A.B.`last` with A and B from the process id.
    static func loopback(_ last: UInt32) -> IPAddress {
        let process = UInt32(truncatingIfNeeded: getpid())
        return .v4(0x7f00_0000 | (process & 0x7fff) << 9 | last)
    }
}

/// Nodes on consecutive addresses from `first` on. Every test takes addresses of its own: a process that another test
/// is just starting may still hold a closed socket.
func members(_ count: UInt32, from first: UInt32) -> [UDPTransport.Member] {
    (0..<count).map { .init(node: NodeID($0 + 1), address: TestAddress.loopback(first + $0)) }
}

/// Some transports that know each other.
func openRing(_ count: UInt32, from first: UInt32, port: UInt16 = 5405) throws -> [UDPTransport] {
    let all = members(count, from: first)
    return try all.map { try UDPTransport(address: $0.address, port: port, node: $0.node, members: all) }
}

func send(_ bytes: [UInt8], _ transport: UDPTransport, to destination: PacketDestination) {
    transport.queue(bytes.span, to: destination)
}

/// Waits up to `limit` milliseconds for the socket to become readable.
func waitReadable(_ transport: UDPTransport, limit: Int32) -> Bool {
    var poll = pollfd(fd: transport.descriptor, events: Int16(POLLIN), revents: 0)
    return Glibc.poll(&poll, 1, limit) == 1
}

/// The next `count` datagrams, or those that came within five seconds.
func collect(_ count: Int, from transport: UDPTransport) -> [[UInt8]] {
    var result: [[UInt8]] = []
    while result.count < count, waitReadable(transport, limit: 5000) {
        for index in 0..<transport.receive() {
            let datagram = transport.datagram(index)
            result.append(datagram.indices.map { datagram[$0] })
        }
    }
    return result
}

/// Whether nothing acceptable is waiting; only for datagrams that the loopback has delivered already.
func isSilent(_ transport: UDPTransport) -> Bool {
    while waitReadable(transport, limit: 0) {
        if transport.receive() > 0 { return false }
    }
    return true
}
