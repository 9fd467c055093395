/// The protocol's fixed sizes, equal on every node (spec: totem.md 1).
public enum TotemLimits {
    /// Nodes per ring; bound of every membership list on the wire.
    public static let processorCount = 384
    /// Links of a node (libknet); UDP transports use one.
    public static let interfaceCount = 8
    /// Bytes of the largest packet of the ring protocol.
    public static let frameSize = 65_536
    /// Bytes of the largest packet that goes into a UDP datagram over IPv4.
    public static let udpPayload = 65_507
    /// Bytes of the largest message of the packing layer.
    public static let messageSize = 1_048_576
    /// Bytes of the receive buffer of the UDP transports, more than any datagram has.
    public static let udpReceiveFrameSize = 136_192
    /// Entries in a token's retransmit list.
    public static let retransmitEntries = 30
    /// Slots of a sort queue: the window of messages not yet delivered or released.
    public static let sortQueueSlots = 16_384
    /// Slots of the send queue of recovery.
    public static let retransmitQueueSlots = 16_384
    /// Datagrams that the UDP transports size their socket buffers for.
    public static let transmitsAllowed = 16
    /// Times gather may be entered in a row before the ring counts as unable to form (spec: totem.md 9.7).
    public static let continuousGather = 3
    /// Failures to send in a row before the ring counts as unable to form (spec: totem.md 9.7).
    public static let continuousSendFailures = 30
    /// Bytes kept free in every frame for two mcast headers, because recovery nests one message in another.
    public static let nestedHeadersSize = 2 * McastHeader.size
    /// `totem.netmtu` on the UDP transports when it is absent or 0, in bytes.
    public static let udpDefaultMTU = 1_500
    /// `totem.netmtu` on libknet when it is absent or 0, in bytes.
    public static let knetDefaultMTU = 65_536

    /// Slots of the queue of new messages for frames of `netMTU` bytes (the configured size less
    /// `nestedHeadersSize`): 2974 for UDP's 1410.
    public static func messageQueueSlots(netMTU: Int) -> Int {
        netMTU > 0 ? 4 * messageSize / netMTU : 0
    }
}
