import ClusterLab
import Testing

extension Interoperability.LinkLifeTests {
    /// As an administrator moves a cluster to Rondo, and would move it back: one node after the other, the group under load on
    /// all of them, as long as they run.
    @Test("On a sealed ring Corosync is replaced by Rondo and back, node by node, and no message is lost")
    func replacement() throws {
        try Mixture(.corosync, .rondo).requireEngines()
        let configuration = RingConfiguration.knet(links: 2, token: 1000, sealed: .usual)
        let rings = [LinkRing(.corosyncAlone, configuration, "replaced by Rondo and back")]
        let labs = try rings.rings()
        defer { labs.close() }
        guard let lab = labs.first else { return }
        let order = try LinkOrder(rings, labs, rate: 50)
        for engine in [Engine.rondo, .corosync] {
            for node in lab.nodes {
                let others = lab.nodes.map(\.number).filter { $0 != node.number }
                let marks = lab.marks
                #expect(try node.stop() == .exited(0))
                try lab.awaitRing(others, after: marks, within: lab.timings.afterLeave + margin)
                try node.start(engine)
                try lab.awaitRing([1, 2, 3], within: lab.linkedStartLimit)
                try lab.awaitLinks()
                for other in others {
                    let rings = lab.node(other).log.memberships(after: marks[other - 1])
                    #expect(rings.count == 2, "node \(other) while \(engine) came to node \(node.number): \(rings)")
                }
            }
        }
        try order.compare()
    }
}
