import Basics
import Links
import Testing

struct IdentityTests {
    @Test("a node is a host when its id fits into 16 bits", arguments: [1, 2, 65535] as [UInt32])
    func hostOfNode(_ id: UInt32) throws {
        let host = try #require(HostID(NodeID(id)))
        #expect(host.nodeID == NodeID(id))
        #expect(host.description == String(id))
    }

    @Test("node ids that knet cannot carry are no hosts", arguments: [0, 65536, UInt32.max] as [UInt32])
    func noHost(_ id: UInt32) {
        #expect(HostID(NodeID(id)) == nil)
    }

    @Test("there are eight links")
    func links() {
        #expect((0..<8).allSatisfy { LinkNumber($0) != nil })
        #expect((8...255).allSatisfy { LinkNumber($0) == nil })
    }
}
