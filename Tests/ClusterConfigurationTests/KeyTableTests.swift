import ClusterConfiguration
import Testing

@Suite struct KeyTableTests {
    @Test func findsKeysByTheirNameInTheMap() {
        #expect(KeyTable.description(forMapKey: "totem.interface.3.mcastport")?.type == .u16)
        #expect(KeyTable.description(forMapKey: "nodelist.node.12.ring7_addr")?.change == .reload)
        #expect(KeyTable.description(forMapKey: "logging.logger_subsys.TOTEM.debug")?.change == .volatile)
        #expect(KeyTable.description(forMapKey: "totem.token")?.unit == .milliseconds)
        #expect(KeyTable.description(forMapKey: "totem.transport")?.change == .refused)
        #expect(KeyTable.description(forMapKey: "totem.interface.mcastport") == nil)
        #expect(KeyTable.description(forMapKey: "nodelist.node.x.nodeid") == nil)
    }

    @Test func everyKeyStandsOnce() {
        #expect(Set(KeyTable.all.map(\.path)).count == KeyTable.all.count)
        #expect(KeyTable.all.allSatisfy { !$0.meaning.isEmpty })
    }

    @Test(
        "Suggests the key that was meant",
        arguments: [
            ("totem.tokne", "totem.token"), ("totem.token_coeficient", "totem.token_coefficient"),
            ("quorum.twonode", "quorum.two_node"), ("nodelist.node.3.ring0_adr", "nodelist.node.3.ring0_addr"),
            ("totem.interface.0.mcast_port", "totem.interface.0.mcastport"),
        ])
    func suggests(written: String, meant: String) {
        #expect(KeyTable.suggestion(forMapKey: written) == meant)
    }

    @Test func suggestsNothingForOwnKeys() {
        for key in [
            "totem.token", "nodelist.node.0.site", "own.key", "x", "totem.cluster_uuid",
            "quorum.device.heuristics.exec_ping",
        ] {
            #expect(KeyTable.suggestion(forMapKey: key) == nil)
        }
    }
}
