/// What holds for all links of a node.
///
/// There is no switch for access lists (`totem.block_unlisted_ips`): links are static, so that a datagram from an address
/// that is no link's is never of use, and is always dropped.
public struct KnetSettings: Sendable, Equatable {
    public var policy: LinkPolicy
    /// `totem.knet_mtu`: bytes of the IP packets to be sent, without any probing; 0 to find them out.
    public var mtu: Int
    /// `totem.knet_pmtud_interval`: milliseconds after which a known path MTU is tried again.
    public var probeInterval: UInt64
    /// What a threshold of 0 means, in bytes (spec: knet.md 7).
    public static let standardCompressionThreshold = 100
    /// Packets longer than this many bytes are worth compressing; nil while no model is configured.
    public var compressionThreshold: Int?

    public init(
        policy: LinkPolicy = .passive, mtu: Int = 0, probeInterval: UInt64 = 30_000, compressionThreshold: Int? = nil
    ) {
        self.policy = policy
        self.mtu = mtu
        self.probeInterval = max(probeInterval, 1)
        self.compressionThreshold = compressionThreshold
    }
}
