import Basics
import Testing
import TotemWire

@testable import Totem

@Suite("What the token does for a ring")
struct RotationTests {
    private func ring(of count: Int) -> PerfectNetwork {
        var network = PerfectNetwork(nodes: count)
        network.startAll()
        network.run(milliseconds: 2000)
        return network
    }

    @Test("a message that one node missed comes within miss_count_const + 2 rotations")
    func missing() {
        var network = ring(of: 3)
        var lost = 0
        network.passes = { _, to, bytes in
            guard bytes[3] == PacketType.mcast.rawValue, to == NodeID(3), lost == 0 else { return true }
            lost += 1
            return false
        }
        let accepted = network.send(0, "only once")
        #expect(accepted)
        let delivered = network.messages[2].count
        let before = network.rings[2].statistics.tokensAccepted
        while network.messages[2].count == delivered { network.run(milliseconds: 1) }
        #expect(lost == 1)
        let rotations = network.rings[2].statistics.tokensAccepted - before
        let missCount = UInt64(network.rings[2].parameters.missCountConstant)
        // The rotation that brought the message's number, and up to three that fit into the last millisecond.
        #expect(rotations <= missCount + 2 + 1 + 3)
        #expect(network.messages[2] == ["only once"])
    }

    @Test("on an idle ring a message need not wait for the next beat", arguments: [0, 1, 2])
    func holdCancel(sender: Int) {
        var network = ring(of: 3)
        network.run(milliseconds: 100)
        let accepted = network.send(sender, "now")
        #expect(accepted)
        network.run(milliseconds: 3)
        for node in 0..<3 { #expect(network.messages[node] == ["now"]) }
    }

    @Test("if that request is lost the message leaves with the next beat")
    func lostCancel() {
        var network = ring(of: 3)
        network.run(milliseconds: 100)
        network.passes = { _, _, bytes in bytes[3] != PacketType.holdCancel.rawValue }
        let accepted = network.send(1, "later")
        #expect(accepted)
        network.run(milliseconds: UInt64(network.rings[0].parameters.hold) + 5)
        for node in 0..<3 { #expect(network.messages[node] == ["later"]) }
    }
    @Test("a held token that is lost is sent again token_retransmit after its arrival, not after it was let go")
    func firstRepetition() throws {
        var network = ring(of: 3)
        let parameters = network.rings[0].parameters
        var isLost = false
        // Only what the representative sends: first its token of one beat, which is lost, then the repetition.
        network.passes = { from, _, bytes in
            guard from == NodeID(1), bytes[3] == PacketType.orfToken.rawValue, !isLost else { return true }
            isLost = true
            return false
        }
        let before = network.rings[1].statistics.tokensAccepted
        while !isLost { network.run(milliseconds: 1) }
        let lostAt = network.now
        while network.rings[1].statistics.tokensAccepted == before { network.run(milliseconds: 1) }
        let waited = (network.now.nanoseconds - lostAt.nanoseconds) / 1_000_000
        let expected = UInt64(parameters.tokenRetransmit - parameters.hold)
        #expect(waited >= expected - 2 && waited <= expected + 2)
    }
}
