import Foundation
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

@Suite("rondo simulate")
struct SimulateCommandTests {
    @Test("seeds that pass: figures, nothing else, status 0")
    func passing() throws {
        let result = try Tool.run(["simulate", "--seeds", "3", "--nodes", "3"])
        #expect(result.status == 0)
        #expect(result.output.hasPrefix("seeds 1…3: 3 run, 0 failed\n"))
        #expect(result.output.contains("s of simulated time"))
    }

    @Test("a seed that fails: the guarantee, the replay, a trace, status 1")
    func failing() throws {
        let result = try Tool.run(["simulate", "--seeds", "40", "--nodes", "3", "--sabotage", "repeat-delivery"])
        #expect(result.status == 1)
        let title = try #require(result.lines.first { $0.contains("breaks guarantee 12:") })
        let seed = try #require(title.split(separator: " ").dropFirst().first)
        let replay = try #require(result.lines.first { $0.hasPrefix("  replay: ") })
        #expect(replay == "  replay: rondo simulate --seed \(seed) --nodes 3 --sabotage repeat-delivery --trace")
        #expect(result.output.contains("VIOLATION of invariant 12"))

        let again = try Tool.run(
            ["simulate", "--seed", "\(seed)", "--trace", "--nodes", "3", "--sabotage", "repeat-delivery"])
        #expect(again.status == 1)
        #expect(again.output.contains(title))
        #expect(again.output.contains("enters OPERATIONAL in ring"))
    }

    @Test("a trace is the same each time")
    func trace() throws {
        let first = try Tool.run(["simulate", "--seed", "7", "--nodes", "2", "--packets"])
        let second = try Tool.run(["simulate", "--seed", "7", "--nodes", "2", "--packets"])
        #expect(first.status == 0)
        #expect(first.output == second.output)
        #expect(first.output.contains("sends token 0 of"))
    }

    @Test(
        "a wrong command line ends with status 64",
        arguments: [
            ["--seeds", "0"], ["--first", "0"], ["--nodes", "0"], ["--nodes", "385"], ["--trace"],
            ["--sabotage", "nonsense"], ["--jobs", "0"], ["--first", "18446744073709551615", "--seeds", "5"],
        ])
    func wrong(arguments: [String]) throws {
        #expect(try Tool.run(["simulate"] + arguments).status == 64)
    }

    @Test(
        "what is wrong with a number is said",
        arguments: [
            (["--seed", "-1"], "'-1' is invalid for '--seed"),
            (["--jobs", "1000000"], "--jobs 1000000: a number from 1"),
            (["--first", "18446744073709551615", "--seeds", "5"], "the greatest seed is 18446744073709551615"),
            (["--seed", "3", "--seeds", "5"], "--seeds and --first are of many seeds"),
            (["--case", "short-pause", "--first", "5"], "--seeds and --first are of many seeds"),
        ])
    func wrongNumbers(arguments: [String], complaint: String) throws {
        let result = try Tool.run(["simulate"] + arguments)
        #expect(result.status == 64 && result.complaint.contains(complaint), "\(result.complaint)")
    }

    // MARK: Shrinking

    /// Ends with the file's path.
    private func withFile(_ name: String, _ body: (String) throws -> Void) throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "rondo-\(UUID().uuidString)-\(name)")
        defer { try? FileManager.default.removeItem(at: path) }
        try body(path.path)
    }

    @Test(
        "a failing seed is shrunk to a scenario that fails in the same way when it is read back",
        arguments: [("ring", "12", "repeat-delivery"), ("nodes", "group-delivery", "repeat-delivery")])
    func shrinking(layer: String, guarantee: String, fault: String) throws {
        try withFile("shrunk.txt") { path in
            let result = try Tool.run([
                "simulate", "--layer", layer, "--seeds", "20", "--nodes", "3", "--sabotage", fault, "--output", path,
            ])
            #expect(result.status == 1)
            #expect(result.output.contains("shrunk to 1 node, 0 faults,"))
            #expect(result.output.contains("replay: rondo simulate --scenario \(path) --sabotage \(fault) --trace"))
            let text = try String(contentsOfFile: path, encoding: .utf8)
            #expect(text.contains("\nrondo-scenario 1\nlayer \(layer)\n"))

            let again = try Tool.run(["simulate", "--scenario", path, "--sabotage", fault, "--trace"])
            #expect(again.status == 1)
            #expect(again.output.contains("scenario \(path) breaks guarantee \(guarantee):"))
            #expect(again.output.contains("VIOLATION of invariant \(guarantee):"))

            let healthy = try Tool.run(["simulate", "--scenario", path])
            #expect(healthy.status == 0)
            let other = try Tool.run(["simulate", "--scenario", path, "--layer", layer == "ring" ? "nodes" : "ring"])
            #expect(other.status == 64)
            #expect(other.complaint.contains("\(path) is of layer \(layer)"))
        }
    }

    @Test("one seed is shrunk when asked, many unless asked not to")
    func choice() throws {
        let fault = ["--nodes", "3", "--layer", "nodes", "--sabotage", "repeat-delivery"]
        let plain = try Tool.run(["simulate", "--seed", "1"] + fault)
        #expect(plain.status == 1)
        #expect(!plain.output.contains("shrunk to"))
        let shrunk = try Tool.run(["simulate", "--seed", "1", "--shrink"] + fault)
        #expect(shrunk.output.contains("seed 1 of whole nodes shrunk to"))
        #expect(shrunk.output.contains("save the lines below to a FILE"))
        #expect(shrunk.output.contains("\nlayer nodes\n"))
        let many = try Tool.run(["simulate", "--seeds", "5", "--no-shrink"] + fault)
        #expect(many.status == 1)
        #expect(!many.output.contains("shrunk to"))
        #expect(try Tool.run(["simulate", "--seed", "1", "--shrink", "--no-shrink"]).status == 64)
    }

    @Test("an unwritable scenario file is named, with the reason")
    func unwritableOutput() throws {
        let result = try Tool.run([
            "simulate", "--seed", "1", "--nodes", "3", "--layer", "nodes", "--sabotage", "repeat-delivery", "--output",
            "/nowhere/shrunk.txt",
        ])
        #expect(result.status == 64)
        #expect(result.complaint.contains("/nowhere/shrunk.txt cannot be written: No such file or directory"))
    }

    // MARK: Scenarios and cases

    @Test("a scenario from standard input")
    func standardInput() throws {
        let text = """
            rondo-scenario 1
            layer nodes
            seed 3
            calm at 600ms
            node 1
            node 2
            totem token 300
            totem token_coefficient 0
            quorum two-node
            """
        let result = try Tool.run(["simulate", "--scenario", "-"], input: Array(text.utf8))
        #expect(result.status == 0)
        #expect(result.output.hasPrefix("whole nodes: 1 run, 0 failed\n"))
    }

    @Test(
        "a malformed scenario: file, line, value and remedy, status 64",
        arguments: [
            ("rondo-scenario 1\nseed 1\nnode 1\nat 5ms explode 1\n", "line 4: 'explode' is not one of crash, restart"),
            (
                "rondo-scenario 1\nlayer nodes\nseed 1\nnode 1\nprogram on 2 map-writer every 5ms\n",
                "line 5: '2' is not a node of this scenario; name the nodes before what they do"
            ),
            ("rondo-scenario 1\nlayer sea\n", "line 2: 'sea' is not one of ring, nodes"),
            ("hello\n", "line 1: the first line must be 'rondo-scenario 1'"),
        ])
    func malformed(text: String, complaint: String) throws {
        let result = try Tool.run(["simulate", "--scenario"], on: text)
        #expect(result.status == 64)
        #expect(result.output.isEmpty)
        #expect(result.complaint.contains(".conf, \(complaint)"), "\(result.complaint)")
    }

    @Test("a scenario that is not there is named, with the reason")
    func missingScenario() throws {
        let result = try Tool.run(["simulate", "--scenario", "/nowhere/scenario.txt"])
        #expect(result.status == 64)
        #expect(result.complaint.contains("/nowhere/scenario.txt cannot be read: No such file or directory"))
    }

    @Test("a known case says what must come of it, and that it did")
    func knownCase() throws {
        let result = try Tool.run(["simulate", "--case", "short-pause"])
        #expect(result.status == 0)
        #expect(result.output.contains("Node 2 pauses for longer than the token timeout"))
        #expect(result.output.contains("\n  so it was\n"))
        let list = try Tool.run(["simulate", "--list-cases"])
        #expect(list.lines.contains { $0.hasPrefix("short-pause ") })
    }

    @Test("an unknown case: where the known ones are listed, status 64")
    func unknownCase() throws {
        let result = try Tool.run(["simulate", "--case", "nonsense"])
        #expect(result.status == 64)
        #expect(result.complaint.contains("There is no case 'nonsense'; --list-cases prints them."))
        #expect(try Tool.run(["simulate", "--case", "short-pause", "--layer", "nodes"]).status == 64)
    }

    // MARK: Pictures

    @Test("a picture of a run, in either layer", arguments: ["ring", "nodes"])
    func picture(layer: String) throws {
        try withFile("run.svg") { path in
            let result = try Tool.run([
                "simulate", "--layer", layer, "--seed", "7", "--nodes", "3", "--svg", path, "--to", "3000",
            ])
            #expect(result.status == 0)
            let text = try String(contentsOfFile: path, encoding: .utf8)
            #expect(text.hasSuffix("</svg>\n"))
            let document = try XMLDocument(xmlString: text)
            let words = try document.nodes(forXPath: "//*[local-name()='text']").compactMap(\.stringValue)
            #expect(words.contains { $0.hasPrefix("rondo simulate ") && $0.contains("--seed 7 --nodes 3") })
            for name in ["node 1", "node 2", "node 3", "every guarantee was kept", "token"] {
                #expect(words.contains(name), "\(name)")
            }
            #expect(words.contains { $0.contains("{1-3}") }, "no ring of all is named")
            #expect(text.contains("class=\"operational\""))
            #expect(text.contains("class=\"orfToken\""))
        }
    }

    @Test("an unwritable picture is named, with the reason")
    func unwritablePicture() throws {
        let result = try Tool.run(["simulate", "--case", "short-pause", "--svg", "/nowhere/run.svg"])
        #expect(result.status == 64)
        #expect(result.complaint.contains("/nowhere/run.svg cannot be written: No such file or directory"))
        #expect(try Tool.run(["simulate", "--seeds", "3", "--svg", "/tmp/run.svg"]).status == 64)
    }

    // MARK: Planted faults

    @Test("faults that can be planted are listed, by where they are planted")
    func plantedNames() throws {
        let result = try Tool.run(["simulate", "--sabotage", "nonsense"])
        #expect(result.status == 64)
        #expect(result.complaint.contains("There is no fault 'nonsense'. In rings there are: alter-message,"))
        #expect(result.complaint.contains("in whole nodes: drop-delivery,"))
        let scenario = "rondo-scenario 1\nseed 1\ncalm at 500ms\nnode 1\n"
        let elsewhere = try Tool.run(["simulate", "--sabotage", "wrong-votes", "--scenario"], on: scenario)
        #expect(elsewhere.status == 64)
        #expect(elsewhere.complaint.contains("There is no fault 'wrong-votes' in "))
    }

    @Test("a defect of the ring machine is planted in a debug build, and refused with the remedy in a release build")
    func plantedDefect() throws {
        let help = try Tool.run(["simulate", "--help"]).output.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
        let result = try Tool.run([
            "simulate", "--seeds", "3", "--nodes", "4", "--no-shrink", "--sabotage", "reuses-ring-sequence",
        ])
        if help.contains("this is a debug build") {
            #expect(help.contains("reuses-ring-sequence"))
            #expect(result.status == 1)
            #expect(result.output.contains("breaks guarantee 31:"))
            #expect(result.output.contains("--nodes 4 --sabotage reuses-ring-sequence --trace"))
        } else {
            #expect(result.status == 64)
            #expect(result.complaint.contains("swift run rondo simulate --sabotage reuses-ring-sequence"))
        }
    }
}
