/// How long to go on asking while the engine says "try again" (`CS_ERR_TRY_AGAIN`): during a membership change, while
/// its queues are full, or while it starts.
///
/// The pause between two tries doubles from `firstPause` to `longestPause`. After `limit` the error is thrown, with the
/// code `tryAgain`. Waiting suspends the task and blocks no thread; a cancelled task stops waiting at once.
public struct Patience: Hashable, Sendable {
    /// Time after which the last answer is thrown as an error.
    public var limit: Duration
    /// Pause after the first refusal.
    public var firstPause: Duration
    /// No pause is longer.
    public var longestPause: Duration

    /// Patience of this length; `Patience.standard` suits most programs.
    public init(
        limit: Duration, firstPause: Duration = .milliseconds(1), longestPause: Duration = .milliseconds(100)
    ) {
        self.limit = limit
        self.firstPause = firstPause
        self.longestPause = longestPause
    }

    /// Half a minute: longer than a ring with usual timeouts needs to form anew.
    public static let standard = Patience(limit: .seconds(30))

    /// The first refusal is final.
    public static let none = Patience(limit: .zero)

    /// The pauses one after the other.
    struct Pauses {
        private var next: Duration
        private let longest: Duration

        init(_ patience: Patience) {
            next = patience.firstPause
            longest = max(patience.longestPause, patience.firstPause)
        }

        mutating func take() -> Duration {
            defer { next = min(next * 2, longest) }
            return next
        }
    }
}
