import ArgumentParser
import Foundation
import Simulator
import Totem

/// `rondo simulate`: rings, whole nodes and links under virtual time and seeded faults, with every guarantee checked.
struct SimulateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract:
            "Run rings, whole nodes and links under virtual time and faults, and check that their guarantees hold.",
        discussion: """
            Each seed is one course of events: a cluster, a network with its faults, senders, crashes, partitions, \
            pauses. The same seed gives the same course on every machine. Prints a summary; a failing seed is shown \
            with the guarantee it broke, the command that replays it, and the end of its trace, and is shrunk: to few \
            nodes, faults and messages that break the same guarantee, as a text that --scenario replays.

            Exit status: 0 when all seeds passed, 1 when one failed, 64 when the command line or a scenario is wrong.
            """)

    @Option(parsing: .unconditional, help: "How many seeds to run. (default: 200)")
    var seeds: Int?

    @Option(parsing: .unconditional, help: "The first seed. (default: 1)")
    var first: UInt64?

    // A number behind a minus sign is told to be a wrong one, not taken for another option.
    @Option(parsing: .unconditional, help: "Run this one seed only.")
    var seed: UInt64?

    @Option(
        help: ArgumentHelp(
            "Run the scenario in this file, as --shrink writes it, of the layer it names; - for standard input.",
            valueName: "file"))
    var scenario: String?

    @Option(name: .customLong("case"), help: ArgumentHelp("Run this known hard case.", valueName: "name"))
    var caseName: String?

    @Flag(help: "Print the known hard cases, one a line.")
    var listCases = false

    @Option(help: "Number of nodes (1 to 384), instead of the seed's own.")
    var nodes: Int?

    @Flag(help: "Print what happens, one line an event (one course of events).")
    var trace = false

    @Flag(help: "Print every packet too (one course of events).")
    var packets = false

    @Option(
        help: ArgumentHelp(
            "Draw the run to this file (one course of events; of a seed the ring's, with --layer nodes that of whole nodes).",
            valueName: "file"))
    var svg: String?

    @Option(help: ArgumentHelp("Where the picture begins, in milliseconds.", valueName: "ms"))
    var from: UInt64 = 0

    @Option(help: ArgumentHelp("Where the picture ends, in milliseconds.", valueName: "ms"))
    var to: UInt64?

    @Flag(help: "Reduce a failing course of events to the least that fails in the same way.")
    var shrink = false

    @Flag(help: "Do not shrink failing seeds.")
    var noShrink = false

    @Option(help: ArgumentHelp("Write the shrunk scenario to this file.", valueName: "file"))
    var output: String?

    @Option(help: ArgumentHelp("\(PlantedNames.help)", valueName: "fault"))
    var sabotage: String?

    @Option(
        help:
            "What is simulated: rings with modelled services, whole nodes with the programs on them, links of knet, or all."
    )
    var layer = Layer.all

    @Option(parsing: .unconditional, help: "Seeds run at the same time; by default one a processor.")
    var jobs: Int?

    @Option(help: "Stop after so many failing seeds.")
    var failures = 1

    @OptionGroup(title: "Forecast") var forecast: ForecastOptions

    func validate() throws {
        guard firstSeed > 0, (seed ?? 1) > 0, seedCount > 0 else {
            throw ValidationError("Seeds are numbers from 1 on.")
        }
        guard !isOne || seeds == nil && first == nil else {
            throw ValidationError(
                "--seeds and --first are of many seeds; leave them out beside --seed, --scenario and --case.")
        }
        guard (1...384).contains(nodes ?? 1) else { throw ValidationError("A ring has 1 to 384 nodes.") }
        guard UInt64(seedCount - 1) <= UInt64.max - firstSeed else {
            throw ValidationError("--first \(firstSeed) --seeds \(seedCount): the greatest seed is \(UInt64.max).")
        }
        guard (1...1024).contains(jobs ?? 1) else {
            throw ValidationError("--jobs \(jobs ?? 0): a number from 1 to 1024 is expected.")
        }
        guard failures > 0 else { throw ValidationError("--failures is a number from 1 on.") }
        if let sabotage { try PlantedNames.check(sabotage) }
        guard caseName == nil || layer.has(.ring) else {
            throw ValidationError("Known cases are of rings; leave --layer \(layer.rawValue) out.")
        }
        guard svg == nil || layer != .links else { throw ValidationError("There are no pictures of links.") }
        guard [seed != nil, scenario != nil, caseName != nil].count(where: { $0 }) <= 1 else {
            throw ValidationError("Give one of --seed, --scenario and --case.")
        }
        guard (scenario == nil && caseName == nil) || nodes == nil else {
            throw ValidationError("A scenario names its own nodes.")
        }
        guard isOne || !(trace || packets || svg != nil) else {
            throw ValidationError("A trace or picture is of one course of events: give --seed, --scenario or --case.")
        }
        guard from < to ?? .max, (to ?? 0) <= Self.longest, from <= Self.longest else {
            throw ValidationError("--from and --to are milliseconds, the first before the second.")
        }
        guard !(shrink && noShrink) else { throw ValidationError("Give one of --shrink and --no-shrink.") }
    }

    private var seedCount: Int { seeds ?? 200 }
    private var firstSeed: UInt64 { first ?? 1 }

    /// One course of events is asked for, not many seeds.
    private var isOne: Bool { seed != nil || scenario != nil || caseName != nil }

    func run() throws {
        if listCases {
            let width = (HardCase.all.map(\.name.count).max() ?? 0) + 2
            for hard in HardCase.all {
                print(hard.name + String(repeating: " ", count: width - hard.name.count) + hard.summary)
            }
            return
        }
        if forecast.isGiven {
            return try ForecastRun(options: forecast, nodes: nodes, seed: seed ?? 1, jobs: jobs).run()
        }
        if try !runCourses() { throw ExitCode(1) }
    }

    /// - Returns: whether all passed.
    private func runCourses() throws -> Bool {
        if let caseName { return try !ringRunner.run(.known(caseName), shrinks: shrink) }
        if let scenario { return try run(ScenarioFile(scenario)) }
        var failed = false
        // A fault is planted in the layer that has it.
        if layer.has(.ring), sabotage == nil || ringRunner.planted != nil { failed = try run(ringRunner) }
        if layer.has(.nodes), sabotage == nil || nodesRunner.planted != nil {
            failed = try run(second(nodesRunner, failed)) || failed
        }
        if layer.has(.links), sabotage == nil || linksRunner.planted != nil {
            failed = try run(second(linksRunner, failed)) || failed
        }
        return !failed
    }

    /// One file takes one picture, and one scenario.
    private func second<C>(_ runner: CourseRunner<C>, _ failed: Bool) -> CourseRunner<C> {
        var runner = runner
        if layer.has(.ring) { runner.picture = nil }
        if failed { runner.output = nil }
        return runner
    }

    private func run(_ file: ScenarioFile) throws -> Bool {
        guard layer.has(file.layer) else {
            throw ValidationError(
                "\(file.path) is of layer \(file.layer.rawValue), not \(layer.rawValue); leave --layer out.")
        }
        guard svg == nil || file.layer != .links else { throw ValidationError("There are no pictures of links.") }
        switch file.layer {
        case .ring: return try run(file, ringRunner)
        case .nodes: return try run(file, nodesRunner)
        case .links: return try run(file, linksRunner)
        }
    }

    private func run<C>(_ file: ScenarioFile, _ runner: CourseRunner<C>) throws -> Bool {
        guard sabotage == nil || runner.planted != nil else {
            throw ValidationError(
                "There is no fault '\(sabotage ?? "")' in \(file.path), a scenario of layer \(file.layer.rawValue).")
        }
        return try !runner.run(file.subject(), shrinks: shrink)
    }

    /// - Returns: whether a seed failed.
    private func run<C>(_ runner: CourseRunner<C>) throws -> Bool {
        if let seed { return try runner.run(.seed(seed, nodes: nodes), shrinks: shrink) }
        return try runner.runMany(
            first: firstSeed, count: seedCount, nodes: nodes, workers: workers, failureLimit: failures,
            shrinks: !noShrink)
    }

    private var ringRunner: CourseRunner<Scenario> { runner() }

    private var nodesRunner: CourseRunner<ClusterScenario> { runner() }

    private var linksRunner: CourseRunner<LinksScenario> { runner() }

    private func runner<C>() -> CourseRunner<C> {
        CourseRunner(
            planted: sabotage.flatMap(C.Planted.init(name:)), traces: trace || packets, tracesPackets: packets,
            picture: svg, window: window, output: output)
    }

    private var workers: Int { jobs ?? max(ProcessInfo.processInfo.activeProcessorCount, 1) }

    private static let longest: UInt64 = 1_000_000_000

    /// What the picture shows, in nanoseconds.
    private var window: Range<UInt64> { from * 1_000_000..<(to.map { $0 * 1_000_000 } ?? .max) }
}
