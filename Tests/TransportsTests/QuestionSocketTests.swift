import Basics
import CPosix
import Glibc
import Testing

@testable import Transports

@Suite("Questions of which the refusal is wanted")
struct QuestionSocketTests {
    private func transport(_ members: [UDPTransport.Member], port: UInt16 = 0) throws -> UDPTransport {
        try UDPTransport(address: .v4(0x7F00_0001), port: port, node: NodeID(1), members: members)
    }

    /// Waits for the descriptor to be ready.
    private func isReady(_ descriptor: Int32, milliseconds: Int32) -> Bool {
        var watched = pollfd(fd: descriptor, events: 0, revents: 0)
        return poll(&watched, 1, milliseconds) > 0
    }

    private func refusals(of transport: UDPTransport) -> [NodeID] {
        var nodes: [NodeID] = []
        for _ in 0..<200 where nodes.isEmpty {
            guard isReady(transport.questionDescriptor, milliseconds: 20) else { continue }
            transport.takeRefusals { nodes.append($0) }
        }
        return nodes
    }

    @Test("a machine without the process is heard of, and the descriptor is at rest afterwards")
    func refused() throws {
        let transport = try transport([.init(node: NodeID(2), address: .v4(0x7F00_0002))])
        let question = [UInt8](repeating: 7, count: 60)
        transport.ask(question.span, NodeID(2))
        #expect(refusals(of: transport) == [NodeID(2)])
        transport.takeRefusals { _ in }
        #expect(!isReady(transport.questionDescriptor, milliseconds: 0))
    }

    @Test("datagrams that somebody sends to its port change nothing")
    func flooded() throws {
        let transport = try transport([.init(node: NodeID(2), address: .v4(0x7F00_0002))])
        let port = UDPSocket.port(of: transport.questionDescriptor)
        let stranger = try self.transport([.init(node: NodeID(3), address: .v4(0x7F00_0001))], port: 0)
        var storage = sockaddr_storage()
        let length = SocketAddressStorage.write(SocketAddress(.v4(0x7F00_0001), port: port), into: &storage)
        let junk = [UInt8](repeating: 1, count: 1000)
        for _ in 0..<1000 {
            _ = withUnsafePointer(to: &storage) { address in
                junk.withUnsafeBytes {
                    rondo_send_datagram(stranger.descriptor, $0.baseAddress, $0.count, 0, address, length)
                }
            }
        }
        let question = [UInt8](repeating: 9, count: 60)
        transport.ask(question.span, NodeID(2))
        #expect(refusals(of: transport) == [NodeID(2)])
    }

    @Test("a report that quotes nothing of what was sent is none")
    func quotes() {
        var marks = SentMarks()
        let sent = (0..<80).map { UInt8($0) }
        sent.withUnsafeBytes { if let base = $0.baseAddress { marks.note(base, length: $0.count) } }
        func isKnown(_ quote: [UInt8]) -> Bool { quote.withUnsafeBytes { marks.contains($0) } }
        #expect(isKnown(Array(sent.prefix(64))))
        #expect(!isKnown(Array(sent.prefix(28))))
        #expect(!isKnown([]))
        for place in [0, 13, 41, 55, 58, 63] {
            var other = Array(sent.prefix(64))
            other[place] ^= 1
            #expect(!isKnown(other), "byte \(place)")
        }
    }
}
