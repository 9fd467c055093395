import Basics
import TotemWire

/// What a ring hands to the services and the administrator, in order.
public enum RingEvent: Sendable {
    /// A message of the agreed order; read it with `TotemRing.bytes(of:)` before asking for the next event.
    case message(DeliveredMessage)
    case configuration(ConfigurationChange)
    case notice(RingNotice)
}

/// A delivered message, by reference: its bytes stay in the ring until the next event is asked for.
public struct DeliveredMessage: Sendable {
    /// The node that sent it.
    public var sender: NodeID
    public var group: MessageGroup
    /// The byte order of the sender's processor, in which the message body is written.
    public var order: ByteOrder

    enum Storage: Sendable {
        /// Inside a received frame.
        case frame(MessageHandle, Range<Int>)
        /// Put together from several frames.
        case assembly(AssemblyReference, Range<Int>)
    }
    var storage: Storage
}

/// The two groups that messages are addressed to (spec: totem.md 13.1, services.md 1.3).
public enum MessageGroup: Sendable, Hashable {
    /// `a`: messages of all services.
    case services
    /// `sync`: the synchronisation protocol.
    case synchronization
}

/// A change of membership as extended virtual synchrony reports it (spec: totem.md 23).
///
/// Each change comes twice with the same (new) ring id: first `.transitional`, naming the members that came along from
/// the old ring, then, after the last old-ring messages, `.regular`. All lists ascend by node id.
public struct ConfigurationChange: Sendable, Equatable {
    public enum Kind: Sendable { case transitional, regular }

    public var kind: Kind
    public var ringID: RingID
    public var members: [NodeID]
    /// Members of the old ring that did not come along (`.transitional` only).
    public var left: [NodeID]
    /// Members of the new ring that did not come from mine (`.regular` only).
    public var joined: [NodeID]

    public init(kind: Kind, ringID: RingID, members: [NodeID], left: [NodeID] = [], joined: [NodeID] = []) {
        self.kind = kind
        self.ringID = ringID
        self.members = members
        self.left = left
        self.joined = joined
    }
}
