import Basics
import Testing
import TotemWire

@testable import Totem

/// What ends the wait for a commit token that will never come back, and what does not (docs/decisions/joining.md).
@Suite("Waiting for a commit token")
struct CommitTests {
    private static let ringSequence: UInt64 = 5

    /// Node 1 of four, which has agreed with 2 and 3 on a ring and sent a commit token that nobody gets.
    private func waiting() -> PerfectNetwork {
        var network = PerfectNetwork(nodes: 4)
        network.passes = { _, _, bytes in bytes[3] != PacketType.commitToken.rawValue }
        for index in 0..<3 { network.start(index) }
        network.run(milliseconds: 20)
        return network
    }

    private func join(
        from id: UInt32, members: [UInt32], failed: [UInt32] = [], sequence: UInt64 = ringSequence, leaves: Bool = false
    ) -> [UInt8] {
        var writer = ByteWriter()
        Join(
            header: PacketHeader(type: .join, nodeID: leaves ? .none : NodeID(id)), systemFrom: NodeID(id),
            members: members.map { NodeID($0) }, failed: failed.map { NodeID($0) }, ringSequence: sequence
        ).encode(into: &writer)
        return writer.bytes
    }

    @Test("who sent it agrees with the others first")
    func waits() {
        let network = waiting()
        #expect(network.rings[0].phase == .commit)
        #expect(network.rings[0].members == [NodeID(1)])
        #expect(network.rings[0].proposed.sorted() == (1...3).map { NodeID($0) })
    }

    @Test("a member that has heard of a newcomer ends it")
    func newcomer() {
        var network = waiting()
        network.inject(0, join(from: 2, members: [1, 2, 3, 4]))
        #expect(network.rings[0].phase == .gather)
        #expect(network.rings[0].proposed.contains(NodeID(4)))
    }

    @Test("a member that counts another as failed ends it")
    func failure() {
        var network = waiting()
        network.inject(0, join(from: 2, members: [1, 2, 3], failed: [3]))
        #expect(network.rings[0].phase == .gather)
    }

    @Test("a member that says goodbye ends it")
    func farewell() {
        var network = waiting()
        network.inject(0, join(from: 2, members: [1, 3], failed: [2], leaves: true))
        #expect(network.rings[0].phase == .gather)
    }

    @Test("a join from before the vote does not")
    func earlier() {
        var network = waiting()
        for members in [[2], [1, 2], [2, 3], [1, 2, 3]] as [[UInt32]] {
            network.inject(0, join(from: 2, members: members))
            #expect(network.rings[0].phase == .commit)
        }
    }

    @Test("a late join of an earlier ring does not, nor a late copy of a farewell")
    func late() {
        var network = waiting()
        network.inject(0, join(from: 2, members: [1, 2, 3, 4], sequence: Self.ringSequence - 1))
        network.inject(0, join(from: 2, members: [1, 3], failed: [2], sequence: Self.ringSequence - 4, leaves: true))
        #expect(network.rings[0].phase == .commit)
        #expect(!network.rings[0].proposed.contains(NodeID(4)))
    }

    @Test("a node that counts me as failed does not, nor one that the token does not name")
    func others() {
        var network = waiting()
        network.inject(0, join(from: 2, members: [1, 2, 3, 4], failed: [1]))
        network.inject(0, join(from: 4, members: [1, 2, 3, 4]))
        #expect(network.rings[0].phase == .commit)
    }

    @Test("for one join interval after a new beginning nothing does")
    func newBeginning() {
        var network = waiting()
        guard case .commit(var commit) = network.rings[0].state else {
            Issue.record("not in COMMIT")
            return
        }
        commit.beganAnew = network.now
        network.rings[0].state = .commit(commit)
        network.inject(0, join(from: 2, members: [1, 2, 3], failed: [3]))
        #expect(network.rings[0].phase == .commit)
        network.run(milliseconds: 60)
        network.inject(0, join(from: 2, members: [1, 2, 3], failed: [3]))
        #expect(network.rings[0].phase == .gather)
    }

    /// The node was there in a former life, and its ring id file was lost with that.
    @Test("a token that has been round and says of me what I have not said is dropped")
    func formerLife() throws {
        var network = waiting()
        guard case .commit(let commit) = network.rings[0].state else {
            Issue.record("not in COMMIT")
            return
        }
        var token = commit.token
        token.header.nodeID = NodeID(3)
        token.memberIndex = 3
        for place in 1...2 {
            token.members[place].ringID = RingID(representative: NodeID(UInt32(place + 1)), sequence: 1)
        }
        var other = token
        other.members[0].ringID.sequence += 8
        let dropped = network.rings[0].statistics.receivedDropped
        network.inject(0, bytes(other))
        #expect(network.rings[0].phase == .commit)
        #expect(network.rings[0].statistics.receivedDropped == dropped + 1)
        network.inject(0, bytes(token))
        #expect(network.rings[0].phase == .recovery)
    }

    private func bytes(_ token: CommitToken) -> [UInt8] {
        var writer = ByteWriter()
        token.encode(into: &writer)
        return writer.bytes
    }

    @Test("a lost commit token is repeated after two join intervals, and so is the first token of a ring")
    func repetition() {
        let lost = Counter()
        var network = PerfectNetwork(nodes: 4)
        network.passes = { _, _, bytes in
            guard let type = PacketType(rawValue: bytes[3]), type == .commitToken || type == .orfToken else {
                return true
            }
            return lost.isFirst(type) == false
        }
        network.startAll()
        network.run(milliseconds: 300)
        #expect(network.rings.allSatisfy { $0.isOperational && $0.members.count == 4 })
    }

    @Test("who comes while a ring parts with a member takes that ring's word for it, if it knows no better")
    func parting() {
        // Node 3 has said goodbye, or was never heard; then it counts as failed.
        for says in [true, false] {
            var network = PerfectNetwork(nodes: 4)
            network.passes = { _, _, _ in false }
            network.start(0)
            network.run(milliseconds: 20)
            if says { network.inject(0, join(from: 3, members: [2, 4], failed: [3], leaves: true)) }
            network.inject(0, join(from: 2, members: [1, 2, 3, 4], failed: [3]))
            #expect(network.rings[0].failed == [NodeID(3)])
        }
        // It is there and calls: what others hold against it is their affair.
        var network = PerfectNetwork(nodes: 4)
        network.passes = { _, _, _ in false }
        network.start(0)
        network.run(milliseconds: 20)
        network.inject(0, join(from: 3, members: [3]))
        network.inject(0, join(from: 2, members: [1, 2, 3, 4], failed: [3]))
        #expect(network.rings[0].failed.isEmpty)
    }

    @Test("a stranger's farewell does not disturb a ring")
    func strangersFarewell() {
        var network = PerfectNetwork(nodes: 4)
        for index in 0..<3 { network.start(index) }
        network.run(milliseconds: 1000)
        let ring = network.rings[0].ringID
        network.inject(0, join(from: 4, members: [1, 2, 3], failed: [4], sequence: 1000, leaves: true))
        network.run(milliseconds: 1000)
        #expect(network.rings.prefix(3).allSatisfy { $0.isOperational && $0.ringID == ring })
    }
}

/// Which kinds of packets have been seen.
private final class Counter {
    private var seen: Set<PacketType> = []

    func isFirst(_ type: PacketType) -> Bool { seen.insert(type).inserted }
}
