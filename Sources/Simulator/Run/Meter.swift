/// Counts, within a window of time, how often one node gets the token and how much it is given to deliver.
struct Meter: Sendable {
    /// Nanoseconds.
    private let window: Range<UInt64>
    private var lastToken: UInt64?
    /// Nanoseconds from one accepted token to the next.
    private(set) var intervals: [UInt64] = []
    private(set) var messages = 0
    private(set) var bytes = 0

    /// So many intervals tell enough.
    private static let limit = 4096

    init(_ window: Range<UInt64>) { self.window = window }

    var span: UInt64 { window.upperBound - window.lowerBound }

    mutating func tokenAccepted(at now: UInt64) {
        guard window.contains(now), intervals.count < Self.limit else { return }
        if let lastToken { intervals.append(now - lastToken) }
        lastToken = now
    }

    mutating func delivered(_ count: Int, at now: UInt64) {
        guard window.contains(now) else { return }
        messages += 1
        bytes += count
    }
}
