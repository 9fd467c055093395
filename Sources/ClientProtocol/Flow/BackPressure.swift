import Basics

/// Whether local programs that read slowly hold back their node and slow its ring down.
///
/// Only what waits for programs that still read counts: one that has stopped would hold up the whole cluster for as long as it
/// likes. Once on, it stays on until half of the limit waits.
public struct BackPressure: Sendable {
    /// Milliseconds after its last read for which what waits for a program counts.
    public static let patience: UInt64 = 2000
    /// Milliseconds for which a program that reads, but never enough, counts: after these only its own limit holds it.
    public static let longest: UInt64 = 10_000
    /// Milliseconds after which it is worth a word: under full load it comes and goes many times a second.
    public static let noteworthy: UInt64 = 1000

    /// Bytes.
    public var limit: Int
    public private(set) var isOn = false
    /// Since when it has been on, until that has been told.
    private var untoldSince: Instant?

    public init(limit: Int) { self.limit = limit }

    /// What of the bytes that wait for a program counts.
    ///
    /// - Parameter behind: since when more has waited for it than releases everybody; nil while less does.
    public static func share(of waiting: Int, lastRead: Instant, behind: Instant?, now: Instant) -> Int {
        if let behind, now.milliseconds(since: behind) > longest { return 0 }
        return now.milliseconds(since: lastRead) <= patience ? waiting : 0
    }

    /// - Parameter waiting: bytes that count, of all programs together.
    /// - Returns: whether it is on or off from now on, and was not before.
    public mutating func update(waiting: Int, now: Instant) -> Bool {
        let wasOn = isOn
        isOn = waiting > (isOn ? limit / 2 : limit)
        guard isOn != wasOn else { return false }
        untoldSince = isOn ? now : nil
        return true
    }

    /// Whether it has been on for so long that it is to be told; once each time.
    public mutating func takeNews(now: Instant) -> Bool {
        guard let since = untoldSince, now.milliseconds(since: since) >= Self.noteworthy else { return false }
        untoldSince = nil
        return true
    }
}
