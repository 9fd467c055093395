import Basics
import Testing
import TotemWire

@testable import Totem

@Suite("A ring forms, beats and reforms")
struct FormationTests {
    @Test("a node alone forms a ring of its own at once")
    func alone() {
        var network = PerfectNetwork(nodes: 1)
        network.startAll()
        network.run(milliseconds: 5)
        #expect(network.rings[0].isOperational)
        #expect(network.rings[0].ringID == RingID(representative: NodeID(1), sequence: 5))
        #expect(network.stored[0] == [5])
        #expect(network.changes[0].map(\.kind) == [.transitional, .regular])
    }

    @Test("a node that waits for others forms no ring of its own before the first with them")
    func waitsForOthers() {
        var network = PerfectNetwork(nodes: 2)
        network.rings[0].waitsForOthers = true
        network.start(0)
        network.run(milliseconds: 60_000)
        #expect(!network.rings[0].isOperational)
        #expect(!network.log[0].contains { $0.contains("unable to form a cluster") })
        #expect(network.log[0].contains { $0.hasPrefix("Still waiting for the other nodes") })
        #expect(!network.rings[0].statistics.firewallEnabledOrNicFailure)
        #expect(network.changes[0].isEmpty && network.stored[0].isEmpty)
        network.start(1)
        network.run(milliseconds: 10_000)
        #expect(network.rings[0].members == [NodeID(1), NodeID(2)])
        network.kill(1)
        network.run(milliseconds: 10_000)
        #expect(network.rings[0].isOperational)
        #expect(network.rings[0].members == [NodeID(1)])
    }

    @Test("more than thirty multicasts in a row that cannot be sent are said, until one can", arguments: [0, 30, 31])
    func failures(count: UInt32) {
        let now = Instant(nanoseconds: 1_000_000)
        var ring = TotemRing(
            me: NodeID(1), configured: [NodeID(1)], parameters: RingParameters(), storedRingSequence: 0)
        ring.multicastsFailed(inARow: count)
        ring.updateStatistics(now: now)
        var lines: [String] = []
        while let event = ring.nextEvent() {
            if case .notice(let notice) = event { lines.append(notice.text) }
        }
        let reason = "(reason: number of multicast sendmsg failures is above threshold)"
        #expect(lines.contains { $0.contains(reason) } == (count > 30))
        #expect(ring.statistics.firewallEnabledOrNicFailure == (count > 30))
        ring.multicastsFailed(inARow: 0)
        ring.updateStatistics(now: now)
        #expect(!ring.statistics.firewallEnabledOrNicFailure)
    }

    @Test("garbage in the ring id file counts as no number", arguments: [1 << 62, .max] as [UInt64])
    func garbage(stored: UInt64) {
        let ring = TotemRing(
            me: NodeID(1), configured: [NodeID(1)], parameters: RingParameters(), storedRingSequence: stored)
        #expect(ring.ringID.sequence == 1)
    }

    @Test("three nodes started together agree on one ring", arguments: [2, 3, 8])
    func together(count: Int) {
        var network = PerfectNetwork(nodes: count)
        network.startAll()
        network.run(milliseconds: 2000)
        for ring in network.rings {
            #expect(ring.isOperational)
            #expect(ring.ringID == network.rings[0].ringID)
            #expect(ring.members == network.rings[0].configured)
        }
    }

    @Test("messages arrive everywhere in one order, small and large")
    func order() {
        var network = PerfectNetwork(nodes: 3)
        network.startAll()
        network.run(milliseconds: 500)
        for round in 0..<20 {
            for node in 0..<3 {
                let text = "\(node)/\(round)/" + String(repeating: "x", count: round * round * 40)
                let accepted = network.send(node, text)
                #expect(accepted)
            }
            network.run(milliseconds: 3)
        }
        network.run(milliseconds: 500)
        #expect(network.messages[0].count == 60)
        #expect(network.messages[1] == network.messages[0])
        #expect(network.messages[2] == network.messages[0])
    }

    @Test("a megabyte arrives whole")
    func megabyte() {
        var network = PerfectNetwork(nodes: 3)
        network.startAll()
        network.run(milliseconds: 500)
        let text = String(repeating: "0123456789abcdef", count: 65_536)
        let accepted = [network.send(1, text), network.send(1, "after")]
        #expect(accepted == [true, true])
        network.run(milliseconds: 2000)
        for node in 0..<3 { #expect(network.messages[node] == [text, "after"]) }
    }

    @Test("an idle ring beats once per hold time")
    func heartbeat() {
        var network = PerfectNetwork(nodes: 3)
        network.startAll()
        network.run(milliseconds: 2000)
        let before = network.rings[1].statistics.tokensAccepted
        network.run(milliseconds: 56_100)
        let beats = network.rings[1].statistics.tokensAccepted - before
        #expect((98...101).contains(beats))
    }

    @Test("a killed node is gone after token and consensus timeouts, and comes back")
    func crash() {
        var network = PerfectNetwork(nodes: 3)
        network.startAll()
        network.run(milliseconds: 1000)
        network.kill(2)
        network.run(milliseconds: 3000 + 561 + 3600 + 200)
        #expect(network.rings[0].isOperational)
        #expect(network.rings[0].members == [NodeID(1), NodeID(2)])
        #expect(network.rings[1].ringID == network.rings[0].ringID)
        network.rings[2] = TotemRing(
            me: NodeID(3), configured: network.rings[0].configured, parameters: RingParameters(),
            storedRingSequence: network.stored[2].last ?? 0)
        network.start(2)
        network.run(milliseconds: 1500)
        for ring in network.rings { #expect(ring.members.count == 3 && ring.isOperational) }
    }

    @Test("a leave reforms the ring at once")
    func leave() {
        var network = PerfectNetwork(nodes: 3)
        network.startAll()
        network.run(milliseconds: 1000)
        network.rings[2].leave(now: network.now)
        network.drain(2)
        network.kill(2)
        network.run(milliseconds: 60)
        #expect(network.rings[0].members == [NodeID(1), NodeID(2)])
        #expect(network.rings[0].isOperational)
        #expect(!network.log[0].contains { $0.hasPrefix("Failed to receive the leave") })
    }
}
