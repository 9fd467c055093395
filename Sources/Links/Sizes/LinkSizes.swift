import Basics

/// How much of a packet fits on a link: path MTU, IP and UDP headers, sealing and knet's own header (spec: knet.md 9).
///
/// A path's MTU counts whole IP packets. The *link MTU* and the *data MTU* count bytes of a ring's packet in one datagram.
public struct LinkSizes: Sendable, Hashable {
    public let family: IPAddress.Family
    public let seal: SealOverhead

    public init(_ family: IPAddress.Family, _ seal: SealOverhead) {
        self.family = family
        self.seal = seal
    }

    /// Bytes reserved for knet's header in every packet: those of the longest one, though data needs no more than 14.
    public static let headerReserve = Ping.size
    /// The longest IP packet.
    public static let largestPath = 65_535
    /// UDP payload that every path carries, whatever is known of it.
    static let surePayload = 508
    /// The longest packet of a ring.
    public static let packetLimit = 65_536

    /// Bytes of the IP header, without options, and of the UDP header.
    @inlinable
    public static func ipHeaders(_ family: IPAddress.Family) -> Int { family == .v4 ? 28 : 48 }

    /// The smallest MTU that the family asks of a path.
    @inlinable
    public static func smallestPath(_ family: IPAddress.Family) -> Int { family == .v4 ? 576 : 1280 }

    /// The link MTU on a path of `path` bytes: what discovery has found, or `knet_mtu`. 0 when nothing fits.
    @inlinable
    public func linkMTU(path: Int) -> Int { seal.usable(path - LinkSizes.ipHeaders(family)) }

    /// The link MTU before discovery.
    public var undiscoveredLinkMTU: Int { linkMTU(path: LinkSizes.smallestPath(family)) }

    /// The data MTU of a node before any link has been discovered, and after each change of the key in use.
    public static func undiscoveredDataMTU(_ seal: SealOverhead) -> Int { seal.usable(surePayload) }

    /// The largest probe whose IP packet is not longer than `path`, and how long that packet is: shorter than `path` where
    /// a cipher's blocks do not fill it. Nil when there is no room for a probe.
    public func probe(path: Int) -> (plain: Int, packet: Int)? {
        let plain = seal.plainSize(path - LinkSizes.ipHeaders(family))
        guard plain >= MTUProbe.size, path <= LinkSizes.largestPath else { return nil }
        return (plain, seal.sealedSize(plain) + LinkSizes.ipHeaders(family))
    }
}
