import ClusterConfiguration

/// What a demonstration is to be like.
public struct DemonstrationOptions: Sendable {
    public static let nodeLimits = 2...32
    /// In percent; beyond, a ring spends its time repairing itself.
    public static let lossLimits = 0.0...20.0
    /// Per second and node.
    public static let rateLimits: ClosedRange<UInt32> = 1...200

    /// How the nodes reach each other.
    public enum Network: Sendable, Equatable {
        /// Each packet of the ring is one datagram, in the clear.
        case udpu
        /// Over two links of each node, sealed unless that is not wanted or libcrypto is not there.
        case knet(isSealed: Bool)
    }

    public var nodes = 3
    public var network = Network.udpu
    /// How long the whole run is to take; nil for what suits the timings.
    public var seconds: UInt32?
    /// Percent of the datagrams that arrive which are thrown away.
    public var loss = 0.0
    /// Where the timings come from: a corosync.conf, whose nodelist does not matter; nil for Corosync's defaults.
    public var document: ConfigurationDocument?
    /// Keys such as `totem.token` with the values they have instead.
    public var settings: [(key: String, value: String)] = []
    /// Messages a node sends in a second.
    public var messagesPerSecond: UInt32 = 20
    public var seed: UInt64 = 1
    /// 0 for any free one.
    public var port: UInt16 = 0
    /// The node that is killed, from 1; nil for the last.
    public var victim: Int?

    public init() {}
}

/// Why a demonstration cannot begin; the text says what to do about it.
public struct DemonstrationError: Error, CustomStringConvertible {
    public var description: String
    /// Whether the command line or the configuration is at fault rather than the machine.
    public var isUsage: Bool

    public init(_ description: String, isUsage: Bool = false) {
        self.description = description
        self.isUsage = isUsage
    }
}
