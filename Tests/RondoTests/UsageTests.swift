import Testing

/// What every command of `rondo` has in common.
@Suite struct UsageTests {
    private static let commands = [
        "timing", "decode", "simulate", "demo", "keygen", "cfg", "map", "quorum", "groups",
    ]

    @Test func everyCommandTellsTheVersion() throws {
        for command in [[]] + Self.commands.map({ [$0] }) {
            let result = try Tool.run(command + ["--version"])
            #expect(result.status == 0 && result.complaint.isEmpty)
            #expect(result.output == "rondo 0.1.0 (compatible with Corosync 3.1.7)\n")
        }
    }

    /// Also where the mistake is only found once the command runs.
    @Test(arguments: [
        ["timing", "--bogus"], ["decode", "--bogus"], ["simulate", "--bogus"], ["demo", "--bogus"],
        ["keygen", "--bogus"], ["keygen", "--size", "100"],
        ["timing", "--nodes", "0"], ["decode", "--port", "x"], ["simulate", "--seeds", "0"], ["demo", "--nodes", "1"],
        ["simulate", "--scenario", "/nonexistent"], ["simulate", "--case", "nonexistent"],
        ["simulate", "--forecast", "--hours", "0"],
    ])
    func wrongUsageShowsTheUsageOfTheCommand(arguments: [String]) throws {
        let result = try Tool.run(arguments)
        #expect(result.status == 64 && result.output.isEmpty)
        #expect(result.complaint.hasPrefix("Error: "), "\(result.complaint)")
        #expect(result.complaint.contains("Usage: rondo \(arguments[0]) "), "\(result.complaint)")
        #expect(result.complaint.contains("See 'rondo \(arguments[0]) --help' for more information."))
    }

    @Test func withoutACommandTheCommandsAreListed() throws {
        let result = try Tool.run([])
        #expect(result.status == 0)
        for command in Self.commands { #expect(result.output.contains("  \(command) ")) }
        #expect(try Tool.run(["nonsense"]).complaint.contains("Usage: rondo <subcommand>"))
    }
}
