import ArgumentParser
import Foundation
import Simulator

/// `rondo simulate`: rings under virtual time and seeded faults, with every invariant checked.
struct SimulateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Run rings under virtual time and faults, and check that their guarantees hold.",
        discussion: """
            Each seed is one course of events: a cluster, a network with its faults, senders, crashes, partitions, \
            pauses. The same seed gives the same course on every machine. Prints a summary; a failing seed is shown \
            with the guarantee it broke, the command that replays it, and the end of its trace, and is shrunk: to few \
            nodes, faults and messages that break the same guarantee, as a text that --scenario replays.

            Exit status: 0 when all seeds passed, 1 when one failed, 64 when the command line or a scenario is wrong.
            """)

    @Option(help: "How many seeds to run.")
    var seeds = 200

    @Option(help: "The first seed.")
    var first: UInt64 = 1

    @Option(help: "Run this one seed only.")
    var seed: UInt64?

    @Option(
        help: ArgumentHelp(
            "Run the scenario in this file, as --shrink writes it; - for standard input.", valueName: "file"))
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

    @Option(help: ArgumentHelp("Draw the run to this file (one course of events).", valueName: "file"))
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

    @Option(
        help: ArgumentHelp(
            "Plant a fault for the checks to find: \(Sabotage.allCases.map(\.rawValue).joined(separator: ", ")).",
            valueName: "fault"))
    var sabotage: String?

    @Option(help: "What is simulated: rings with modelled services, whole nodes with the programs on them, or both.")
    var layer = Layer.both

    @Option(help: "Seeds run at the same time; by default one a processor.")
    var jobs: Int?

    @Option(help: "Stop after so many failing seeds.")
    var failures = 1

    @OptionGroup(title: "Forecast") var forecast: ForecastOptions

    func validate() throws {
        guard (seed ?? first) > 0, seeds > 0 else { throw ValidationError("Seeds are numbers from 1 on.") }
        guard (1...384).contains(nodes ?? 1) else { throw ValidationError("A ring has 1 to 384 nodes.") }
        guard (1...1024).contains(jobs ?? 1), failures > 0 else {
            throw ValidationError("--jobs and --failures are numbers from 1 on.")
        }
        guard sabotage == nil || plannedSabotage != nil || nodesSabotage != nil else {
            throw ValidationError(
                "There is no fault '\(sabotage ?? "")'. There are: "
                    + Sabotage.allCases.map(\.rawValue).joined(separator: ", ") + "; of whole nodes: "
                    + ClusterSabotage.allCases.map(\.rawValue).joined(separator: ", "))
        }
        guard (scenario == nil && caseName == nil) || layer != .nodes else {
            throw ValidationError("Scenarios in files and known cases are of rings.")
        }
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

    /// One course of events is asked for, not many seeds.
    private var isOne: Bool { seed != nil || scenario != nil || caseName != nil }

    private var plannedSabotage: Sabotage? { sabotage.flatMap(Sabotage.init(rawValue:)) }

    private var nodesSabotage: ClusterSabotage? { sabotage.flatMap(ClusterSabotage.init(rawValue:)) }

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
        var failed = false
        // A fault is planted in the layer that has it.
        if layer.hasRing, sabotage == nil || plannedSabotage != nil { failed = try subject().map(runOne) ?? runMany() }
        if layer.hasNodes, scenario == nil, caseName == nil, sabotage == nil || nodesSabotage != nil {
            let course = NodesCourse(
                first: seed ?? first, count: seeds, nodes: nodes, jobs: workers, failureLimit: failures,
                sabotage: nodesSabotage)
            failed = (isOne ? course.runOne(tracing: trace || packets) : course.run()) || failed
        }
        if failed { throw ExitCode(1) }
    }

    private var workers: Int { jobs ?? max(ProcessInfo.processInfo.activeProcessorCount, 1) }

    private func subject() throws -> Subject? {
        if let scenario { return try .file(scenario) }
        if let caseName { return try .known(caseName) }
        return seed.map { .seed($0, nodes: nodes) }
    }

    private static let longest: UInt64 = 1_000_000_000

    /// What the picture shows, in nanoseconds.
    private var window: Range<UInt64> { from * 1_000_000..<(to.map { $0 * 1_000_000 } ?? .max) }

    private func simulate(_ scenario: Scenario, tracing: Bool, recording: Bool = false) -> SimulationOutcome {
        var simulation = Simulation(scenario, tracing: tracing, packets: packets, sabotage: plannedSabotage)
        if recording { simulation.record(packetsIn: window) }
        return simulation.run()
    }

    private func runOne(_ subject: Subject) throws -> Bool {
        let outcome = simulate(
            subject.scenario, tracing: trace || packets, recording: svg != nil || subject.hardCase != nil)
        outcome.trace.forEach { print($0) }
        if let svg { try draw(subject, outcome, to: svg) }
        guard outcome.violation != nil else {
            var summary = Summary()
            summary.add(outcome)
            print(summary.text)
            guard let hard = subject.hardCase else { return false }
            print("  \(hard.summary)")
            guard let problem = hard.disappointment(outcome) else {
                print("  so it was")
                return false
            }
            print("  but: \(problem)")
            return true
        }
        report(subject, outcome, withTrace: !(trace || packets || shrink))
        if shrink || output != nil { try shrink(subject, limits: Shrinker.Limits()) }
        return true
    }

    private func draw(_ subject: Subject, _ outcome: SimulationOutcome, to path: String) throws {
        let title = "rondo simulate \(subject.arguments)\(sabotageArgument)"
        guard let picture = RunPicture.draw(subject.scenario, outcome, title: title, window: window) else { return }
        try Data(picture.utf8).write(to: URL(fileURLWithPath: path))
    }

    private func runMany() throws -> Bool {
        let last = first.addingReportingOverflow(UInt64(seeds - 1)).partialValue
        let shared = Campaign(first: first, count: seeds, failureLimit: failures)
        DispatchQueue.concurrentPerform(iterations: min(workers, seeds)) { _ in
            while let seed = shared.take() {
                shared.finish(simulate(.drawn(seed: seed, nodes: nodes), tracing: false))
            }
        }
        shared.endProgress()
        for outcome in shared.failing {
            let subject = Subject.seed(outcome.seed, nodes: nodes)
            report(subject, outcome, withTrace: true)
            if !noShrink { try shrink(subject, limits: Shrinker.Limits(runs: 300, events: 20_000_000)) }
        }
        print("seeds \(first)…\(last): " + shared.summary.text)
        return !shared.failing.isEmpty
    }

    /// The guarantee that was broken, how to see it again, and how it came about.
    private func report(_ subject: Subject, _ outcome: SimulationOutcome, withTrace: Bool) {
        guard let violation = outcome.violation else { return }
        if withTrace {
            let trace = simulate(subject.scenario, tracing: true).trace
            let shown = trace.suffix(Self.shownLines)
            if shown.count < trace.count { print("… \(trace.count - shown.count) lines before") }
            shown.forEach { print($0) }
            print("")
        }
        print("\(subject.title) breaks guarantee \(violation.invariant.rawValue): \(violation.invariant.title)")
        print("  \(violation.text)")
        print("  replay: rondo simulate \(subject.arguments)\(sabotageArgument) --trace")
        print("")
    }

    private func shrink(_ subject: Subject, limits: Shrinker.Limits) throws {
        guard let report = ShrinkReport(subject, sabotage: plannedSabotage, limits: limits) else { return }
        print(report.text(of: subject))
        let replayable = report.replayable(subject, sabotage: plannedSabotage)
        if let output {
            try Data(replayable.utf8).write(to: URL(fileURLWithPath: output))
            print("  replay: rondo simulate --scenario \(output)\(sabotageArgument) --trace")
        } else {
            print("save the lines below to a FILE; replay: rondo simulate --scenario FILE\(sabotageArgument) --trace")
            print("")
            print(replayable, terminator: "")
        }
        print("")
    }

    private var sabotageArgument: String { sabotage.map { " --sabotage \($0)" } ?? "" }

    private static let shownLines = 80
}
