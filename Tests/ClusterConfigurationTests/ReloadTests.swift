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

    /// The list of Corosync's reload, with what 3.1.10 added (spec: configuration.md 6.2).
    @Test func theKeysThatCannotChange() {
        let keys = KeyTable.all.filter { $0.change == .refused }.map(\.path).sorted()
        #expect(
            keys == [
                "quorum.provider", "system.allow_knet_handle_fallback", "system.move_to_root_cgroup", "system.priority",
                "system.qb_ipc_type", "system.sched_rr", "system.state_dir", "totem.cluster_name", "totem.ip_dscp",
                "totem.ip_version", "totem.netmtu", "totem.rrp_mode", "totem.threads", "totem.transport",
                "totem.version",
            ])
    }

    @Test(
        "what a link runs over does not change while it is there: that is said with the line, and what to do",
        arguments: [
            ("10.78.0.2", "10.78.0.9", "nodelist.node.1.ring1_addr", "has different address for link 1 (addr changed"),
            ("mcastport: 5405", "mcastport: 5415", "totem.interface.0.mcastport", "has different port for link 0"),
            ("mcastport: 5405", "knet_transport: sctp", "totem.interface.0.knet_transport", "different knet transport"),
        ])
    func refused(_ old: String, _ new: String, _ key: String, _ line: String) throws {
        let file = text(
            nodes: 2, transport: "knet", totem: ["interface {", "linknumber: 0", "mcastport: 5405", "}"], links: [0, 1])
        let running = try configuration(file)
        let refusal = try #require(try configuration(file.replacing(old, with: new)).refusal(whileRunning: running))
        #expect(refusal.changes.count == 1 && refusal.changes[0].contains(line))
        #expect(refusal.error.key == key && refusal.error.line != nil)
        #expect(refusal.error.message.hasPrefix("To reconfigure an interface it must be deleted and recreated."))
        #expect(refusal.error.remedy?.contains("take the link out of the file on all nodes") == true)
        #expect(try configuration(file).refusal(whileRunning: running) == nil)
    }

    @Test("nodes and links that come and go are no reason to refuse, nor is how links are watched")
    func accepted() throws {
        let running = try configuration(text(nodes: 3, transport: "knet", links: [0, 1]))
        let others = [
            text(nodes: 4, transport: "knet", links: [0, 1]), text(nodes: 2, transport: "knet", links: [0, 1]),
            text(nodes: 3, transport: "knet", links: [0]), text(nodes: 3, transport: "knet", links: [0, 1, 2]),
            text(nodes: 3, transport: "knet", totem: ["token: 9000", "link_mode: rr"], links: [0, 1]),
        ]
        for other in others { #expect(try configuration(other).refusal(whileRunning: running) == nil) }
    }
}
