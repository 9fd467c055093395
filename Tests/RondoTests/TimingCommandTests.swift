import Foundation
import Testing

@Suite struct TimingCommandTests {
    @Test(
        "Fits a terminal of 80 columns",
        arguments: [
            "eleven-nodes-consensus-6000", "three-nodes-knet-two-links-pings", "two-nodes-token-largest",
            "thirty-two-nodes-defaults", "three-nodes-everything-given", "three-nodes-knet-second-link-only",
            "one-node-defaults", "two-nodes-token-126",
        ])
    func width(name: String) throws {
        for style in [[], ["--ascii"]] {
            let result = try Tool.run(["timing", Tool.fixture(name)] + style)
            #expect(result.status == 0)
            #expect(result.complaint.isEmpty)
            for line in result.lines where line.contains(" ") && !line.contains("/") {
                #expect(line.count <= 80, "\(line)")
            }
            if !style.isEmpty { #expect(result.output.utf8.allSatisfy { $0 < 128 }) }
        }
    }

    @Test func explainsTheDefaults() throws {
        let result = try Tool.run(["timing", "--nodes", "3"])
        #expect(result.status == 0)
        #expect(result.output.contains("3000 + (3 - 2) * 650"))
        #expect(result.output.contains("every 685.3 ms"))
        #expect(result.output.contains("5 beats fit"))
        #expect(result.output.contains("at most 46.71 s"))
        #expect(result.output.contains("None."))
    }

    @Test(
        "What a start refuses is refused here, with the same status and its line",
        arguments: [
            ("logging", "timestamp: x", Int32(7), ":17: logging.timestamp"),
            ("logging", "debug: maybe", 7, ":17: logging.debug"),
            ("system", "priority: x", 8, ":17: system.priority"), ("system", "priority: max", 0, ""),
        ])
    func startRefusals(section: String, line: String, status: Int32, place: String) throws {
        let result = try Tool.run(["timing"], on: file(address: "10.77.0.1") + "\(section) {\n\(line)\n}\n")
        #expect(result.status == status, "\(result.complaint)")
        #expect(place.isEmpty || result.complaint.contains(place), "\(result.complaint)")
    }

    @Test(
        "An address that no machine has is refused with status 15",
        arguments: ["255.255.255.255", "224.0.0.1", "0.0.0.0"])
    func addressesOfNoMachine(address: String) throws {
        let result = try Tool.run(["timing"], on: file(address: address))
        #expect(result.status == 15, "\(result.complaint)")
        #expect(result.complaint.contains(":7: nodelist.node.0.ring0_addr is \"\(address)\""), "\(result.complaint)")
    }

    @Test func largeFilesAreRefusedAsTheDaemonRefusesThem() throws {
        let comment = "# " + String(repeating: "x", count: 97) + "\n"
        let result = try Tool.run(["timing"], on: String(repeating: comment, count: 11_000))
        #expect(result.status == 8)
        #expect(result.complaint.contains("it is larger than 1048576 bytes"))
        #expect(try Tool.run(["timing", "/tmp"]).complaint.contains("to do: name a configuration file"))
    }

    /// Fifteen lines; the node's address is in the seventh.
    private func file(address: String) -> String {
        "totem {\nversion: 2\ntransport: udpu\n}\nnodelist {\nnode {\nring0_addr: \(address)\nnodeid: 1\nname: one\n}\n"
            + "node {\nring0_addr: 10.77.0.2\nnodeid: 2\n}\n}\n"
    }

    @Test func namesLinesAndRemedies() throws {
        let result = try Tool.run(["timing", Tool.fixture("eleven-nodes-consensus-6000")])
        #expect(result.output.contains("token 5000: line 5"))
        #expect(result.output.contains("consensus                                6000 ms  line 8"))
        #expect(result.output.contains("To do: remove totem.consensus"))
    }

    @Test func answersWhatIf() throws {
        let result = try Tool.run(["timing", "--nodes", "2", "--set", "token=5000", "--set", "totem.join=60"])
        #expect(result.output.contains("1.2 * 5000"))
        #expect(result.output.contains("every 60 ms"))
    }

    @Test func writesJSON() throws {
        let result = try Tool.run(["timing", Tool.fixture("eleven-nodes-consensus-6000"), "--format", "json"])
        let value = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
        let report = try #require(value)
        #expect(report["format"] as? Int == 1)
        #expect(report["nodes"] as? Int == 11)
        #expect(report["valid"] as? Bool == true)
        let timings = try #require(report["timings"] as? [[String: Any]])
        let hold = try #require(timings.first { $0["name"] as? String == "hold" })
        #expect(hold["value"] as? Int == 297)
        #expect(hold["formula"] as? String == "384 * 0.8 - 10")
        let failures = try #require(report["failures"] as? [[String: Any]])
        let scenarios = ["node-dies", "representative-dies", "node-leaves", "process-ends", "machine-is-lost"]
        #expect(failures.map { $0["scenario"] as? String } == scenarios)
        let advice = try #require(report["advice"] as? [[String: Any]])
        #expect(advice.first?["key"] as? String == "totem.consensus")
        #expect(advice.first?["line"] as? Int == 8)
    }

    @Test func errorsAreJSONToo() throws {
        let result = try Tool.run(["timing", "--format", "json"], on: "totem {\n token: 5 s\n}\n")
        #expect(result.status == 8)
        let report = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
        let error = try #require(report?["error"] as? [String: Any])
        #expect(error["line"] as? Int == 2)
        #expect(error["value"] as? String == "5 s")
    }

    private func timing(_ file: String, _ options: [String] = []) throws -> Tool.Result {
        try Tool.run(["timing", Tool.root.appending(path: "Tests/Fixtures/cases/\(file)").path] + options)
    }

    @Test func theVerdictComesFirst() throws {
        let good = try timing("04-cluster-uuid-advice/pcs.conf")
        #expect(good.status == 0)
        #expect(good.output.contains("A node can start with this file, no warnings. A dead node is excluded after"))
        let words = ["A node can start", "Warnings", "Beside watchdogs", "Token ", "The beat of the idle ring"]
        let places = words.compactMap { good.output.range(of: $0)?.lowerBound }
        #expect(places.count == words.count && places == places.sorted())
    }

    @Test(
        "Says which files can start nowhere",
        arguments: [
            ("03-no-nodelist/mcast-1x.conf", 8, "there is no nodelist section"),
            ("03-no-nodelist/misspelt-nodelist.conf", 8, "write nodelist in line 6"),
            ("05-misspelt-sections/Totem.conf", 8, "write totem in line 31"),
            ("06-test-passes-start-fails/provider.conf", 20, "quorum.provider is \"corosync_vote\""),
            ("06-test-passes-start-fails/two-node-and-device.conf", 20, "remove two_node"),
            ("10-address-values/port.conf", 8, "totem.interface.mcastport (5405)"),
            ("12-unlocated-texts/tiny.conf", 8, "may not be less than (30 ms)"),
        ])
    func nowhere(file: String, status: Int32, text: String) throws {
        let result = try timing(file)
        #expect(result.status == status)
        let flat = result.output.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
        #expect(flat.contains("No node can start with this file (exit status \(status)):"))
        #expect(flat.contains(text))
        let json = try timing(file, ["--format", "json"])
        #expect(json.status == status)
        let report = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
        #expect(report?["valid"] as? Bool == false)
        #expect((report?["error"] as? [String: Any])?["exit_status"] as? Int == Int(status))
    }

    private static func file(_ totem: String, _ node: String) -> String {
        """
        totem {
            version: 2
            \(totem)
        }
        nodelist {
            node {
                \(node)
                nodeid: 1
            }
        }
        """
    }

    @Test("Takes every transport", arguments: ["knet", "udpu", "udp"])
    func transport(_ transport: String) throws {
        let file = Self.file("transport: \(transport)\n cluster_name: c", "ring0_addr: 10.77.0.1")
        let result = try Tool.run(["timing"], on: file)
        #expect(result.status == 0)
        #expect(result.output.contains("The beat of the idle ring"))
    }

    @Test("Says that this machine has not the address it is to have")
    func absentAddress() throws {
        let name = ProcessInfo.processInfo.hostName
        // 198.51.100.0/24 is for documentation: no interface has it.
        let result = try Tool.run(
            ["timing"], on: Self.file("transport: udpu", "name: \(name)\n ring0_addr: 198.51.100.77"))
        #expect(result.status == 15)
        #expect(result.output.contains("This machine cannot start with this file (exit status 15):"))
        #expect(result.output.contains("198.51.100.77"))
    }

    @Test("Says of a resource's interval in a file that it has no effect, as with Corosync")
    func pollPeriod() throws {
        let file =
            Self.file("transport: udpu", "ring0_addr: 10.77.0.1")
            + "\nresources {\n system {\n load_15min {\n max: 8\n poll_period: 5000\n }\n }\n}\n"
        let result = try Tool.run(["timing"], on: file)
        #expect(result.status == 0)
        let flat = result.output.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
        #expect(flat.contains("resources.system.load_15min.poll_period has no effect in a file, with Corosync neither"))
        #expect(flat.contains("corosync-cmapctl -s resources.system.load_15min.poll_period str 5000"))
        #expect(!flat.contains("write it within its section"))
    }

    @Test(
        "Warns of what works, but hardly as meant",
        arguments: [
            ("05-misspelt-sections/qourum.conf", "write quorum if that was meant"),
            ("05-misspelt-sections/id-for-nodeid.conf", "nodelist.node.0.id is not a known key"),
            ("06-test-passes-start-fails/two-node-of-three.conf", "two_node is for clusters of two nodes"),
            ("07-generated-ids-mixed-ring/corosync.conf", "a token timeout of 11300 ms"),
            ("13-duplicate-keys/node.conf", "ring0_addr is given in lines 8, 10 and 12"),
            ("13-duplicate-keys/totem.conf", "totem.token is given in lines 5, 6 and 14"),
        ])
    func warns(file: String, text: String) throws {
        let result = try timing(file)
        #expect(result.status == 0)
        let flat = result.output.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
        #expect(flat.contains(text))
        let json = try timing(file, ["--format", "json"])
        #expect(json.output.contains(text))
    }

    @Test func noNumberWrapsAround() throws {
        let result = try timing("12-unlocated-texts/tiny.conf")
        #expect(result.output.contains("-10 ms"))
        #expect(!result.output.contains("4294967286"))
    }

    @Test func timingsAreComparedWithWatchdogs() throws {
        func flat(_ arguments: [String]) throws -> String {
            try Tool.run(["timing"] + arguments).output.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
        }
        let three = try flat(["--nodes", "3"])
        #expect(three.contains("Proxmox VE's HA, 60.00 s: While the ring does without a dead node, for 8.03 s,"))
        #expect(three.contains("sbd's watchdog, 5.00 s: A node that hangs is reset before the others do without it."))
        #expect(three.contains("SBD_DELAY_START at least 18.03 s"))
        #expect(try flat(["--nodes", "3", "--watchdog-timeout", "15"]).contains("SBD_DELAY_START at least 38.03 s"))
        #expect(try flat(["--nodes", "40"]).contains("one dead node can reset all others that run HA services"))
        let device = try timing("06-test-passes-start-fails/two-node-and-device.conf")
        #expect(device.output.contains("SBD_WATCHDOG_TIMEOUT"))
        let json = try Tool.run(["timing", "--nodes", "3", "--format", "json"])
        let report = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
        let watchdogs = try #require(report?["watchdogs"] as? [[String: Any]])
        #expect(watchdogs.map { $0["watchdog"] as? String } == ["proxmox", "sbd"])
        #expect(watchdogs.first?["token_and_consensus_ms"] as? Int == 8030)
    }

    @Test func aDelayHasAUnitAsInForecasts() throws {
        func output(_ delay: String...) throws -> String {
            try Tool.run(["timing", "--nodes", "3"] + delay.flatMap { ["--delay", $0] }).output
        }
        let slow = try output("2")
        #expect(try slow == output("2ms") && slow == output("2000us"))
        #expect(try output("0.1ms") == output() && slow != output())
    }

    @Test func exitStatus() throws {
        #expect(try Tool.run(["timing", "/nonexistent/corosync.conf"]).status == 1)
        #expect(try Tool.run(["timing"], on: "totem {\n").status == 8)
        #expect(try Tool.run(["timing", "--nodes", "2", "--set", "token=20"]).status == 8)
        for usage in [
            ["--nodes", "0"], ["--nodes", "385"], ["--set", "tokn=1"], ["--set", "token"], ["--delay", "-1"],
            ["--delay", "11s"], ["--delay", "2 parsecs"],
            ["--watchdog-timeout", "0"],
        ] {
            #expect(try Tool.run(["timing"] + usage).status == 64)
        }
    }

    @Test func brokenFilesAreExplained() throws {
        let result = try Tool.run(["timing"], on: "totem {\n version: 2\n crypto_hash: md4\n}\n")
        let lines = result.complaint.split(separator: "\n")
        #expect(lines.count == 2)
        #expect(
            lines.first?.hasSuffix(":3: Invalid hash type. Should be none, md5, sha1, sha256, sha384 or sha512") == true
        )
        #expect(lines.last?.contains("totem.crypto_hash is \"md4\"") == true)
    }
}
