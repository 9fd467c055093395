import Basics

/// What speaks against a connected link before its timeout: the peer is asked again, faster than usual, and until it has
/// answered the link is not trusted alone.
///
/// Reports of the network (ICMP) are not authenticated, so they are a reason to ask and never a proof (spec: knet.md 13.2).
struct Doubt: Sendable, Equatable {
    enum Cause: Sendable, Equatable {
        /// A ping has no answer although one should have come.
        case silence
        /// The network or the kernel says that the peer cannot be reached.
        case report
    }

    /// Questions after a report that have to stay without an answer before the link is down.
    static let questions = 3

    private(set) var cause: Cause
    /// Pings with this number and later ones refute it.
    let firstPing: UInt64
    /// When the peer is asked again.
    private(set) var next: Instant
    private let gap: UInt64
    private(set) var asked = 1

    /// A doubt whose first question leaves now, and another each `gap` nanoseconds, at least 1.
    init(_ cause: Cause, firstPing: UInt64, gap: UInt64, now: Instant) {
        self.cause = cause
        self.firstPing = firstPing
        self.gap = max(gap, 1)
        next = now.adding(nanoseconds: max(gap, 1))
    }

    /// Enough questions after a report are without an answer.
    var isProven: Bool { cause == .report && asked >= Doubt.questions }

    /// Nobody has listened for answers: those asked for so far prove nothing.
    mutating func beginAnew(now: Instant) {
        cause = .silence
        asked = 1
        next = now.adding(nanoseconds: gap)
    }

    /// A further question leaves now.
    mutating func ask(now: Instant) {
        asked += 1
        next = now.adding(nanoseconds: gap)
    }
}
