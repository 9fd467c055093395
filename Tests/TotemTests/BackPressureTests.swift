import Basics
import Testing
import TotemWire

@testable import Totem

@Suite("Local programs that do not keep up slow the ring down")
struct BackPressureTests {
    private func ring(of count: Int) -> PerfectNetwork {
        var network = PerfectNetwork(nodes: count)
        network.startAll()
        network.run(milliseconds: 2000)
        return network
    }

    private func press(_ network: inout PerfectNetwork, _ isOn: Bool) {
        for node in network.rings.indices {
            network.rings[node].setBackPressure(isOn, now: network.now)
            network.drain(node)
        }
    }

    @Test(
        "each node keeps the token for its share of a tenth of the timeout; none is lost or repeated",
        arguments: [1, 3, 8])
    func share(nodes: Int) {
        var network = ring(of: nodes)
        let installed = network.changes.map(\.count)
        press(&network, true)
        // Nobody is idle: the representative holds no token besides.
        _ = network.send(0, "first")
        let before = network.rings[0].statistics
        var number = 0
        for _ in 0..<250 {
            network.run(milliseconds: 20)
            if network.send(0, "message \(number)") { number += 1 }
        }
        let rotations = network.rings[0].statistics.tokensAccepted - before.tokensAccepted
        // 5 s in rotations of 300 ms, which is a tenth of the timeout, and the way of the token.
        #expect((15...17).contains(rotations), "\(rotations)")
        #expect(network.changes.map(\.count) == installed)
        #expect(network.rings[0].statistics.operationalTokenLost == 0)
        network.run(milliseconds: 600)
        #expect(network.messages.allSatisfy { $0.count == number + 1 })
    }

    @Test("an idle ring, whose representative holds the token, is not slowed down besides: no token is repeated")
    func idle() {
        var network = ring(of: 3)
        network.run(milliseconds: 5000)
        let before = network.rings.map(\.statistics)
        network.run(milliseconds: 10_000)
        let free = network.rings[1].statistics.tokensAccepted - before[1].tokensAccepted
        press(&network, true)
        let pressed = network.rings.map(\.statistics)
        network.run(milliseconds: 10_000)
        let slow = network.rings[1].statistics.tokensAccepted - pressed[1].tokensAccepted
        #expect(slow + 1 >= free && free > 5, "\(free) rotations, then \(slow)")
    }

    @Test("a token that is kept goes on as soon as they have caught up")
    func release() {
        var network = ring(of: 3)
        press(&network, true)
        _ = network.send(0, "slow")
        network.run(milliseconds: 1000)
        let accepted = network.send(1, "now")
        #expect(accepted)
        press(&network, false)
        network.run(milliseconds: 3)
        #expect(network.messages.allSatisfy { $0 == ["slow", "now"] })
    }

    @Test("a node that keeps tokens keeps none while a ring is formed, and none before its services have synchronised")
    func formation() throws {
        var network = PerfectNetwork(nodes: 3)
        for node in 0..<3 { network.rings[node].setBackPressure(true, now: network.now) }
        network.startAll()
        let start = network.now
        while network.changes.contains(where: { $0.last?.members.count != 3 }) {
            network.run(milliseconds: 1)
            try #require(network.now.milliseconds(since: start) < 1000)
        }
        #expect(network.now.milliseconds(since: start) < 100)

        let now = Instant(nanoseconds: 1_000_000)
        var ring = TotemRing(
            me: NodeID(1), configured: [NodeID(1)], parameters: RingParameters(), storedRingSequence: 0)
        ring.start(now: now)
        ring.setBackPressure(true, now: now)
        #expect(!ring.keepsTokens)
        ring.forceGather(now: now)
        while let event = ring.nextEvent() {
            guard case .configuration(let change) = event, change.kind == .regular else { continue }
            #expect(!ring.keepsTokens)
            ring.acknowledgeConfiguration(now: now)
        }
        #expect(ring.keepsTokens)
    }

    @Test("where tokens are repeated soon they are kept for less")
    func soonRepeated() {
        var parameters = RingParameters()
        parameters.tokenRetransmit = 100
        parameters.hold = 60
        var network = PerfectNetwork(nodes: 3, parameters: parameters)
        network.startAll()
        network.run(milliseconds: 2000)
        #expect(network.rings[0].longestKeeping == 100_000_000 / 2 / 3)
        var tokens: [[UInt8]: Int] = [:]
        let counted = Box()
        network.passes = { _, _, bytes in
            if bytes[3] == PacketType.orfToken.rawValue { counted.tokens[bytes, default: 0] += 1 }
            return true
        }
        press(&network, true)
        for _ in 0..<100 {
            network.run(milliseconds: 10)
            _ = network.send(2, "on and on")
        }
        tokens = counted.tokens
        #expect(tokens.count > 30)
        #expect(tokens.values.allSatisfy { $0 == 1 }, "no token is sent twice")
    }

    private final class Box {
        var tokens: [[UInt8]: Int] = [:]
    }
}
