import Basics
import Testing
import TotemWire

@testable import Totem

@Suite("Messages that recovery could not repeat")
struct OversizeTests {
    /// A message of ring 1.X with the next free number, as node 2 could have sent it, of `length` bytes.
    private func message(_ network: PerfectNetwork, length: Int) -> [UInt8] {
        let ring = network.rings[0]
        var bytes = [UInt8](repeating: 0, count: length)
        McastHeader(
            header: PacketHeader(type: .mcast, encapsulated: Encapsulation.frame, nodeID: NodeID(2)),
            systemFrom: NodeID(2), sequence: ring.reception.highest.next, thisSequenceNumber: 0, ringID: ring.ringID
        ).overwrite(&bytes)
        return bytes
    }

    @Test("one that leaves no room for a second header is refused", arguments: [65_462, 65_463, 65_507])
    func refused(length: Int) {
        var network = PerfectNetwork(nodes: 3)
        network.startAll()
        network.run(milliseconds: 500)
        let before = network.rings[0].statistics.receivedDropped
        network.inject(0, message(network, length: length))
        let isRefused = network.rings[0].statistics.receivedDropped > before
        #expect(isRefused == (length + McastHeader.size > 65_507))
    }
}
