import Basics

/// When a link may be asked whether datagrams as long as its path still pass: a question is such a datagram itself. What goes to
/// all leaves by links to all, so in a large ring these take turns by the second, and a node sends no more questions than in a
/// ring of `hostsASecond`.
struct QuestionTurn: Sendable, Equatable {
    /// Hosts whose links may be asked in one second.
    static let hostsASecond = 32
    private static let second: UInt64 = 1_000_000_000

    /// Seconds until all have had their turn.
    private let round: UInt64
    private let number: UInt64

    /// Every second.
    static let always = QuestionTurn(host: 0, of: 1)

    /// - Parameters:
    ///   - host: counted from 0.
    ///   - count: of all hosts.
    init(host: Int, of count: Int) {
        round = UInt64(max((count + Self.hostsASecond - 1) / Self.hostsASecond, 1))
        number = UInt64(max(host, 0)) % round
    }

    /// The first beginning of this turn that is not before `instant`; in a small ring that itself.
    func instant(notBefore instant: Instant) -> Instant {
        guard round > 1 else { return instant }
        let second = instant.adding(nanoseconds: Self.second - 1).nanoseconds / Self.second
        let wait = (number + round - second % round) % round
        return Instant(nanoseconds: 0).adding(milliseconds: (second + wait) * 1000)
    }
}
