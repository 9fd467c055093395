/// A few lines at once, and then one after each pause: over any length of time no more than that, however they come.
struct LineAllowance: Sendable {
    /// Lines at once, after a time without any.
    let burst: UInt64
    /// Milliseconds after which there is one more.
    let pause: UInt64
    /// When all lines are there again.
    private var whole: Instant

    init(burst: UInt64, pause: UInt64, now: Instant) {
        self.burst = burst
        self.pause = pause
        whole = now
    }

    func isSpent(_ now: Instant) -> Bool {
        let missing = whole.nanoseconds(since: now)
        return missing > Instant(nanoseconds: 0).adding(milliseconds: pause &* (burst &- 1)).nanoseconds
    }

    func isWhole(_ now: Instant) -> Bool { whole <= now }

    mutating func take(_ now: Instant) { whole = max(whole, now).adding(milliseconds: pause) }
}
