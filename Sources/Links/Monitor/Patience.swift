import Basics

/// How long a link may be silent before it is down: libknet's timeout, which is up to ten times the configured one right
/// after a link's start or fall and becomes shorter by one each second (spec: knet.md 8).
///
/// That patience is meant for a host that nothing else leads to. Where another link does, it would only lose packets:
/// there the timeout is the configured one from the first moment on (spec: knet.md 18).
struct Patience: Sendable {
    private static let most: UInt64 = 10
    private static let second: UInt64 = 1_000_000_000
    private var since: Instant

    init(now: Instant) { since = now }

    /// The link was configured or went down.
    mutating func renew(now: Instant) { since = now }

    /// When a link is down whose last pong came at `lastPong`.
    func deadline(lastPong: Instant, latency: Latency, timing: LinkTiming, isAlone: Bool) -> Instant {
        let settled = lastPong.adding(nanoseconds: 2 * latency.nanoseconds)
        guard isAlone else { return settled.adding(nanoseconds: timing.timeoutNanoseconds) }
        for factor in (2...Self.most).reversed() {
            // While the factor holds, from `start` up to the next second.
            let start = since.adding(nanoseconds: (Self.most - factor) * Self.second)
            let due = max(start, settled.adding(nanoseconds: factor &* timing.timeoutNanoseconds))
            if due < start.adding(nanoseconds: Self.second) { return due }
        }
        let start = since.adding(nanoseconds: (Self.most - 1) * Self.second)
        return max(start, settled.adding(nanoseconds: timing.timeoutNanoseconds))
    }
}
