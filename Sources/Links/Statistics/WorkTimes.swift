/// How long sealing and compressing take, in nanoseconds. The shell does both and measures them: compression always, sealing
/// now and then, since a clock that is read for each packet costs, too.
public struct WorkTimes: Sendable, Equatable {
    /// Of one kind of work.
    public struct Course: Sendable, Equatable {
        /// The greatest number there is before anything was measured, as libknet's.
        public private(set) var least: UInt64 = .max
        public private(set) var greatest: UInt64 = 0
        private var sum: UInt64 = 0
        private var count: UInt64 = 0

        public var mean: UInt64 { count == 0 ? 0 : sum / count }

        public mutating func add(_ nanoseconds: UInt64) {
            least = min(least, nanoseconds)
            greatest = max(greatest, nanoseconds)
            sum &+= nanoseconds
            count &+= 1
        }
    }

    public var sealing = Course()
    public var opening = Course()
    public var compressing = Course()
    public var decompressing = Course()

    public init() {}
}
