import ClusterConfiguration
import ClusterMap
import Testing

/// The map's protection of keys, and what the table of keys says of them.
@Suite struct ReadOnlyKeyTests {
    private func keys(voteQuorumRuns: Bool) -> ReadOnlyKeys {
        var keys = ReadOnlyKeys()
        if voteQuorumRuns { keys.protectVotequorum() }
        return keys
    }

    @Test func keysAClientMayNotChange() {
        for key in ["nodelist.node.0.nodeid", "system.priority", "totem.transport", "runtime.config.totem.token"] {
            #expect(keys(voteQuorumRuns: false).contains(key))
        }
        for key in ["totem.token", "totem.link_mode", "runtime.members.1.status", "quorum.provider"] {
            #expect(!keys(voteQuorumRuns: true).contains(key))
        }
        #expect(!keys(voteQuorumRuns: false).contains("quorum.wait_for_all"))
        #expect(keys(voteQuorumRuns: true).contains("quorum.wait_for_all"))
    }

    @Test("The table and the map's list say the same")
    func readOnlyAgrees() {
        for key in KeyTable.all where key.path != "totem.interface.linknumber" {
            #expect(keys(voteQuorumRuns: false).contains(key.mapKey) == (key.readOnly == .yes), "\(key.mapKey)")
            #expect(keys(voteQuorumRuns: true).contains(key.mapKey) == (key.readOnly != .no), "\(key.mapKey)")
        }
    }
}
