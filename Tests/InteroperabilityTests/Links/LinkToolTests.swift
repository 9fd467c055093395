import ClusterLab
import Testing

extension Interoperability.LinkTests {
    /// What is asked on node 1 in each state.
    private static let looks: [[String]] = [
        ["corosync-cfgtool", "-s"], ["corosync-cfgtool", "-s", "-b"], ["corosync-cfgtool", "-n"],
        ["corosync-cfgtool", "-a", "1"], ["corosync-cfgtool", "-a", "2"],
    ]
    private static let calls = [
        "cfg 0 ring_status_get", "cfg 0 node_status_get 1", "cfg 0 node_status_get 2", "cfg 0 node_status_get 3",
        "cfg 0 node_status_get 4", "cfg 0 get_node_addrs 2",
    ]
    /// Figures of a link that are the same on both engines, once all is at rest. Only libknet tries again to send.
    private static let steady = ["enabled", "connected", "mtu"]
    /// How often a link came up on the way to a ring is the moment's, but not on a quiet machine.
    private static let counts = ["up_count", "down_count"]

    @Test(
        "Tools and statistics tell of links what Corosync's do: all up, one cut, healed, with a node dead",
        arguments: [1, 2])
    func tools(links: Int) throws {
        let sealed = links == 2 ? Sealing.usual : nil
        let configuration = RingConfiguration.knet(links: links, token: 1000, sealed: sealed)
        let mixtures = [Mixture.corosyncAlone, .rondoAlone]
        for mixture in mixtures { try mixture.requireEngines() }
        let labs = try mixtures.map { LinkRing($0, configuration, "what tools show of \(links) links") }.rings()
        defer { labs.close() }
        let clients = try labs.map { lab in
            let client = try CommandedClient(lab.node(1), try ClientProgram.build(in: lab.folder))
            _ = try client.tell("cfg 0 initialize")
            return client
        }
        for lab in labs { try lab.awaitSettledLinks() }
        try compare(labs, clients, "whole", Self.steady + Self.counts)

        for lab in labs { try lab.cut(link: 0, ofNode: 3) }
        for lab in labs { try lab.awaitLinksDown(LinkCut.node(3).parted(of: [1, 2, 3])) }
        try compare(labs, clients, "link 0 of node 3 cut", Self.steady)

        for lab in labs { try lab.heal() }
        for lab in labs {
            try lab.awaitLinks()
            try lab.awaitRing([1, 2, 3], within: lab.linkedStartLimit + lab.timings.afterDeath)
        }
        try compare(labs, clients, "healed", Self.steady)

        let marks = labs.map(\.marks)
        for lab in labs { try lab.node(3).killDaemon() }
        for (lab, marks) in zip(labs, marks) {
            try lab.awaitRing([1, 2], after: marks, within: lab.timings.afterDeath + margin)
        }
        let others = Set((0..<links).map { LinkName(node: 2, number: $0) })
        for lab in labs {
            try lab.wait(for: "links to node 3 down", within: lab.linkLimit) { lab.node(1).log.linksUp == others }
        }
        try compare(labs, clients, "without node 3", Self.steady)
    }

    /// Asks again until both agree: each is on its own way to the same state.
    private func compare(
        _ labs: [Laboratory], _ clients: [CommandedClient], _ state: String, _ figures: [String]
    ) throws {
        for look in Self.looks {
            let answers = try agreed { try labs.map { try $0.node(1).run(words: look).lines } }
            #expect(answers[1] == answers[0], "\(state): \(look.joined(separator: " "))")
        }
        for call in Self.calls {
            let answers = try agreed { try clients.map { try $0.tell(call) } }
            #expect(answers[1] == answers[0], "\(state): \(call)")
        }
        let keys = try agreed {
            try labs.map { try $0.node(1).map("stats", under: "stats.knet.").entries.map { "\($0.key) (\($0.type))" } }
        }
        #expect(keys[1] == keys[0], "\(state): keys of stats.knet")
        #expect(!keys[0].isEmpty)
        let values = try agreed {
            try labs.map { lab in
                try lab.node(1).map("stats", under: "stats.knet.").entries.filter { entry in
                    figures.contains { entry.key.hasSuffix(".\($0)") }
                }.map(\.description)
            }
        }
        #expect(values[1] == values[0], "\(state): figures of stats.knet")
        let settings = try labs.map { lab in
            try ["totem.", "runtime.config.totem."].flatMap { prefix in
                // The ports of links are in the map since 3.1.10.
                try lab.node(1).map(under: prefix).entries.filter { entry in
                    !(entry.key.hasPrefix("runtime.") && entry.key.hasSuffix(".mcastport"))
                }.map(\.description)
            }
        }
        #expect(settings[1] == settings[0], "\(state): settings of totem")
    }
}
