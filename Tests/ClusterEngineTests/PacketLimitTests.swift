import Testing
import TotemWire

@testable import ClusterEngine
@testable import Totem

@Suite("The longest packet of a ring")
struct PacketLimitTests {
    private func parameters(_ transport: String) throws -> RingParameters {
        try VirtualCluster.configuration(
            """
            totem {
                version: 2
                cluster_name: limits
                transport: \(transport)
            }
            nodelist {
                node {
                    nodeid: 1
                    ring0_addr: 10.0.0.1
                }
                node {
                    nodeid: 2
                    ring0_addr: 10.0.0.2
                }
            }

            """, 0
        ).ring
    }

    @Test("over knet, full frames of Corosync's can be repeated in recovery, and ours are as long")
    func knet() throws {
        let ring = try parameters("knet")
        let fullFrame = 65_491
        #expect(ring.frameSize + McastHeader.size == fullFrame)
        #expect(ring.maximumDatagram == fullFrame + McastHeader.size)
    }

    @Test("over UDP, it is what a datagram holds")
    func udp() throws {
        #expect(try parameters("udpu").maximumDatagram == 65_507)
    }
}
