import Basics
import Testing
import TotemWire

@testable import Totem

@Suite("A member that cannot get a message")
struct FailToReceiveTests {
    /// A ring of which node 3 gets no messages from now on, but all tokens.
    private func deaf(rotations: UInt32) -> PerfectNetwork {
        var parameters = RingParameters()
        parameters.failToReceiveConstant = rotations
        parameters.sequenceUnchangedConstant = 1_000_000
        var network = PerfectNetwork(nodes: 3, parameters: parameters)
        network.startAll()
        network.run(milliseconds: 500)
        network.passes = { _, to, bytes in to != NodeID(3) || bytes[3] != PacketType.mcast.rawValue }
        let isTaken = network.send(0, "missed")
        #expect(isTaken)
        return network
    }

    private func hasGivenUp(_ network: PerfectNetwork) -> Bool {
        network.notices[2].contains(.failedToReceive)
    }

    @Test("it is not given up in a moment, however fast the token goes round")
    func moment() {
        var network = deaf(rotations: 50)
        // Some two thousand rotations.
        network.run(milliseconds: 700)
        #expect(network.rings[2].statistics.tokensAccepted > 1000)
        #expect(!hasGivenUp(network))
        network.passes = { _, _, _ in true }
        network.run(milliseconds: 100)
        #expect(network.messages[2] == ["missed"])
        #expect(network.rings.allSatisfy { $0.members.count == 3 && $0.isOperational })
    }

    @Test("after half a token timeout it leaves the ring to the others")
    func lasting() {
        var network = deaf(rotations: 50)
        network.run(milliseconds: 1700)
        #expect(hasGivenUp(network))
        #expect(network.rings[0].members == [NodeID(1), NodeID(2)])
    }

    @Test("where rotations are few it is they that count")
    func few() {
        var network = deaf(rotations: 1_000_000)
        network.run(milliseconds: 2500)
        #expect(!hasGivenUp(network))
    }
}
