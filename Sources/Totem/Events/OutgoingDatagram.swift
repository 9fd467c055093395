import Basics
import TotemWire

/// A datagram the ring wants sent. Order matters: a token must not overtake the messages before it.
public struct OutgoingDatagram: Sendable {
    public enum Destination: Sendable, Equatable {
        /// One node, the next member of the ring; never this node.
        case node(NodeID)
        /// Every configured node except this one.
        case everyone
    }

    @usableFromInline
    enum Payload: Sendable {
        case message(MessageHandle)
        case control(Range<Int>)
    }

    public var destination: Destination
    @usableFromInline var payload: Payload
}
