import Foundation
import Simulator
import Synchronization

/// Many seeds on all processors: who runs which, how far they are, and what came out.
final class Campaign<C: RunnableCourse>: Sendable {
    private struct State {
        var next: UInt64
        var left: Int
        var summary = Summary()
        var failing: [RunOutcome<C.Guarantee>] = []
        var shownAt = Date.distantPast
    }

    private let state: Mutex<State>
    private let count: Int
    private let failureLimit: Int
    private let isTerminal = isatty(STDERR_FILENO) == 1
    /// Seconds between two reports of progress.
    private var interval: Double { isTerminal ? 0.2 : 10 }

    init(first: UInt64, count: Int, failureLimit: Int) {
        state = Mutex(State(next: first, left: count, shownAt: isTerminal ? .distantPast : Date()))
        self.count = count
        self.failureLimit = failureLimit
    }

    /// The next seed; nil when there is nothing left to do.
    func take() -> UInt64? {
        state.withLock { state in
            guard state.left > 0, state.failing.count < failureLimit else { return nil }
            state.left -= 1
            defer { state.next &+= 1 }
            return state.next
        }
    }

    func finish(_ outcome: RunOutcome<C.Guarantee>) {
        state.withLock { state in
            state.summary.add(outcome)
            if outcome.violation != nil { state.failing.append(outcome) }
            guard Date().timeIntervalSince(state.shownAt) >= interval else { return }
            state.shownAt = Date()
            show("\(C.layer.prefix)\(state.summary.seeds) of \(count) seeds, \(state.failing.count) failed")
        }
    }

    func endProgress() { if isTerminal { FileHandle.standardError.write(Data("\r\u{1B}[K".utf8)) } }

    /// In the order of their seeds, whichever finished first.
    var failing: [RunOutcome<C.Guarantee>] { state.withLock { $0.failing.sorted { $0.seed < $1.seed } } }

    var summary: Summary { state.withLock { $0.summary } }

    private func show(_ text: String) {
        let line = isTerminal ? "\r\u{1B}[K\(text)" : "\(text)\n"
        FileHandle.standardError.write(Data(line.utf8))
    }
}
