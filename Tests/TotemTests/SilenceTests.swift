import Basics
import Testing
import TotemWire

@testable import Totem

@Suite("A member whose machine is silent")
struct SilenceTests {
    private static let beat: UInt32 = 100
    private static let silence: UInt32 = 1000
    /// What the others wait behind what a member has promised.
    private static let margin: UInt64 = 2 * UInt64(beat)

    /// - Parameter plain: nodes that neither beat nor heed silence, as Corosync's.
    private func ring(of nodes: Int, plain: Set<Int> = [], closed: Set<Int> = []) -> PerfectNetwork {
        var parameters = RingParameters()
        parameters.beat = Self.beat
        parameters.silence = Self.silence
        var network = PerfectNetwork(nodes: nodes, parameters: parameters)
        network.closed = closed
        for node in plain {
            network.rings[node].reconfigure(parameters: RingParameters(), configured: network.rings.map(\.me))
        }
        network.startAll()
        network.run(milliseconds: 1500)
        return network
    }

    private func isRing(_ network: PerfectNetwork, of nodes: [Int]) -> Bool {
        let ids = nodes.map { network.rings[$0].me }
        return nodes.allSatisfy { network.rings[$0].isOperational && network.rings[$0].members == ids }
    }

    /// Milliseconds until these are in a ring of their own.
    private func time(_ network: inout PerfectNetwork, until nodes: [Int], most: UInt64 = 12_000) -> UInt64? {
        let start = network.now
        while network.now.milliseconds(since: start) < most {
            if isRing(network, of: nodes) { return network.now.milliseconds(since: start) }
            network.run(milliseconds: 1)
        }
        return nil
    }

    private func texts(_ network: PerfectNetwork, of node: Int) -> [String] {
        network.notices[node].compactMap { notice in
            switch notice {
            case .accused, .gaveUp: notice.text
            default: nil
            }
        }
    }

    /// The node hears nobody, nobody hears it, and its machine does not answer.
    private func lose(_ node: Int, _ network: inout PerfectNetwork) {
        let id = network.rings[node].me
        network.passes = { from, to, _ in from != id && to != id }
        network.lost = [node]
    }

    @Test("machine lost: the others go on without it after what it has promised and two beats", arguments: [3, 4, 8])
    func lostMachine(_ nodes: Int) throws {
        var network = ring(of: nodes)
        lose(nodes - 1, &network)
        network.kill(nodes - 1)
        let time = try #require(time(&network, until: Array(0..<nodes - 1)))
        #expect(time >= UInt64(Self.silence) + Self.margin - UInt64(Self.beat))
        #expect(time <= UInt64(Self.silence) + Self.margin + UInt64(Self.beat) + 50)
        #expect(network.rings.allSatisfy { $0.statistics.consensusTimeouts == 0 })
        let said = (0..<nodes - 1).flatMap { texts(network, of: $0) }
        #expect(
            said.contains(
                "Node \(nodes) is gone: nothing is heard from there, echo requests are not answered, and every node that could hear "
                    + "something says the same. Forming a ring without waiting for the token and consensus timeouts."))
    }

    @Test("who is cut off gives its ring up before the others go on without it", arguments: [0, 2])
    func cutOff(_ node: Int) throws {
        var network = ring(of: 4)
        lose(node, &network)
        let alone = try #require(time(&network, until: [node]))
        #expect(alone <= UInt64(Self.silence) + 10)
        let others = (0..<4).filter { $0 != node }
        #expect(!isRing(network, of: others))
        let rest = try #require(time(&network, until: others))
        #expect(rest <= Self.margin + UInt64(Self.beat) + 50)
        #expect(texts(network, of: node).first?.contains("this node is cut off") == true)
    }

    @Test("of two nodes that lose each other each goes on alone, at the same time")
    func two() throws {
        var network = ring(of: 2)
        lose(1, &network)
        network.lost = [0, 1]
        let alone = try #require(time(&network, until: [0]))
        #expect(alone >= UInt64(Self.silence) + Self.margin - UInt64(Self.beat))
        #expect(alone <= UInt64(Self.silence) + Self.margin + UInt64(Self.beat) + 50)
        network.run(milliseconds: 2 * UInt64(Self.beat))
        #expect(isRing(network, of: [1]))
    }

    @Test("where several are silent at once the timeouts decide: they may hear each other", arguments: [4, 8])
    func halves(_ nodes: Int) throws {
        var network = ring(of: nodes)
        let middle = NodeID(UInt32(nodes / 2))
        network.passes = { from, to, _ in (from <= middle) == (to <= middle) }
        let time = try #require(time(&network, until: Array(0..<nodes / 2)))
        #expect(time > 5000)
        #expect((0..<nodes).allSatisfy { texts(network, of: $0).isEmpty })
    }

    @Test("a member whose beats are switched off later has taken its promise back")
    func withdrawn() throws {
        var network = ring(of: 3)
        network.rings[2].reconfigure(parameters: RingParameters(), configured: network.rings.map(\.me))
        network.run(milliseconds: 12_000)
        lose(2, &network)
        network.kill(2)
        let time = try #require(time(&network, until: [0, 1]))
        #expect(time > 5000)
    }

    @Test("a process that stands still, on a machine that answers, keeps the patience of the timeouts")
    func stall() throws {
        var network = ring(of: 3)
        let id = network.rings[2].me
        network.passes = { from, to, _ in from != id && to != id }
        network.kill(2)
        let time = try #require(time(&network, until: [0, 1]))
        // Token and consensus, less what the token had rested.
        #expect(time > 5000)
        #expect(texts(network, of: 0).isEmpty && texts(network, of: 1).isEmpty)
    }

    @Test("a machine that has never answered, as behind a firewall, keeps it, too")
    func filtered() throws {
        var network = ring(of: 3, closed: [2])
        lose(2, &network)
        network.kill(2)
        let time = try #require(time(&network, until: [0, 1]))
        #expect(time > 5000)
        #expect(texts(network, of: 0).isEmpty && texts(network, of: 1).isEmpty)
    }

    @Test("two that do not hear each other stay together while others hear both")
    func pair() throws {
        var network = ring(of: 5)
        let (a, b) = (network.rings[1].me, network.rings[3].me)
        network.passes = { from, to, _ in !(from == a && to == b) && !(from == b && to == a) }
        network.severed = [1, 3]
        network.run(milliseconds: 10_000)
        #expect(isRing(network, of: [0, 1, 2, 3, 4]))
        #expect((0..<5).allSatisfy { texts(network, of: $0).isEmpty })
    }

    @Test("who stood still itself accuses nobody", arguments: [1500, 3000] as [UInt64])
    func ownStall(_ milliseconds: UInt64) {
        var network = ring(of: 3)
        network.frozen = [1]
        network.run(milliseconds: milliseconds)
        network.frozen = []
        // What has come meanwhile is lost, so that nothing but its own clock could tell it who is silent.
        network.run(milliseconds: 300)
        #expect(texts(network, of: 1).isEmpty)
    }

    @Test("a member that tells of long standstills is given twice as long")
    func learnt() throws {
        var network = ring(of: 3)
        // It stands still for 1.1 s, which nobody minds, and says so from then on.
        network.frozen = [2]
        network.run(milliseconds: 1100)
        network.frozen = []
        network.run(milliseconds: 3000)
        try #require(isRing(network, of: [0, 1, 2]))
        lose(2, &network)
        network.kill(2)
        let time = try #require(time(&network, until: [0, 1]))
        #expect(time >= 2 * 1100 && time <= 2 * 1200 + Self.margin + UInt64(Self.beat) + 50)
    }

    @Test("nobody is parted with for silence that has promised nothing, and one who beats alone promises nothing")
    func mixed() throws {
        var network = ring(of: 3, plain: [1, 2])
        lose(2, &network)
        network.kill(2)
        let time = try #require(time(&network, until: [0, 1]))
        #expect(time > 5000)
        #expect(network.notices.flatMap { $0 }.allSatisfy { if case .accused = $0 { false } else { true } })
    }

    @Test("a node that its members count as failed gives the ring up at once")
    func named() throws {
        var network = ring(of: 4)
        let id = network.rings[3].me
        // It hears the others, who do not hear it.
        network.passes = { from, _, _ in from != id }
        network.lost = [3]
        let others = try #require(time(&network, until: [0, 1, 2]))
        #expect(others <= UInt64(Self.silence) + Self.margin + UInt64(Self.beat) + 50)
        #expect(try #require(time(&network, until: [3])) <= 20)
        #expect(texts(network, of: 3).first?.contains("count this node as failed") == true)
    }

    @Test("who stood still gives its ring up with the first look at what came meanwhile, if the others have left it")
    func namedMeanwhile() throws {
        var network = ring(of: 3)
        network.frozen = [2]
        network.lost = [2]
        _ = try #require(time(&network, until: [0, 1]))
        network.run(milliseconds: 1500)
        // The joins of the others wait in its socket.
        let (late, ids) = (network.rings[2].me, network.rings.map(\.me))
        let sequence = network.rings[2].ringID.sequence
        network.frozen = []
        network.lost = []
        for node in [0, 1] {
            var writer = ByteWriter()
            Join(
                header: PacketHeader(type: .join, nodeID: ids[node]), systemFrom: ids[node], members: ids,
                failed: [late], ringSequence: sequence
            ).encode(into: &writer)
            network.inject(2, writer.bytes)
        }
        #expect(try #require(time(&network, until: [2])) <= 20)
        #expect(network.log[2].contains { $0.contains("during flush") })
        #expect(texts(network, of: 2).contains { $0.contains("this node as failed") })
        // It is told to the others, who give it more time from now on.
        #expect(network.rings[2].alertness.longestStandstill(now: network.now) >= 2500)
    }

    @Test("a node that is accused wrongly is back soon, and was not quorate longer than the others")
    func accusedWrongly() throws {
        var network = ring(of: 3)
        network.rings[0].learn(.confirmed, of: network.rings[2].me, now: network.now)
        network.drain(0)
        #expect(try #require(time(&network, until: [2])) <= 10)
        #expect(try #require(time(&network, until: [0, 1, 2])) <= 3000)
    }

    @Test("silence: 0 is as ever", arguments: [2, 3])
    func off(_ nodes: Int) throws {
        var parameters = RingParameters()
        parameters.beat = Self.beat
        var network = PerfectNetwork(nodes: nodes, parameters: parameters)
        network.startAll()
        network.run(milliseconds: 1500)
        lose(nodes - 1, &network)
        network.kill(nodes - 1)
        let time = try #require(time(&network, until: Array(0..<nodes - 1)))
        #expect(time > 5000)
    }
}
