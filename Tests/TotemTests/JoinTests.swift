import Basics
import Testing
import TotemWire

@testable import Totem

/// Joins as a machine gets them that stands alone among strangers (docs/decisions/joining.md). What each of these tests
/// asserts, simulated rings once did wrong.
@Suite("What a join makes a node do")
struct JoinTests {
    private static let nodes = (1...4).map { NodeID(UInt32($0)) }

    /// A node that is started and in a ring of its own.
    private func alone(_ id: UInt32 = 1) -> PerfectNetwork {
        var network = PerfectNetwork(nodes: 4)
        network.passes = { _, _, _ in false }
        network.start(Int(id) - 1)
        network.run(milliseconds: 20)
        return network
    }

    private func join(
        from id: UInt32, members: [NodeID] = nodes, failed: [UInt32] = [], sequence: UInt64 = 5
    ) -> [UInt8] {
        var writer = ByteWriter()
        Join(
            header: PacketHeader(type: .join, nodeID: NodeID(id)), systemFrom: NodeID(id), members: members,
            failed: failed.map { NodeID($0) }, ringSequence: sequence
        ).encode(into: &writer)
        return writer.bytes
    }

    @Test("a join with other failures than mine and no news is not answered")
    func noNews() {
        var network = alone()
        network.inject(0, join(from: 2, failed: [4]))
        #expect(network.rings[0].phase == .gather)
        let sent = network.rings[0].statistics.joinTx
        network.inject(0, join(from: 2, failed: [4]))
        network.inject(0, join(from: 3, failed: [2]))
        #expect(network.rings[0].statistics.joinTx == sent)
    }

    @Test("a stranger that counts me as failed does not make me count it as failed")
    func busyStranger() {
        var network = alone()
        network.inject(0, join(from: 2))
        network.inject(0, join(from: 3, failed: [1]))
        #expect(network.rings[0].failed.isEmpty)
    }

    /// Its sender would refuse the commit token for the ring without that node, and be called out of any ring of its own
    /// again and again: it could never be told of a changed nodelist.
    @Test("a join for a ring with a node that I do not know is no vote for the ring without it")
    func unlikeLists() {
        var network = alone()
        let known = [NodeID(1), NodeID(2)]
        network.rings[0].reconfigure(parameters: RingParameters(), configured: known)
        network.inject(0, join(from: 2))
        network.inject(0, join(from: 2))
        #expect(network.rings[0].phase == .gather)
        network.inject(0, join(from: 2, members: known))
        #expect(network.rings[0].phase == .commit)
    }

    /// An echo of what it said before it was restarted, or a forgery: believed, it would keep the node alone for good.
    @Test("a node does not believe its own farewell, nor any join with its id from the network")
    func ownFarewell() {
        var writer = ByteWriter()
        Join(
            header: PacketHeader(type: .join, nodeID: .none), systemFrom: NodeID(1), members: [NodeID(2)],
            failed: [NodeID(1)], ringSequence: 1 << 20
        ).encode(into: &writer)
        for packet in [writer.bytes, join(from: 1, failed: [1], sequence: 1 << 20), join(from: 1, failed: [2, 3])] {
            var network = PerfectNetwork(nodes: 4)
            network.startAll()
            network.run(milliseconds: 500)
            let ring = network.rings[0].ringID
            network.inject(0, packet)
            network.run(milliseconds: 100)
            #expect(network.rings[0].ringID == ring)
            #expect(network.rings[0].phase == .operational)
        }
    }

    /// One forged datagram must not use up the numbers, nor set its receiver apart from those who did not get it.
    @Test("a single join with a ring number far beyond all others changes nothing", arguments: [33, 48, 61, 62, 63])
    func singleForgery(_ power: UInt64) {
        for victims in [[0], [1], [0, 1, 2, 3]] {
            var network = PerfectNetwork(nodes: 4)
            network.startAll()
            network.run(milliseconds: 500)
            let ring = network.rings[0].ringID
            for index in victims {
                network.inject(index, join(from: index == 1 ? 3 : 2, sequence: 1 << power - 1))
            }
            network.run(milliseconds: 200)
            #expect(network.rings.allSatisfy { $0.phase == .operational && $0.ringID == ring })
        }
    }

    /// Whoever repeats a forgery is believed, since a node whose disk was lost must be able to believe the others; even
    /// then rings go on forming, and such a node comes back.
    @Test("a repeated one is believed, and keeps no ring from forming", arguments: [33, 48, 61, 62])
    func repeatedForgery(_ power: UInt64) {
        for victims in [[0, 1, 2, 3], [3]] {
            var network = PerfectNetwork(nodes: 4)
            network.startAll()
            network.run(milliseconds: 500)
            for _ in 1...3 {
                for index in victims {
                    network.inject(index, join(from: index == 1 ? 3 : 2, sequence: 1 << power - 1))
                }
            }
            network.run(milliseconds: 8000)
            for round in 1...2 {
                #expect(
                    network.rings.allSatisfy { $0.phase == .operational && $0.ringID == network.rings[0].ringID },
                    "2^\(power), victims \(victims), round \(round)")
                network.rings[0].forceGather(now: network.now)
                network.drain(0)
                network.run(milliseconds: 8000)
            }
        }
    }

    @Test("a node whose ring id file was lost joins a ring with a number far beyond its own")
    func lostRingID() {
        let ids = (1...3).map { NodeID($0) }
        var network = PerfectNetwork(nodes: 3)
        for index in 0..<2 {
            network.rings[index] = TotemRing(
                me: ids[index], configured: ids, parameters: RingParameters(), storedRingSequence: 1 << 50)
        }
        network.startAll()
        network.run(milliseconds: 5000)
        #expect(network.rings.allSatisfy { $0.phase == .operational && $0.members == ids })
        #expect(network.rings[2].ringID.sequence > 1 << 50)
    }

    @Test("a member of my ring that counts me as failed is failed for me")
    func member() {
        var network = PerfectNetwork(nodes: 2)
        network.startAll()
        network.run(milliseconds: 500)
        network.passes = { _, _, _ in false }
        network.rings[0].forceGather(now: network.now)
        network.drain(0)
        let sequence = network.rings[0].ringID.sequence
        var writer = ByteWriter()
        Join(
            header: PacketHeader(type: .join, nodeID: NodeID(2)), systemFrom: NodeID(2),
            members: [NodeID(2), NodeID(1)],
            failed: [NodeID(1)], ringSequence: sequence
        ).encode(into: &writer)
        network.inject(0, writer.bytes)
        #expect(network.rings[0].ringID.sequence > sequence)
        #expect(network.rings[0].members == [NodeID(1)])
    }

    @Test("a failed node that has formed a ring since gets a new chance, and with it everybody")
    func newChance() {
        var network = alone(2)
        network.inject(1, join(from: 3))
        network.inject(1, join(from: 4))
        network.rings[1].proposal.fail(NodeID(3))
        network.run(milliseconds: 60)
        network.inject(1, join(from: 3, sequence: 5))
        #expect(network.rings[1].failed == [NodeID(3)], "nothing new about it")
        network.inject(1, join(from: 3, sequence: 9))
        #expect(network.rings[1].failed.isEmpty)
        #expect(network.rings[1].phase == .gather)
    }

    @Test("joins from before a new beginning do not bring old failures back")
    func oldFailures() {
        var network = PerfectNetwork(nodes: 4)
        network.startAll()
        network.run(milliseconds: 500)
        network.passes = { _, _, _ in false }
        network.rings[1].forceGather(now: network.now)
        network.rings[1].proposal.fail(NodeID(3))
        network.drain(1)
        network.run(milliseconds: 60)
        let sequence = network.rings[1].ringID.sequence
        network.inject(1, join(from: 3, sequence: sequence + 4))
        #expect(network.rings[1].failed.isEmpty)
        network.inject(1, join(from: 4, failed: [3], sequence: sequence))
        #expect(network.rings[1].failed.isEmpty, "said before its sender began anew")
        network.run(milliseconds: 60)
        network.inject(1, join(from: 4, failed: [3], sequence: sequence))
        #expect(network.rings[1].failed == [NodeID(3)], "said again")
    }

    @Test("a stranger must wait until every member has installed the ring")
    func strangerWaits() {
        var network = PerfectNetwork(nodes: 3)
        network.start(0)
        network.start(1)
        while !(network.rings[0].isOperational && network.rings[0].members.count == 2) { network.run(milliseconds: 1) }
        network.run(milliseconds: 100)
        network.rings[0].isEstablished = false
        let call = { (sequence: UInt64) in
            var writer = ByteWriter()
            Join(
                header: PacketHeader(type: .join, nodeID: NodeID(3)), systemFrom: NodeID(3), members: [NodeID(3)],
                failed: [], ringSequence: sequence
            ).encode(into: &writer)
            return writer.bytes
        }
        network.inject(0, call(99))
        #expect(network.rings[0].isOperational)
        network.run(milliseconds: 700)
        #expect(network.rings[0].isEstablished)
        network.inject(0, call(99))
        #expect(network.rings[0].phase == .gather)
    }

    @Test("a batch of news is told once")
    func batch() throws {
        var network = alone()
        for sender in 2...4 as ClosedRange<UInt32> {
            var writer = ByteWriter()
            Join(
                header: PacketHeader(type: .join, nodeID: NodeID(sender)), systemFrom: NodeID(sender),
                members: [NodeID(sender)], failed: [], ringSequence: 5
            ).encode(into: &writer)
            try network.rings[0].receive(writer.bytes.span, now: network.now)
        }
        #expect(network.rings[0].outgoingCount == 1)
        let next = network.rings[0].nextPacket()
        let outgoing = try #require(next)
        let bytes = network.rings[0].bytes(of: outgoing)
        let packet = try Packet(decoding: bytes.span)
        guard case .join(let join) = packet else {
            Issue.record("not a join")
            return
        }
        #expect(join.members == Self.nodes)
    }
}
