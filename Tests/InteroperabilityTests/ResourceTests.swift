import ClusterLab
import Testing

extension Interoperability {
    /// What a node says of the machine it runs on.
    @Suite struct ResourceTests {
        @Test("The keys below resources. are Corosync's")
        func keys() throws {
            var configuration = RingConfiguration.quorate
            configuration.extra =
                "resources {\n    watchdog_timeout: 8\n    system {\n        load_15min {\n            max: 100000\n"
                + "        }\n        memory_used {\n            max: 0\n        }\n    }\n}\n"
            let lab = try Mixture(.corosync, .rondo).ring(configuration)
            defer { lab.close() }
            try agree(lab) { $0["resources.system.memory_used.state"] == "failed" }
            // A process as libsam announces it; nobody hears of it again.
            for node in lab.nodes {
                for (field, type, value) in [
                    ("recovery", "str", "quit"), ("poll_period", "u64", "1000"), ("state", "str", "running"),
                ] {
                    #expect(
                        try node.run("corosync-cmapctl", "-s", "resources.process.77.\(field)", type, value).succeeded)
                }
            }
            try lab.wait(for: "the silent process to be missed", within: .seconds(10)) {
                lab.nodes.allSatisfy { node in
                    node.log.entries.contains { $0.subsystem == "WD" && $0.message == "quit resource \"77\" failed!" }
                }
            }
            try agree(lab) { _ in true }
        }

        private func agree(_ lab: Laboratory, when condition: (MapListing) -> Bool) throws {
            func shape(_ node: Node) throws -> [String] {
                try node.map(under: "resources.").entries.map { entry in
                    let measured = [".current", ".last_updated"].contains { entry.key.hasSuffix($0) }
                    return measured ? "\(entry.key) (\(entry.type))" : entry.description
                }
            }
            try lab.wait(for: "the same resources on both nodes", within: margin) {
                try lab.nodes.allSatisfy { condition(try $0.map(under: "resources.")) }
                    && shape(lab.node(1)) == shape(lab.node(2))
            }
        }
    }
}
