import Basics
import TotemWire

/// knet: carries a ring's packets to other nodes over up to eight links each, and back (spec: knet.md).
///
/// Datagrams, refusals and time come in; datagrams to be sent and events come out. Whoever holds it seals and opens, and
/// compresses: the machine says which key seals (`Outgoing.slot`), is told with each datagram which one opened it, and
/// says which packets are worth compressing. It allocates nothing for a packet once its memory has grown.
public struct KnetLinks: ~Copyable, Sendable {
    public let me: HostID
    public internal(set) var settings: KnetSettings
    public internal(set) var keys: KeySlots
    public internal(set) var statistics = NodeStatistics()
    /// Of the link to this node itself, over which nothing goes.
    var ownLinkStatistics = LinkStatistics.ofOwnLink
    /// Bytes of a ring's packet that one datagram carries: as many as every usable link does.
    public internal(set) var dataMTU: Int
    /// The data MTU that was told last.
    var toldDataMTU: Int
    /// The number of the last data packet; 0 before the first.
    public internal(set) var sequence: UInt16 = 0

    let secret: LinkSecret
    let grid: PingGrid
    var overhead: SealOverhead
    var defects = Planted<LinkDefect>()
    var table = HostTable()
    var sockets = SocketTable()
    var sources = KnownSources()
    var reassembly = Reassembly()
    var outbox = Outbox()
    var events = EventQueue()
    /// A packet that is to be compressed, as it would leave otherwise.
    var staged = StagedPacket()
    /// When something is due; nil while there is no link.
    var wake: Instant?
    /// `wake` may be earlier than anything that is due.
    var isWakeStale = false
    /// Connected links that wait for a pong.
    var waiting = 0
    /// Hosts with a usable link.
    var reachableHosts = 0

    /// - Parameters:
    ///   - overhead: what the key in use adds to a datagram.
    ///   - now: the origin of the instants at which links are pinged.
    public init(
        me: HostID, settings: KnetSettings, keys: KeySlots = KeySlots(isSealed: false),
        overhead: SealOverhead = .clear, secret: LinkSecret, now: Instant
    ) {
        self.me = me
        self.settings = settings
        self.keys = keys
        self.overhead = overhead
        self.secret = secret
        grid = PingGrid(origin: now)
        dataMTU = LinkSizes.undiscoveredDataMTU(overhead)
        toldDataMTU = dataMTU
        events.tell(.manualMTU(settings.mtu))
    }

    /// When `advance` has something to do; nil while there is no link.
    public var nextDeadline: Instant? { wake }

    /// What the links have to tell, in order; nil when there is nothing more.
    public mutating func nextEvent() -> LinksEvent? { events.next() }

    // MARK: To be sent

    /// The next packet to be sent, in order; nil when the shell has taken all, whose bytes are used again from then on.
    public mutating func nextOutgoing() -> Outgoing? { outbox.next() }

    public var hasOutgoing: Bool { !outbox.isEmpty }

    /// One plain datagram of a packet, counted from 0.
    @_lifetime(borrow self)
    public func datagram(_ index: Int, of packet: Outgoing) -> Span<UInt8> { outbox.datagram(index, of: packet) }

    /// All plain datagrams of a packet, one behind the other.
    @_lifetime(borrow self)
    public func datagrams(of packet: Outgoing) -> Span<UInt8> { outbox.datagrams(of: packet) }

    /// One of the targets of a packet, counted from 0.
    public func target(_ index: Int, of packet: Outgoing) -> LinkTarget { outbox.target(index, of: packet) }
}
