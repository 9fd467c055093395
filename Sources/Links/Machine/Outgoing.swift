import Basics

/// One packet for the shell to seal and send: its pieces, which lie one behind the other and are equally long but for the
/// last, and where all of them go. Every target gets the same bytes.
public struct Outgoing: Sendable, Hashable {
    public let type: KnetPacketType
    /// The key that seals it.
    public let slot: KeySlot
    /// Datagrams.
    public let count: Int
    /// Bytes of each plain datagram but the last.
    public let stride: Int
    /// Bytes of the last, which is the only one as a rule.
    public let lastLength: Int
    let start: Int
    let targets: Range<Int>

    public var targetCount: Int { targets.count }
    /// Bytes of all plain datagrams.
    public var length: Int { (count - 1) * stride + lastLength }
    /// Bytes of the longest.
    var longest: Int { count > 1 ? stride : lastLength }
}

/// Where a packet goes.
public struct LinkTarget: Sendable, Hashable {
    public let host: HostID
    public let link: LinkNumber
    public let socket: SocketNumber
    public let address: SocketAddress
}

/// What the kernel said instead of sending. What it says is about this target only.
public enum SendRefusal: Sendable, Hashable {
    /// Longer than the interface carries (EMSGSIZE), which is `mtu` bytes of IP packet, or nil where it is not known.
    case tooLong(mtu: Int?)
    /// No room (ENOBUFS, EAGAIN): the datagram is lost like any other.
    case noRoom
    /// No way there (ENETUNREACH, EHOSTUNREACH, ECONNREFUSED …).
    case unreachable
    /// Anything else.
    case other
}
