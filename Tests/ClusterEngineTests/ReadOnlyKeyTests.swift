import Basics
import ClusterConfiguration
import ClusterMap
import Testing

/// The map's protection of keys, beside the table of keys.
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

    @Test("Every key of the file that is protected by its name is one the table of keys has")
    func protectedKeysAreKnown() {
        for name in keys(voteQuorumRuns: true).exact where !name.hasPrefix("config.") {
            #expect(KeyTable.description(forMapKey: name) != nil, "\(name)")
        }
    }

    @Test("A key that a reload refuses to change is protected")
    func refusedKeysAreProtected() {
        for key in KeyTable.all where key.change == .refused && key.path != "quorum.provider" {
            #expect(keys(voteQuorumRuns: false).contains(key.mapKey), "\(key.mapKey)")
        }
    }

    @Test("The options of quorum that are read at start only, and no others of section quorum, are protected")
    func quorumOptionsFixedAtStart() {
        for key in KeyTable.all where key.path.hasPrefix("quorum.") && key.path != "quorum.leaving_timeout" {
            #expect(keys(voteQuorumRuns: true).contains(key.mapKey) == (key.change == .startOnly), "\(key.mapKey)")
        }
        for option in QuorumOption.allCases { #expect(KeyTable.description(forPath: option.key) != nil) }
    }
}
