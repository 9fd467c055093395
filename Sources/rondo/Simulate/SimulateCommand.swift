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
            with the guarantee it broke, the command that replays it, and the end of its trace.

            Exit status: 0 when all seeds passed, 1 when one failed, 64 when the command line is wrong.
            """)

    @Option(help: "How many seeds to run.")
    var seeds = 200

    @Option(help: "The first seed.")
    var first: UInt64 = 1

    @Option(help: "Run this one seed only.")
    var seed: UInt64?

    @Option(help: "Number of nodes (1 to 384), instead of the seed's own.")
    var nodes: Int?

    @Flag(help: "Print what happens, one line an event (with --seed).")
    var trace = false

    @Flag(help: "Print every packet too (with --seed).")
    var packets = false

    @Option(
        help: ArgumentHelp(
            "Plant a fault for the checks to find: \(Sabotage.allCases.map(\.rawValue).joined(separator: ", ")).",
            valueName: "fault"))
    var sabotage: String?

    @Option(help: "Seeds run at the same time; by default one a processor.")
    var jobs: Int?

    @Option(help: "Stop after so many failing seeds.")
    var failures = 1

    func validate() throws {
        guard (seed ?? first) > 0, seeds > 0 else { throw ValidationError("Seeds are numbers from 1 on.") }
        guard (1...384).contains(nodes ?? 1) else { throw ValidationError("A ring has 1 to 384 nodes.") }
        guard (1...1024).contains(jobs ?? 1), failures > 0 else {
            throw ValidationError("--jobs and --failures are numbers from 1 on.")
        }
        guard sabotage == nil || plannedSabotage != nil else {
            throw ValidationError(
                "There is no fault '\(sabotage ?? "")'. There are: "
                    + Sabotage.allCases.map(\.rawValue).joined(separator: ", "))
        }
        guard seed != nil || !(trace || packets) else { throw ValidationError("A trace is of one seed: give --seed.") }
    }

    private var plannedSabotage: Sabotage? { sabotage.flatMap(Sabotage.init(rawValue:)) }

    func run() throws {
        let failed = seed.map(runOne) ?? runMany()
        if failed { throw ExitCode(1) }
    }

    private func simulate(_ seed: UInt64, tracing: Bool) -> SimulationOutcome {
        var simulation = Simulation(
            .drawn(seed: seed, nodes: nodes), tracing: tracing, packets: packets, sabotage: plannedSabotage)
        return simulation.run()
    }

    private func runOne(_ seed: UInt64) -> Bool {
        let outcome = simulate(seed, tracing: trace || packets)
        outcome.trace.forEach { print($0) }
        var summary = Summary()
        summary.add(outcome)
        if outcome.violation != nil {
            report(outcome, withTrace: !(trace || packets))
        } else {
            print(summary.text)
        }
        return outcome.violation != nil
    }

    private func runMany() -> Bool {
        let last = first.addingReportingOverflow(UInt64(seeds - 1)).partialValue
        let workers = jobs ?? max(ProcessInfo.processInfo.activeProcessorCount, 1)
        let shared = Campaign(first: first, count: seeds, failureLimit: failures)
        DispatchQueue.concurrentPerform(iterations: min(workers, seeds)) { _ in
            while let seed = shared.take() {
                shared.finish(simulate(seed, tracing: false))
            }
        }
        shared.endProgress()
        for outcome in shared.failing { report(outcome, withTrace: true) }
        print("seeds \(first)…\(last): " + shared.summary.text)
        return !shared.failing.isEmpty
    }

    /// The guarantee that was broken, how to see it again, and how it came about.
    private func report(_ outcome: SimulationOutcome, withTrace: Bool) {
        guard let violation = outcome.violation else { return }
        var replay = "rondo simulate --seed \(outcome.seed) --trace"
        if let nodes { replay += " --nodes \(nodes)" }
        if let sabotage { replay += " --sabotage \(sabotage)" }
        if withTrace {
            let trace = simulate(outcome.seed, tracing: true).trace
            let shown = trace.suffix(Self.shownLines)
            if shown.count < trace.count { print("… \(trace.count - shown.count) lines before") }
            shown.forEach { print($0) }
            print("")
        }
        print("seed \(outcome.seed) breaks guarantee \(violation.invariant.rawValue): \(violation.invariant.title)")
        print("  \(violation.text)")
        print("  replay: \(replay)")
        print("")
    }

    private static let shownLines = 80
}
