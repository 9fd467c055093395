import ClusterConfiguration
import Testing

/// What a running node takes over from a new file.
@Suite struct ReloadTests {
    private static let running = """
        totem {
            version: 2
            transport: udpu
            cluster_name: one
            token: 1000
        }
        system {
            sched_rr: no
        }
        """

    @Test("keys that cannot change keep their value, set, changed or left out")
    func unchangeable() throws {
        var new = try document(
            """
            totem {
                version: 3
                cluster_name: two
                netmtu: 1400
                token: 2000
            }
            system {
                sched_rr: no
            }
            """)
        let ignored = new.keepUnchangeable(of: try document(Self.running))
        #expect(ignored == ["totem.cluster_name", "totem.netmtu", "totem.version"])
        #expect(new.entries.u32("totem.version") == 2)
        #expect(new.entries.text("totem.cluster_name") == "one")
        #expect(new.entries["totem.netmtu"] == nil)
        #expect(new.entries.text("totem.transport") == "udpu")
        #expect(new.entries.text("system.sched_rr") == "no")
        #expect(new.entries.u32("totem.token") == 2000)
    }

    /// The list of Corosync's reload (spec: configuration.md 6.2).
    @Test func theKeysThatCannotChange() {
        let keys = KeyTable.all.filter { $0.change == .refused }.map(\.path).sorted()
        #expect(
            keys == [
                "quorum.provider", "system.allow_knet_handle_fallback", "system.move_to_root_cgroup", "system.priority",
                "system.qb_ipc_type", "system.sched_rr", "system.state_dir", "totem.cluster_name", "totem.ip_version",
                "totem.netmtu", "totem.rrp_mode", "totem.threads", "totem.transport", "totem.version",
            ])
    }
}
