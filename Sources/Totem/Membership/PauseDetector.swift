import Basics

/// Notices that the whole process stood still: the joins that piled up meanwhile are stale, and are dropped until the
/// shell has emptied its sockets and calls `advance` (spec: totem.md 7, pause detection).
struct PauseDetector: Sendable {
    private var stamp: Instant?
    private(set) var isFlushing = false

    /// The process lives; called often.
    mutating func note(_ now: Instant) { stamp = now }

    mutating func socketsAreEmpty() { isFlushing = false }

    /// - Parameter limit: milliseconds.
    /// - Returns: the length of a pause that comes to light now, in milliseconds.
    mutating func detect(longerThan limit: UInt64, now: Instant) -> UInt64? {
        guard !isFlushing, let stamp else { return nil }
        let pause = now.milliseconds(since: stamp)
        guard pause > limit else { return nil }
        isFlushing = true
        return pause
    }
}
