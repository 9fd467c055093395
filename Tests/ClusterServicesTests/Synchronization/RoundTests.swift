import Basics
import Testing
import Totem
import TotemWire

@testable import ClusterServices

@Suite("Rounds of synchronisation")
struct RoundTests {
    private let ring = RingID(representative: NodeID(1), sequence: 9)
    private let members = [NodeID(1), NodeID(2)]

    private func started(_ change: (inout ServicesConfiguration) -> Void = { _ in }) throws -> Node {
        var node = try Node(1, of: [1, 2], change)
        node.change(ConfigurationChange(kind: .transitional, ringID: ring, members: []))
        node.change(ConfigurationChange(kind: .regular, ringID: ring, members: members, joined: members))
        return node
    }

    private func build(_ services: [UInt32], ring: RingID? = nil) -> [UInt8] {
        var writer = ByteWriter()
        ServiceBuild(ringID: ring ?? self.ring, services: services).encode(into: &writer)
        return writer.bytes
    }

    private var barrier: [UInt8] {
        var writer = ByteWriter()
        Barrier(ringID: ring).encode(into: &writer)
        return writer.bytes
    }

    @Test("A node without votequorum goes through its barrier all the same")
    func unionOfServices() throws {
        var node = try started { $0.quorum.provider = nil }
        node.deliver(.synchronization, build([0, 2, 3]), from: NodeID(1))
        node.deliver(.synchronization, build([0, 2, 3, 5, 9]), from: NodeID(2))
        for _ in 0..<5 {
            for member in members { node.deliver(.synchronization, barrier, from: member) }
        }
        #expect(node.sent.filter { $0.bytes == barrier }.count == 5)
        let commits = node.texts(.synchronization, upTo: .debug).filter { $0.hasPrefix("Committing") }
        #expect(
            commits == [
                "Committing synchronization for corosync configuration map access",
                "Committing synchronization for corosync cluster closed process group service v1.01",
                "Committing synchronization for corosync cluster quorum service v0.1",
                "Committing synchronization for Unknown External Service (id = 5)",
                "Committing synchronization for Unknown External Service (id = 9)",
            ])
        #expect(node.events.last == .synchronizationCompleted)
    }

    @Test("Nobody proceeds before everybody's service list and barrier are there")
    func waiting() throws {
        var node = try started()
        node.deliver(.synchronization, build([0, 2, 3, 5]), from: NodeID(1))
        node.deliver(.synchronization, build([0, 2, 3, 5]), from: NodeID(1))
        #expect(!node.sent.contains { $0.bytes == barrier })
        node.deliver(.synchronization, build([0, 2, 3, 5], ring: RingID.none), from: NodeID(2))
        #expect(!node.sent.contains { $0.bytes == barrier })
        node.deliver(.synchronization, build([0, 2, 3, 5]), from: NodeID(2))
        #expect(node.sent.filter { $0.bytes == barrier }.count == 1)
        for _ in 0..<3 { node.deliver(.synchronization, barrier, from: NodeID(1)) }
        #expect(node.sent.filter { $0.bytes == barrier }.count == 1)
        node.deliver(.synchronization, barrier, from: NodeID(2))
        #expect(node.sent.filter { $0.bytes == barrier }.count == 2)
    }

    @Test("A member that stays silent is named in the log, again and again")
    func silence() throws {
        var node = try started()
        node.deliver(.synchronization, build([0, 2, 3, 5]), from: NodeID(1))
        #expect(node.engine.nextDeadline == node.now.adding(milliseconds: 10_000))
        node.advance(milliseconds: 10_000)
        #expect(
            node.texts(.synchronization).last?.contains("has waited 10 s for node 2 to send its service list") == true)
        node.deliver(.synchronization, build([0, 2, 3, 5]), from: NodeID(2))
        node.deliver(.synchronization, barrier, from: NodeID(1))
        node.advance(milliseconds: 10_000)
        let text = "for node 2 to send its barrier for corosync configuration map access"
        #expect(node.texts(.synchronization).last?.contains(text) == true)
    }

    @Test("A change of membership ends the round; its late messages are discarded")
    func aborted() throws {
        var node = try started()
        node.change(ConfigurationChange(kind: .transitional, ringID: ring, members: [NodeID(1)]))
        node.deliver(.synchronization, build([0, 2, 3, 5]), from: NodeID(1))
        node.deliver(.synchronization, barrier, from: NodeID(1))
        #expect(
            Array(node.texts(.synchronization, upTo: .debug).suffix(2)) == [
                "service build for old ring - discarding", "barrier for old ring - discarding",
            ])
        #expect(node.engine.isSynchronizing)
    }

    @Test("Events tell when local clients may be served")
    func events() throws {
        var cluster = try Cluster([1, 2])
        cluster.forget()
        cluster.form([1, 2])
        #expect(
            cluster[1].events == [
                .synchronizationStarted, .synchronizationStarted, .quorateChanged(true), .synchronizationCompleted,
            ])
    }
}
