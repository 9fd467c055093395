/// Lets a few lines of each kind through in a time, counts those it leaves out, and says how many they were.
///
/// A kind's time is a second at first. While lines are left out it doubles up to a minute, so that a flood that goes on for
/// days costs about as many lines a day as a busy ring; after a time without any it is forgotten.
public struct LineLimiter: Sendable {
    /// Lines of a kind in its time.
    public static let allowance = 10
    /// Milliseconds.
    static let shortestTime: UInt64 = 1000
    static let longestTime: UInt64 = 60_000
    /// Kinds that are told apart; all further ones share `LineKind.other`.
    static let capacity = 64

    private struct Entry: Sendable {
        var kind: LineKind
        var since: Instant
        /// Milliseconds.
        var time = LineLimiter.shortestTime
        var written = 0
        var leftOut: UInt64 = 0
        /// The last one written.
        var line: LogLine

        var end: Instant { since.adding(milliseconds: time) }
    }

    private var entries: [Entry] = []

    public init() {}

    /// Whether a line may be written now. Call `sumUp` before.
    public mutating func admits(_ line: LogLine, _ kind: LineKind, now: Instant) -> Bool {
        let index = place(of: kind, line, now)
        guard entries[index].written < Self.allowance else {
            entries[index].leftOut &+= 1
            return false
        }
        entries[index].written += 1
        entries[index].line = line
        return true
    }

    /// When `sumUp` has something to say; nil while nothing is left out.
    public var deadline: Instant? {
        entries.reduce(nil) { $1.leftOut > 0 ? earliest($0, $1.end) : $0 }
    }

    /// Ends the times that are over: a line for each kind of which lines were left out.
    ///
    /// - Parameter isLast: ends all of them, for the end of the log.
    public mutating func sumUp(now: Instant, isLast: Bool = false) -> [LogLine] {
        guard entries.contains(where: { isLast || $0.end <= now }) else { return [] }
        var lines: [LogLine] = []
        for index in entries.indices where isLast || entries[index].end <= now {
            let entry = entries[index]
            guard entry.leftOut > 0 else { continue }
            let seconds = max(now.milliseconds(since: entry.since) / 1000, 1)
            lines.append(
                LogLine(
                    entry.line.severity, entry.line.subsystem,
                    "\(entry.leftOut) more lines like this were left out in \(seconds) s: \(entry.line.text)"))
            entries[index].since = now
            entries[index].time = min(entry.time * 2, Self.longestTime)
            entries[index].written = 0
            entries[index].leftOut = 0
        }
        // Of those that were quiet nothing is kept.
        entries.removeAll { $0.end <= now }
        return lines
    }

    private mutating func place(of kind: LineKind, _ line: LogLine, _ now: Instant) -> Int {
        if let known = entries.firstIndex(where: { $0.kind == kind }) { return known }
        guard entries.count < Self.capacity || kind == .other else { return place(of: .other, line, now) }
        entries.append(Entry(kind: kind, since: now, line: line))
        return entries.count - 1
    }
}
