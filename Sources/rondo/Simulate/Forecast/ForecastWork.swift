import Foundation
import Simulator
import Synchronization

/// Which task is next, and what came out of each.
final class ForecastWork: Sendable {
    private struct State {
        var next = 0
        var parts: [ForecastPart?]
    }

    private let state: Mutex<State>

    init(_ count: Int) { state = Mutex(State(parts: Array(repeating: nil, count: count))) }

    func take() -> Int? {
        state.withLock { state in
            guard state.next < state.parts.count else { return nil }
            defer { state.next += 1 }
            return state.next
        }
    }

    func finish(_ index: Int, _ part: ForecastPart) { state.withLock { $0.parts[index] = part } }

    /// In the order of the tasks, whichever finished first.
    var parts: [ForecastPart] { state.withLock { $0.parts.compactMap { $0 } } }
}

/// A bar on a terminal; elsewhere a line now and then.
final class ForecastProgress: Sendable {
    private struct State {
        var done: UInt64 = 0
        var shownAt = Date()
    }

    private let state = Mutex(State())
    private let total: UInt64
    private let isTerminal = isatty(STDERR_FILENO) == 1
    private static let width = 40

    init(total: UInt64) {
        self.total = max(total, 1)
        if isTerminal { show(0) }
    }

    func done(_ weight: UInt64) {
        state.withLock { state in
            state.done += weight
            guard Date().timeIntervalSince(state.shownAt) >= (isTerminal ? 0.1 : 10) else { return }
            state.shownAt = Date()
            show(state.done)
        }
    }

    func end() { if isTerminal { FileHandle.standardError.write(Data("\r\u{1B}[K".utf8)) } }

    private func show(_ done: UInt64) {
        let share = min(Double(done) / Double(total), 1)
        let hours = { (nanoseconds: UInt64) in String(format: "%.1f", Double(nanoseconds) / 3600e9) }
        let percent = "\(Int(share * 100)) %"
        let text = "\(percent), \(hours(done)) of \(hours(total)) simulated hours"
        let filled = Int(share * Double(Self.width))
        let bar = String(repeating: "#", count: filled) + String(repeating: "-", count: Self.width - filled)
        let line = isTerminal ? "\r\u{1B}[K[\(bar)] \(text)" : "\(text)\n"
        FileHandle.standardError.write(Data(line.utf8))
    }
}
