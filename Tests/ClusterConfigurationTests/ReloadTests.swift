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

    @Test("what counts at the next start only is said")
    func waiting() throws {
        let interface = "interface {\nlinknumber: 0\nmcastport: 5407\nttl: 2\n}\n"
        let new = try document("totem {\nversion: 2\ntransport: udpu\ntoken: 2000\n\(interface)}\n")
        let warnings = new.waitingForStart(since: try document(Self.running))
        #expect(warnings.map(\.key) == ["totem.interface.0.mcastport", "totem.interface.0.ttl"])
        #expect(warnings.map(\.weight) == [.warning, .note])
        #expect(warnings.map(\.origin?.line) == [7, 8])
        #expect(warnings.first?.text.contains("was not set and is \"5407\"") == true)
        #expect(new.waitingForStart(since: new).isEmpty)
    }

    @Test(
        "with udp another group is warned of like another port",
        arguments: ["mcastaddr: 239.192.0.9", "broadcast: yes"])
    func otherGroup(line: String) throws {
        func text(_ transport: String, _ line: String) -> String {
            "totem {\nversion: 2\ntransport: \(transport)\ninterface {\nlinknumber: 0\n\(line)\n}\n}\n"
        }
        for (transport, weight) in [("udp", Advice.Weight.warning), ("udpu", .note)] {
            let new = try document(text(transport, line))
            let warnings = new.waitingForStart(since: try document(text(transport, "ttl: 1")))
            #expect(warnings.first { $0.origin?.line == 6 }?.weight == weight)
        }
    }

    @Test("a file with which no node starts is called so")
    func withoutTotem() throws {
        let warning = try #require(
            try document("quorum {\nprovider: corosync_votequorum\n}\n").waitingForStart(
                since: try document(Self.running)
            ).first)
        #expect(warning.text == "the file has no totem.version: this node goes on, but none starts with it.")
        #expect(warning.origin?.file == "corosync.conf" && warning.weight == .warning)
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
