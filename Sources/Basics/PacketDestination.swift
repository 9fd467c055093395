/// For whom the ring has made a packet.
public enum PacketDestination: Sendable, Equatable {
    /// One node, the next member of the ring; never this node.
    case node(NodeID)
    /// Every configured node except this one.
    case everyone
}
