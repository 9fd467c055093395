import ClusterLab
import Foundation
import Testing

extension Interoperability {
    /// Rondo's tools beside Debian's of the same names, on the same ring in the same state: the same lines on both outputs,
    /// and the same end.
    @Suite(.enabled(if: ClientProgram.isPossible, Comment(rawValue: ClientProgram.explanation)))
    struct OwnToolTests {
        @Test("On a node alone, without votes", arguments: Engine.allCases)
        func alone(_ engine: Engine) throws {
            var configuration = RingConfiguration.quick
            configuration.nodes = [NodeAddress(id: 1, addresses: ["10.77.0.1"], name: "one")]
            let lab = try Mixture([engine]).ring(configuration)
            defer { lab.close() }
            let bench = try ToolBench(lab)
            try bench.compare(ToolQuestions.looks, "alone")
            try bench.compare(ToolQuestions.mapChanges, "alone")
            try bench.compare([["corosync-quorumtool", "-m"]], "alone")
        }

        @Test(
            "On three nodes with votes: whole, reloaded, without quorum, without a daemon", arguments: Engine.allCases)
        func three(_ engine: Engine) throws {
            var configuration = RingConfiguration.quorate
            configuration.nodes = (1...3).map {
                NodeAddress(id: $0, addresses: ["10.77.0.\($0)"], name: $0 == 2 ? nil : "node\($0)")
            }
            let lab = try Mixture(engine, engine, engine).ring(configuration)
            defer { lab.close() }
            let bench = try ToolBench(lab)
            try bench.openGroups()
            try bench.compare(ToolQuestions.looks, "whole")
            try bench.compare(ToolQuestions.changes, "changing")
            try bench.compare(ToolQuestions.looks, "after changes")
            for number in [2, 3] { try lab.node(number).stop() }
            try lab.awaitRing([1], within: lab.timings.afterDeath + margin)
            try bench.compare(ToolQuestions.looks, "without quorum")
            try lab.node(1).stop()
            try bench.compare(ToolQuestions.looks + ToolQuestions.changes, "without a daemon")
        }

        @Test("On two knet links, one of them cut", arguments: Engine.allCases)
        func links(_ engine: Engine) throws {
            let ring = LinkRing(
                Mixture(engine, engine, engine), .knet(links: 2, token: 1000, sealed: .usual), "the tools")
            let lab = try [ring].rings()[0]
            defer { lab.close() }
            let bench = try ToolBench(lab)
            try bench.compare(ToolQuestions.linkLooks, "both links up")
            try lab.cut(link: 0, ofNode: 3)
            try lab.awaitLinksDown(LinkCut.node(3).parted(of: [1, 2, 3]))
            try bench.compare(ToolQuestions.linkLooks, "a link cut")
        }

        @Test("What follows changes tells them in the same words")
        func following() throws {
            let lab = try Mixture(.rondo).ring(.quick)
            defer { lab.close() }
            let bench = try ToolBench(lab)
            let keys = [["-T", "lab."], ["-t", "lab.one"], ["-b", "-T", "lab."]]
            for words in keys {
                let told = try ToolBench.Side.allCases.map { side in
                    let words = bench.words(["corosync-cmapctl"] + words, side)
                    let watcher = try lab.node(1).launch(["stdbuf", "-oL"] + words)
                    try watcher.awaitOutput("to finish")
                    for change in [
                        ["-s", "lab.one", "u32", "1"], ["-s", "lab.one", "u32", "2"], ["-s", "lab.one", "str", "text"],
                        ["-d", "lab.one"], ["-s", "lab.one", "flt", "0.5"], ["-d", "lab.one"],
                    ] {
                        let before = watcher.output.count
                        _ = try lab.node(1).run(words: ["corosync-cmapctl"] + change)
                        try watcher.awaitOutput("lab.one", after: before, within: .seconds(5))
                    }
                    watcher.type("q\n")
                    #expect(try watcher.awaitEnd() == .exited(0))
                    return watcher.output
                }
                #expect(told[1] == told[0], Comment(rawValue: words.joined(separator: " ")))
            }
        }

        @Test("Without a cluster: keys")
        func keys() throws {
            let lab = try Laboratory(nodes: 1)
            defer { lab.close() }
            let bench = try ToolBench(lab)
            try bench.compare(ToolQuestions.keys, "keys")
            for size in [128, 256, 4096] {
                let sizes = try ToolBench.Side.allCases.map { side in
                    let path = "/run/lab/key-\(size)"
                    _ = try lab.node(1).run("rm", "-f", path)
                    _ = try lab.node(1).run(words: bench.words(["corosync-keygen", "-k", path, "-s", "\(size)"], side))
                    return try lab.node(1).run("stat", "-c", "%s %a", path).output
                }
                #expect(sizes == ["\(size) 400\n", "\(size) 400\n"])
            }
        }

        @Test("JSON follows its schemas, on a whole ring and without quorum")
        func json() throws {
            var configuration = RingConfiguration.quorate
            configuration.nodes = (1...3).map { NodeAddress(id: $0, addresses: ["10.77.0.\($0)"], name: "node\($0)") }
            let lab = try Mixture.rondoAlone.ring(configuration)
            defer { lab.close() }
            let bench = try ToolBench(lab)
            try bench.openGroups()
            func check() throws {
                for (tool, words, schema) in ToolQuestions.json {
                    let result = try lab.node(1).run(words: [bench.rondo, tool] + words + ["--json"])
                    let value = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
                    let faults = try Schema(named: schema).faults(in: value)
                    #expect(faults.isEmpty, "rondo \(tool) \(words): \(faults)\n\(result.output)")
                }
            }
            try check()
            for number in [2, 3] { try lab.node(number).stop() }
            try lab.awaitRing([1], within: lab.timings.afterDeath + margin)
            try check()
        }
    }
}
