import Glibc

@_silgen_name("setns")
private func joinNamespace(_ descriptor: Int32, _ kind: Int32) -> Int32

/// Sends datagrams of any content from a node's address, beside the engine that may run there.
public final class Forger {
    private let descriptor: Int32
    public let address: String

    /// Opens a socket in the node's network. The socket stays there; the calling thread returns at once.
    public init(on node: Node) throws {
        address = node.address
        let own = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC)
        let other = open("/proc/\(node.machine.holder)/ns/net", O_RDONLY | O_CLOEXEC)
        defer {
            close(own)
            close(other)
        }
        let network: Int32 = 0x4000_0000
        guard own >= 0, other >= 0, joinNamespace(other, network) == 0 else {
            throw LabError.systemCall(name: "setns", errno: errno, what: "the network of node \(node.number)")
        }
        let opened = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        let failure = errno
        // A thread left in a foreign network would spoil every test that runs on it later.
        precondition(joinNamespace(own, network) == 0, "cannot return to the own network namespace")
        guard opened >= 0 else { throw LabError.systemCall(name: "socket", errno: failure, what: "forger") }
        descriptor = opened
        var bound = Self.endpoint(node.address, 0)
        let result = withUnsafePointer(to: &bound) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(opened, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw LabError.systemCall(name: "bind", errno: errno, what: "forger") }
        var size: Int32 = 1 << 20
        setsockopt(opened, SOL_SOCKET, SO_SNDBUF, &size, socklen_t(MemoryLayout<Int32>.size))
    }

    deinit { close(descriptor) }

    /// Sends one datagram.
    public func send(_ bytes: [UInt8], to node: Node, port: UInt16 = 5405) throws {
        var target = Self.endpoint(node.address, port)
        let sent = bytes.withUnsafeBytes { data in
            withUnsafePointer(to: &target) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    sendto(descriptor, data.baseAddress, data.count, 0, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
        }
        // A closed port answers with an ICMP error, which the kernel reports on the next send: not this packet's fault.
        guard sent == bytes.count || errno == ECONNREFUSED else {
            throw LabError.systemCall(name: "sendto", errno: errno, what: "\(bytes.count) bytes to \(node.address)")
        }
    }

    private static func endpoint(_ address: String, _ port: UInt16) -> sockaddr_in {
        var endpoint = sockaddr_in()
        endpoint.sin_family = sa_family_t(AF_INET)
        endpoint.sin_port = port.bigEndian
        inet_pton(AF_INET, address, &endpoint.sin_addr)
        return endpoint
    }
}
