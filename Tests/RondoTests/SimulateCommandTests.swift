import Testing

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
            ["--sabotage", "nonsense"], ["--jobs", "0"],
        ])
    func wrong(arguments: [String]) throws {
        #expect(try Tool.run(["simulate"] + arguments).status == 64)
    }
}
