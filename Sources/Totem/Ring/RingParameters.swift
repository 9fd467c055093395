import TotemWire

/// What the ring needs to know of the configuration; all durations in milliseconds (spec: totem.md 7).
///
/// The ring reads a duration at the moment it starts a timer, so a change at run time acts at the next start.
public struct RingParameters: Sendable, Equatable {
    /// Loss of the token is declared this long after the last one was accepted.
    public var token: UInt32 = 3000
    /// Percent of `token` after which a missing token is reported; 0 switches the warning off.
    public var tokenWarning: UInt32 = 75
    public var tokenRetransmit: UInt32 = 714
    /// How long the representative of an idle ring keeps the token: the beat of an idle ring.
    public var hold: UInt32 = 561
    public var join: UInt32 = 50
    public var consensus: UInt32 = 3600
    public var merge: UInt32 = 200
    public var failToReceiveConstant: UInt32 = 2500
    /// Rotations without a new message after which the ring counts as idle.
    public var sequenceUnchangedConstant: UInt32 = 30
    /// Token visits during which a gap is tolerated before its message is asked for again.
    public var missCountConstant: UInt32 = 5
    /// Messages that may be sent in one rotation of the token by all nodes together.
    public var windowSize: UInt32 = 50
    /// Messages that one node may send in one visit of the token.
    public var maxMessages: UInt32 = 17
    public var heartbeatFailuresAllowed: UInt32 = 0
    public var maxNetworkDelay: UInt32 = 50
    public var cancelHoldOnRetransmit = false
    /// Each other member is sent a beat so often, and what its machine refuses is evidence; 0 switches both off.
    public var beat: UInt32 = 0
    /// This node gives its ring up after so long without a sign of anybody, and others, with a margin, of it; 0: nothing
    /// follows from silence but that the token is missed.
    public var silence: UInt32 = 0
    /// `totem.netmtu` less room for two message headers: the payload of a frame (spec: totem.md 1).
    public var netMTU: Int = 1410

    /// The number before a ring's first message, and before its first token less one. It is 0 on every real ring; all
    /// nodes of a simulation may start near 2³² to see the numbers wrap.
    public var sequenceStart: UInt32 = 0

    public init() {}

    /// Bytes of a frame that may be filled, so that it fits into a datagram even when recovery wraps it.
    var frameSize: Int { max(min(netMTU, maximumDatagram - TotemLimits.nestedHeadersSize), 256) }

    /// Bytes of the longest packet the transport carries: 65507 in a UDP datagram, and 65536 over knet, which Corosync's full
    /// frames reach when recovery wraps them (spec: knet.md 12).
    public var maximumDatagram: Int = TotemLimits.udpPayload

    /// Slots of each queue of frames waiting for the token (spec: totem.md 1, MESSAGE_QUEUE_MAX).
    public var sendQueueCapacity: Int { max(4 * 1_048_576 / max(netMTU, 64), 16) }

    /// Milliseconds without a heartbeat (a token) after which the ring is given up, when that mode is on at all.
    var heartbeatTimeout: UInt64? {
        guard heartbeatFailuresAllowed > 0 else { return nil }
        let timeout = UInt64(heartbeatFailuresAllowed) * UInt64(tokenRetransmit) + UInt64(maxNetworkDelay)
        return timeout < UInt64(token) ? timeout : nil
    }
}
