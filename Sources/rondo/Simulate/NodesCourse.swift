import Foundation
import Simulator
import Synchronization

/// Seeds of whole nodes: runs them on all processors, shows how far they are, and reports what failed.
struct NodesCourse {
    let first: UInt64
    let count: Int
    var nodes: Int?
    var jobs: Int
    var failureLimit: Int
    var sabotage: ClusterSabotage?

    private struct State {
        var next: UInt64
        var left: Int
        var summary = NodesSummary()
        var failing: [ClusterOutcome] = []
        var shownAt: Date
    }

    func simulate(_ seed: UInt64, tracing: Bool) -> ClusterOutcome {
        var simulation = ClusterSimulation(.drawn(seed: seed, nodes: nodes), tracing: tracing, sabotage: sabotage)
        return simulation.run()
    }

    /// - Returns: whether a seed failed.
    func run() -> Bool {
        let isTerminal = isatty(STDERR_FILENO) == 1
        let state = Mutex(State(next: first, left: count, shownAt: isTerminal ? .distantPast : Date()))
        DispatchQueue.concurrentPerform(iterations: max(min(jobs, count), 1)) { _ in
            while let seed = take(state) {
                let outcome = simulate(seed, tracing: false)
                state.withLock { finish(outcome, &$0, isTerminal) }
            }
        }
        if isTerminal { write("\r\u{1B}[K") }
        let failing = state.withLock { $0.failing.sorted { $0.seed < $1.seed } }
        for outcome in failing { report(outcome, withTrace: true) }
        let last = first.addingReportingOverflow(UInt64(count - 1)).partialValue
        print("whole nodes, seeds \(first)…\(last): " + state.withLock { $0.summary.text })
        return !failing.isEmpty
    }

    /// - Returns: whether it failed.
    func runOne(tracing: Bool) -> Bool {
        let outcome = simulate(first, tracing: tracing)
        outcome.trace.forEach { print($0) }
        var summary = NodesSummary()
        summary.add(outcome)
        if outcome.violation != nil {
            report(outcome, withTrace: !tracing)
        } else {
            print("whole nodes: " + summary.text)
        }
        return outcome.violation != nil
    }

    private func take(_ state: borrowing Mutex<State>) -> UInt64? {
        state.withLock { state in
            guard state.left > 0, state.failing.count < failureLimit else { return nil }
            state.left -= 1
            defer { state.next &+= 1 }
            return state.next
        }
    }

    private func finish(_ outcome: ClusterOutcome, _ state: inout State, _ isTerminal: Bool) {
        state.summary.add(outcome)
        if outcome.violation != nil { state.failing.append(outcome) }
        guard Date().timeIntervalSince(state.shownAt) >= (isTerminal ? 0.2 : 10) else { return }
        state.shownAt = Date()
        let text = "whole nodes: \(state.summary.seeds) of \(count) seeds, \(state.failing.count) failed"
        write(isTerminal ? "\r\u{1B}[K\(text)" : "\(text)\n")
    }

    private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }

    /// The guarantee that was broken, how to see it again, and how it came about.
    private func report(_ outcome: ClusterOutcome, withTrace: Bool) {
        guard let violation = outcome.violation else { return }
        if withTrace {
            let trace = simulate(outcome.seed, tracing: true).trace
            if trace.count > Self.shownLines { print("… \(trace.count - Self.shownLines) lines before") }
            trace.suffix(Self.shownLines).forEach { print($0) }
            print("")
        }
        var replay = "rondo simulate --layer nodes --seed \(outcome.seed) --trace"
        if let nodes { replay += " --nodes \(nodes)" }
        if let sabotage { replay += " --sabotage \(sabotage.rawValue)" }
        print(
            "seed \(outcome.seed) of whole nodes breaks guarantee \(violation.invariant.rawValue): \(violation.invariant.title)"
        )
        print("  \(violation.text)")
        print("  replay: \(replay)")
        print("")
    }

    private static let shownLines = 80
}
