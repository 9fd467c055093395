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
        #expect(failures.map { $0["scenario"] as? String } == ["node-dies", "representative-dies", "node-leaves"])
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

    @Test func exitStatus() throws {
        #expect(try Tool.run(["timing", "/nonexistent/corosync.conf"]).status == 1)
        #expect(try Tool.run(["timing"], on: "totem {\n").status == 8)
        #expect(try Tool.run(["timing", "--nodes", "2", "--set", "token=20"]).status == 8)
        for usage in [
            ["--nodes", "0"], ["--nodes", "385"], ["--set", "tokn=1"], ["--set", "token"], ["--delay", "-1"],
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
