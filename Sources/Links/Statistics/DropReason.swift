/// Why something that was received had no effect.
public enum DropReason: Int, Sendable, Hashable, CaseIterable {
    /// It is no packet of knet: see `KnetPacketError`.
    case malformed
    /// It is sealed in a way that is not accepted now, or not at all.
    case protection
    /// Of a host without a link, or of this one.
    case host
    /// It came from another address than the link's, to another own address, or for a link that there is not.
    case source
    /// Data of a host without a usable link.
    case unreachable
    case duplicate
    /// Data of before the window: a recorded one that is sent again, as a rule.
    case behind
    /// A piece that does not fit: see `FragmentRefusal`.
    case fragment
    case channel
    /// Shorter than the header of a ring's packet.
    case short
    /// For another node. Nothing is wrong with it.
    case target
    /// A model that nobody has defined, or whose library is not there.
    case compressionModel
    /// It cannot be decompressed, or would be too long.
    case decompression
    /// A pong that answers no outstanding ping.
    case pong
    /// A pong that took longer than the timeout.
    case latePong
    /// A reply to no outstanding probe.
    case probeReply
    /// A ping that says that its host begins anew, of which nothing else tells.
    case restart
}
