import Basics
import ClusterConfiguration
import Links

/// The knet links that a configuration wants.
public struct LinksConfiguration: Sendable, Equatable {
    /// A link to another node.
    public struct Path: Sendable, Equatable {
        public var host: HostID
        public var link: LinkSettings
    }

    public var me: HostID
    public var settings: KnetSettings
    /// In the order in which they are added: by link, then by node.
    public var paths: [Path]
    /// Whether packets are sealed, and what that adds to them; nil where they are clear.
    public var overhead: SealOverhead?
}

extension LinksConfiguration {
    /// The links of a checked corosync.conf; nil where it wants another transport, or this node's id is none of knet's.
    public init?(_ configuration: ClusterConfiguration) {
        guard configuration.transport == .knet, let me = HostID(configuration.localNodeID) else { return nil }
        self.me = me
        let entries = configuration.entries
        settings = KnetSettings(
            policy: LinkPolicy(rawValue: entries.text("totem.link_mode") ?? "") ?? .passive,
            mtu: Int(entries.u32("totem.knet_mtu") ?? 0),
            probeInterval: UInt64(entries.u32("totem.knet_pmtud_interval") ?? 30) * 1000,
            compressionThreshold: Self.compressionThreshold(entries))
        paths = []
        overhead = configuration.crypto.suite.map {
            SealOverhead(hasCipher: $0.cipher != .none, hashSize: $0.hash.length)
        }
        for link in configuration.links {
            guard let number = UInt8(exactly: link.number).flatMap({ Links.LinkNumber($0) }),
                let local = link.localAddress,
                let timing = configuration.timings.links.first(where: { $0.number == link.number })
            else { continue }
            for member in link.members where member.nodeID != configuration.localNodeID {
                guard let host = HostID(member.nodeID) else { continue }
                paths.append(
                    Path(
                        host: host,
                        link: LinkSettings(
                            number: number, own: SocketAddress(local, port: link.port),
                            remote: SocketAddress(member.address, port: link.port),
                            timing: LinkTiming(
                                pingInterval: timing.pingInterval, timeout: timing.pingTimeout,
                                precision: link.knetPingPrecision, pongCount: UInt8(clamping: timing.pongCount)),
                            priority: link.priority)))
            }
        }
    }

    private static func compressionThreshold(_ entries: ConfigurationEntries) -> Int? {
        guard let model = entries.text("totem.knet_compression_model"), model != "none" else { return nil }
        let threshold = Int(entries.u32("totem.knet_compression_threshold") ?? 0)
        return threshold == 0 ? KnetSettings.standardCompressionThreshold : threshold
    }
}
