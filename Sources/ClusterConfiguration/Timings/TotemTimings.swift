/// The plain numbers the ring works with; times in milliseconds (spec: configuration.md 5, totem.md 7).
public struct TotemTimings: Sendable, Hashable {
    /// The knet timers of one link.
    public struct Link: Sendable, Hashable {
        public var number: Int
        public var pingInterval: UInt32
        public var pingTimeout: UInt32
        public var pongCount: UInt32
    }

    /// Members of link 0, with which the token was scaled.
    public var nodeCount: UInt32 = 0
    /// All nodes of the node list, on whichever link.
    public var ringSize: UInt32 = 0
    public var token: UInt32 = 0
    /// `totem.token` as it is written, before it is scaled with the number of nodes.
    public var writtenToken: UInt32 = 0
    /// Percent of `token` after which a warning is logged; 0 for none.
    public var tokenWarning: UInt32 = 0
    public var tokenRetransmitsBeforeLoss: UInt32 = 0
    public var tokenRetransmit: UInt32 = 0
    public var hold: UInt32 = 0
    public var join: UInt32 = 0
    public var sendJoin: UInt32 = 0
    public var consensus: UInt32 = 0
    public var merge: UInt32 = 0
    public var downcheck: UInt32 = 0
    /// Rotations.
    public var failRecvConst: UInt32 = 0
    /// Rotations.
    public var seqnoUnchangedConst: UInt32 = 0
    /// Token visits.
    public var missCountConst: UInt32 = 0
    /// Messages of all nodes in one rotation.
    public var windowSize: UInt32 = 0
    /// Messages of one node in one rotation.
    public var maxMessages: UInt32 = 0
    /// 0 for no heartbeat.
    public var heartbeatFailuresAllowed: UInt32 = 0
    public var maxNetworkDelay: UInt32 = 0
    public var blockUnlistedIPs = true
    public var cancelTokenHoldOnRetransmit = false
    /// Seconds.
    public var knetPathMTUInterval: UInt32 = 0
    /// Bytes; 0 to measure.
    public var knetMTU: UInt32 = 0
    public var knetCompressionModel = "none"
    public var knetCompressionThreshold: UInt32 = 0
    public var knetCompressionLevel: Int32 = 0
    public var links: [Link] = []

    public init() {}

    /// How long the token may be silent before a warning, in ms; nil when the warning is off.
    public var tokenWarningInterval: UInt32? {
        tokenWarning == 0 ? nil : UInt32(truncatingIfNeeded: UInt64(tokenWarning &* token) / 100)
    }

    /// The heartbeat's timeout in ms; nil when it is off, also because it would not be below the token timeout
    /// (spec: configuration.md 5.4).
    public var heartbeatTimeout: UInt32? {
        guard heartbeatFailuresAllowed > 0 else { return nil }
        let timeout = UInt64(heartbeatFailuresAllowed) * UInt64(tokenRetransmit) + UInt64(maxNetworkDelay)
        return timeout < UInt64(token) ? UInt32(truncatingIfNeeded: timeout) : nil
    }
}
