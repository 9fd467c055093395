/// When waiting ends; without a limit, never.
struct WaitLimit {
    private let end: ContinuousClock.Instant?

    init(_ limit: Duration?) { end = limit.map { ContinuousClock.now + $0 } }

    /// Milliseconds to wait in one go, at least one; nil when the time is up.
    func slice(atMost longest: Int32) -> Int32? {
        guard let end else { return longest }
        let rest = end - ContinuousClock.now
        guard rest > .zero else { return nil }
        guard rest < .milliseconds(Int64(longest)) else { return longest }
        return max(Int32(rest / .milliseconds(1)), 1)
    }
}
