import Foundation
import Testing

@Suite("rondo simulate --config: forecasts")
struct ForecastCommandTests {
    private static let file = """
        totem {
            version: 2
            transport: udpu
            token: 1000
            token_coefficient: 100
        }
        nodelist {
            node {
                ring0_addr: 10.0.0.1
                nodeid: 1
            }
            node {
                ring0_addr: 10.0.0.2
                nodeid: 2
            }
            node {
                ring0_addr: 10.0.0.3
                nodeid: 3
            }
        }

        """

    /// Short, for a test: a few deaths and minutes.
    private func forecast(_ arguments: String...) throws -> Tool.Result {
        try Tool.run(
            ["simulate", "--hours", "0.05", "--deaths", "5"] + arguments + ["--config"], on: Self.file)
    }

    private func json(_ arguments: String...) throws -> [String: Any] {
        let result = try Tool.run(
            ["simulate", "--hours", "0.05", "--deaths", "5", "--format", "json"] + arguments + ["--config"],
            on: Self.file)
        #expect(result.status == 0, "\(result.complaint)")
        return try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    }

    private func number(_ root: [String: Any], _ path: String...) -> Double? {
        var here: Any? = root
        for name in path { here = (here as? [String: Any])?[name] }
        return (here as? NSNumber)?.doubleValue
    }

    @Test("failover, false failures, pace and advice, in 80 columns")
    func text() throws {
        let result = try forecast("--delay", "2ms±1ms", "--loss", "5%", "--pause", "p99 400ms")
        #expect(result.status == 0)
        for part in [
            ": 3 nodes", "1 ms to 3 ms a hop, 5 % lost", "p99 400 ms (log-normal)", "machine lost      min ",
            "process ends      min ",
            "fewer than", "95 %", "messages/s of 1024 bytes", "one beat in", "Processor time",
            "What binds, and what to do",
        ] {
            #expect(result.output.contains(part), "\(part)")
        }
        #expect(result.lines.allSatisfy { $0.count <= 80 })
        #expect(!result.output.contains("DEFECT"))
    }

    @Test("for programs: the figures agree with the configuration")
    func programs() throws {
        let root = try json("--delay", "2ms")
        #expect(number(root, "nodes") == 3)
        #expect(number(root, "token_ms") == 1100)
        // token / 4.2 · 0.8 − 10 of hold, and three hops.
        #expect(abs((number(root, "heartbeat_ms", "median") ?? 0) - 204) < 1)
        try failover(of: root, after: 700)
        let process = try #require(number(root, "failover", "process_ends_ms", "max"))
        let bound = try #require(number(root, "failover", "process_computed_longest_ms"))
        #expect(process <= bound && bound < 300)
        #expect(number(root, "false_failures", "breaks", "count") == 0)
        #expect(abs((number(root, "load", "rotation_ms", "median") ?? 0) - 6) < 0.1)
        #expect(root["defect"] is NSNull)
        let turning = try json("--delay", "2ms", "--turn", "500us")
        #expect(number(turning, "network", "turn_ms") == 0.5)
        #expect(abs((number(turning, "load", "rotation_ms", "median") ?? 0) - 7.5) < 0.1)
    }

    private func failover(of root: [String: Any], after least: Double) throws {
        #expect(number(root, "failover", "any_node_ms", "count") == 5)
        let median = try #require(number(root, "failover", "any_node_ms", "median"))
        let longest = try #require(number(root, "failover", "computed_longest_ms"))
        #expect(median <= longest && median > least)
    }

    @Test("A lost machine is missed by silence, and where nodes do not beat after token and consensus")
    func silence() throws {
        let beating = try json("--delay", "2ms")
        #expect((number(beating, "silence_ms") ?? 0) > 0)
        #expect((number(beating, "failover", "any_node_ms", "max") ?? 9999) < 1320)
        let mute = try json("--delay", "2ms", "--set", "rondo.beat=0")
        #expect(number(mute, "silence_ms") == 0)
        try failover(of: mute, after: 1320)
        #expect((mute["failover"] as? [String: Any])?["process_ends_ms"] is NSNull)
    }

    @Test("Of links of knet it is told what happens when one is lost, and all; of other transports not")
    func links() throws {
        var file = Self.file.replacing("transport: udpu", with: "transport: knet")
        for node in 1...3 {
            file = file.replacing(
                "nodeid: \(node)", with: "ring1_addr: 10.1.0.\(node)\nname: n\(node)\nnodeid: \(node)")
        }
        let knet = file
        func run(_ more: [String]) throws -> Tool.Result {
            let usual = ["simulate", "--hours", "0.02", "--deaths", "1", "--link-cuts", "3"]
            return try Tool.run(usual + more + ["--config"], on: knet)
        }
        let text = try run(["--link-loss", "1=5%"])
        #expect(text.status == 0, "\(text.complaint)")
        for part in [
            "2, link_mode passive; lost are nothing on 0, 5 % on 1", "Lost links", "link 0 cut",
            "the ring stays, in all 3 cuts", "link 1 cut", "all of a node", "3 cuts of each",
        ] {
            #expect(text.output.contains(part), "\(part) in \(text.output)")
        }
        #expect(text.lines.allSatisfy { $0.count <= 80 })
        let data = Data(try run(["--format", "json", "--loss", "10%", "--link-loss", "0=0%"]).output.utf8)
        let root = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        // Passive sends by link 0.
        #expect(number(root, "network", "loss") == 0)
        #expect((root["links"] as? [String: Any])?["loss"] as? [Double] == [0, 0.1])
        #expect(number(root, "links", "all_of_a_node_ms", "count") == 3)
        let cuts = try #require((root["links"] as? [String: Any])?["one_cut"] as? [[String: Any]])
        #expect(cuts.map { $0["rings_broken"] as? Int } == [0, 0])
        #expect(number(cuts[0], "packets_lost_ms", "count") == 3)
        #expect(try json()["links"] is NSNull)
        let unknown = try run(["--link-loss", "2=5%"])
        #expect(unknown.status == 64 && unknown.complaint.contains("one of 0, 1"), "\(unknown.complaint)")
        let udpu = try forecast("--link-loss", "0=5%")
        #expect(udpu.status == 64 && udpu.complaint.contains("udpu"), "\(udpu.complaint)")
    }

    @Test("--nodes takes the nodelist's place and scales the token, --set asks what if")
    func overrides() throws {
        let five = try json("--nodes", "5")
        #expect(number(five, "nodes") == 5)
        #expect(number(five, "token_ms") == 1300)
        let longer = try json("--set", "totem.token=3000")
        #expect(number(longer, "token_ms") == 3100)
        let usual = try json()
        let (slow, fast) = (
            try #require(number(longer, "failover", "any_node_ms", "median")),
            try #require(number(usual, "failover", "any_node_ms", "median"))
        )
        #expect(slow > fast * 2)
    }

    @Test("where pauses are too long a longer token is advised, with what it costs")
    func advice() throws {
        let root = try json("--pause", "p99 400ms every 10s")
        let advice = try #require(root["advice"] as? [String: Any])
        #expect(advice["is_enough"] as? Bool == false)
        #expect((number(root, "advice", "token_needed") ?? 0) > 1000)
        let enough = try json("--pause", "5ms every 10s")
        #expect((enough["advice"] as? [String: Any])?["is_enough"] as? Bool == true)
    }

    @Test("the same seed gives the same bytes, on one processor as on several; another seed others")
    func determinism() throws {
        let arguments = [
            "--set", "totem.token=1000", "--delay", "exp 2ms", "--loss", "5%", "--pause", "p99 900ms every 5s",
        ]
        func run(_ more: String...) throws -> String {
            try Tool.run(
                ["simulate", "--nodes", "3", "--hours", "0.1", "--deaths", "8", "--format", "json"] + arguments + more
            ).output
        }
        let one = try run("--jobs", "1")
        #expect(one == (try run("--jobs", "3")))
        #expect(one != (try run("--seed", "2")))
    }

    @Test(
        "a bad value is refused with the option, the value and the form that is expected",
        arguments: [
            (["--delay", "2"], "--delay '2'", "2ms±1ms"), (["--delay", "2 furlongs"], "furlongs", "ns, us, ms"),
            (["--delay", "1ms±5ms"], "below zero", "2ms±1ms"), (["--turn", "5"], "--turn '5'", "100us"),
            (["--turn", "5s"], "--turn '5s'", "--pause"), (["--loss", "0.5"], "--loss '0.5'", "0% to 99%"),
            (["--loss", "120%"], "--loss '120%'", "0% to 99%"),
            (["--loss", "100%"], "--loss '100%'", "0% to 99%"),
            (["--link-loss", "5%"], "--link-loss '5%'", "1=5%"), (["--link-loss", "9=5%"], "'9=5%'", "1=5%"),
            (["--link-loss", "1=100%"], "'100%'", "0% to 99%"), (["--link-cuts", "20000"], "--link-cuts", "10000"),
            (["--pause", "often"], "--pause 'often'", "every 10s"),
            (["--pause", "2s every 1s"], "--pause '2s every 1s'", "every"), (["--hours", "0"], "--hours", "0.01"),
            (["--set", "token"], "--set token", "KEY=VALUE"), (["--set", "tokn=5"], "tokn", "totem.token"),
            (["--message-size", "5MB"], "--message-size '5MB'", "1MB"),
            (["--format", "json"], "--config FILE", "--nodes"),
        ])
    func refusals(arguments: [String], named: String, expected: String) throws {
        let result = try Tool.run(["simulate"] + arguments)
        #expect(result.status == 64)
        #expect(result.complaint.contains(named), "\(result.complaint)")
        #expect(result.complaint.contains(expected), "\(result.complaint)")
    }

    @Test("a configuration no ring accepts, and one that cannot be read")
    func invalid() throws {
        let result = try forecast("--set", "totem.consensus=20")
        #expect(result.status == 8)
        #expect(result.complaint.contains("consensus"))
        #expect(try Tool.run(["simulate", "--config", "/nonexistent"]).status == 1)
    }
}
