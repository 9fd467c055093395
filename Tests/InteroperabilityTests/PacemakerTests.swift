import ClusterLab
import Testing

extension Interoperability {
    /// Debian's Pacemaker, as it is, on rings of either engine.
    @Suite(.serialized, .pacemaker)
    struct PacemakerTests {
        @Test("The node that runs a resource dies and comes back", arguments: Mixture.all)
        func failover(_ mixture: Mixture) throws {
            try mixture.requireEngines()
            let cluster = try PacemakerCluster(mixture)
            defer { cluster.close() }
            let first = try cluster.awaitService("all online and both resources started")

            let death = ContinuousClock.now
            try cluster.manager(first).killNode()
            cluster.setDown(first, true)
            let second = try cluster.awaitService("the resource on another node")
            let took = ContinuousClock.now - death
            #expect(second != first)
            let mourner = try cluster.manager(second).status()
            #expect(mourner.text.contains("OFFLINE: [ node\(first) ]"))

            try cluster.lab.node(first).start(mixture.engines[first - 1])
            try cluster.lab.awaitRing(within: cluster.lab.startLimit)
            try cluster.manager(first).start()
            cluster.setDown(first, false)
            let third = try cluster.awaitService("all online again")
            #expect(third == second, "a resource that sticks to its node does not move back")
            #expect(try cluster.manager(first).node.run("crm_node", "-q").output == "1\n")
            try cluster.expectNoComplaints()
            Summary.add(
                "Pacemaker on \(mixture.testDescription): the resource ran elsewhere \(took.milliseconds) ms after "
                    + "its node was killed")
        }

        /// What most clusters are: two links, sealed.
        @Test("Over two sealed links Pacemaker notices no link that is cut and healed, but a node that dies")
        func links() throws {
            let mixture = Mixture(.corosync, .rondo, .rondo)
            try mixture.requireEngines()
            let cluster = try PacemakerCluster(mixture, .knet(links: 2, sealed: .usual))
            defer { cluster.close() }
            let lab = cluster.lab
            let first = try cluster.awaitService("all online and both resources started")
            try lab.awaitSettledLinks()
            cluster.watch()

            let marks = lab.marks
            let before = try cluster.managers.map { try $0.log().count }
            try lab.cut(link: 0)
            try lab.awaitLinksDown(LinkCut.whole.parted(of: [1, 2, 3]))
            let during = try cluster.awaitService("the resource where it was, with a link cut")
            try lab.heal()
            try lab.awaitLinks()
            #expect(try [during, cluster.awaitService("the resource where it was")] == [first, first])
            #expect(lab.membershipChanges(after: marks) == [0, 0, 0])
            #expect(cluster.fewestCopies == 3, "the cloned resource ran everywhere all along")
            for (manager, count) in zip(cluster.managers, before) {
                let remarks = try manager.log().dropFirst(count).filter { $0.level != "info" }.map(\.line)
                #expect(remarks.isEmpty, "node \(manager.node.number) had something to say of the cut")
            }

            let death = ContinuousClock.now
            try cluster.manager(first).killNode()
            cluster.setDown(first, true)
            let second = try cluster.awaitService("the resource on another node")
            let took = ContinuousClock.now - death
            #expect(second != first)
            try cluster.expectNoComplaints()
            Summary.add(
                "Pacemaker on \(mixture.testDescription) over two sealed links: a cut unnoticed; the resource ran elsewhere "
                    + "\(took.milliseconds) ms after its node was killed")
        }

        /// Node by node to Rondo, then node by node back to Corosync. Pacemaker is stopped on the node whose engine is
        /// replaced, as an administrator would, and nowhere else.
        @Test("Rolling replacement of Corosync by Rondo and back")
        func rollingReplacement() throws {
            try Mixture(.corosync, .rondo).requireEngines()
            let cluster = try PacemakerCluster(.corosyncAlone)
            defer { cluster.close() }
            var place = try cluster.awaitService("all online and both resources started")
            cluster.watch()
            for engine in [Engine.rondo, .corosync] {
                for node in cluster.lab.nodes {
                    cluster.setDown(node.number, true)
                    try cluster.manager(node.number).stop()
                    #expect(try node.stop() == .exited(0))
                    let during = try cluster.awaitService("service without node \(node.number)")
                    if place != node.number { #expect(during == place, "a bystander's replacement moves nothing") }
                    try node.start(engine)
                    try cluster.lab.awaitRing(within: cluster.lab.startLimit)
                    try cluster.manager(node.number).start()
                    cluster.setDown(node.number, false)
                    place = try cluster.awaitService("node \(node.number) back with \(engine)")
                    #expect(place == during)
                }
            }
            #expect(cluster.fewestCopies >= 2, "the cloned resource ran on both other nodes all along")
            try cluster.expectNoComplaints()
        }
    }
}

extension Trait where Self == ConditionTrait {
    /// Runs where Pacemaker is installed; elsewhere the test is skipped, or fails where everything is mandatory.
    static var pacemaker: Self {
        .enabled(
            if: ResourceManager.absence == nil || Requirements.areMandatory,
            Comment(rawValue: ResourceManager.absence ?? "Pacemaker is here"))
    }
}
