/// How one link is watched (spec: knet.md 8).
public struct LinkTiming: Sendable, Equatable {
    /// Milliseconds from ping to ping, at least 1.
    public let pingInterval: UInt32
    /// Milliseconds without a pong after which a settled link is down, at least 1.
    public let timeout: UInt32
    /// Round trips that the mean of the latency remembers, at least 1.
    public let precision: UInt32
    /// The pong after this many brings a link up.
    public let pongCount: UInt8

    public init(pingInterval: UInt32, timeout: UInt32, precision: UInt32 = 2048, pongCount: UInt8 = 2) {
        self.pingInterval = max(pingInterval, 1)
        self.timeout = max(timeout, 1)
        self.precision = max(precision, 1)
        self.pongCount = pongCount
    }

    var intervalNanoseconds: UInt64 { UInt64(pingInterval) * 1_000_000 }
    var timeoutNanoseconds: UInt64 { UInt64(timeout) * 1_000_000 }
}
