/// Notices when file descriptors run out, and when there are enough again (spec: ipc.md 2.2).
public struct DescriptorBudget: Sendable {
    /// Descriptors kept back for the daemon's own files.
    private static let reserve = 50
    /// Of these, those that connections may use which are only going to be refused.
    private static let refusals = 25

    public private(set) var isLow = false

    public init() {}

    /// - Parameters:
    ///   - limit: the soft limit of open descriptors.
    ///   - used: the descriptors the event loop watches.
    /// - Returns: descriptors still available, when `isLow` has just changed.
    public mutating func update(limit: Int, used: Int) -> Int? {
        let available = limit - Self.reserve - used
        let low = isLow ? available <= 2 : available <= 1
        guard low != isLow else { return nil }
        isLow = low
        return available
    }

    /// Whether a connection may be accepted, if only to be told that descriptors are few.
    public func allowsRefusals(limit: Int, used: Int) -> Bool { limit - used > Self.reserve - Self.refusals }
}
