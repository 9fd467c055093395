/// Lets a few lines of each kind through, counts those it leaves out, and says how many they were.
///
/// Each kind has an allowance, and so has each family of kinds: a user of many names cannot write more for it, and what he
/// does hides nothing of another family. How many were left out is told after a second at first; while it goes on that
/// time doubles up to a minute. So a flood that goes on for days costs about as many lines a day as a busy ring, in whatever
/// bursts it comes.
public struct LineLimiter: Sendable {
    /// Lines of a kind at once.
    public static let allowance = 10
    /// Milliseconds after which a kind may have another line.
    static let pause: UInt64 = 6000
    /// The same of a family.
    public static let familyAllowance = 30
    static let familyPause: UInt64 = 3000
    /// Milliseconds.
    static let shortestTime: UInt64 = 1000
    static let longestTime: UInt64 = 60_000

    /// Lines that were left out.
    private struct Omission: Sendable {
        var count: UInt64 = 0
        var since: Instant
        /// Milliseconds.
        var time = LineLimiter.shortestTime

        var end: Instant { since.adding(milliseconds: time) }

        mutating func add(_ now: Instant) {
            if count == 0, end < now { since = now }
            count &+= 1
        }

        /// Nothing is kept of it after the longest time without any.
        func isOver(_ now: Instant) -> Bool {
            count == 0 && since.adding(milliseconds: LineLimiter.longestTime) <= now
        }

        /// The line for them; begins the next time.
        mutating func sumUp(_ line: LogLine, _ now: Instant) -> LogLine {
            let seconds = max(now.milliseconds(since: since) / 1000, 1)
            let text = "\(count) more lines like this were left out in \(seconds) s: \(line.text)"
            self = Omission(since: now, time: min(time * 2, LineLimiter.longestTime))
            return LogLine(line.severity, line.subsystem, text)
        }
    }

    private struct Entry: Sendable {
        /// Nil: all kinds of the family.
        let kind: LineKind?
        let family: LineKind.Family
        var lines: LineAllowance
        var omission: Omission
        /// The last one written; of a family the last one left out.
        var line: LogLine
    }

    /// One for each family that has had a line, and one for each kind whose allowance is not whole. A kind gets one with a
    /// line that is written, so its family's allowance bounds them.
    private var entries: [Entry] = []

    public init() {}

    /// Whether a line may be written now. Call `sumUp` before.
    public mutating func admits(_ line: LogLine, _ kind: LineKind, now: Instant) -> Bool {
        let all = place(of: nil, kind.family, line, now)
        let known = entries.firstIndex { $0.kind == kind }
        if let known, entries[known].lines.isSpent(now) {
            entries[known].omission.add(now)
            return false
        }
        guard !entries[all].lines.isSpent(now) else {
            entries[all].line = line
            entries[all].omission.add(now)
            return false
        }
        let own = known ?? place(of: kind, kind.family, line, now)
        entries[all].lines.take(now)
        entries[own].lines.take(now)
        entries[own].line = line
        return true
    }

    /// When `sumUp` has something to say; nil while nothing is left out.
    public var deadline: Instant? {
        entries.reduce(nil) { $1.omission.count > 0 ? earliest($0, $1.omission.end) : $0 }
    }

    /// A line for each kind of which lines were left out, when it is time to tell.
    ///
    /// - Parameter isLast: tells of all of them, for the end of the log.
    public mutating func sumUp(now: Instant, isLast: Bool = false) -> [LogLine] {
        var lines: [LogLine] = []
        for index in entries.indices {
            let omission = entries[index].omission
            guard omission.count > 0, isLast || omission.end <= now else { continue }
            lines.append(entries[index].omission.sumUp(entries[index].line, now))
        }
        entries.removeAll { $0.lines.isWhole(now) && $0.omission.isOver(now) }
        return lines
    }

    private mutating func place(
        of kind: LineKind?, _ family: LineKind.Family, _ line: LogLine, _ now: Instant
    ) -> Int {
        if let known = entries.firstIndex(where: { $0.kind == kind && $0.family == family }) { return known }
        let lines =
            kind == nil
            ? LineAllowance(burst: UInt64(Self.familyAllowance), pause: Self.familyPause, now: now)
            : LineAllowance(burst: UInt64(Self.allowance), pause: Self.pause, now: now)
        entries.append(
            Entry(kind: kind, family: family, lines: lines, omission: Omission(since: now), line: line))
        return entries.count - 1
    }
}
