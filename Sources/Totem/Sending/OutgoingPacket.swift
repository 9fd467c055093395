import Basics
import TotemWire

/// A packet the ring wants sent. Order matters: a token must not overtake the messages before it.
public struct OutgoingPacket: Sendable {
    @usableFromInline
    enum Payload: Sendable {
        case message(MessageHandle)
        case control(Range<Int>)
    }

    public var destination: PacketDestination
    @usableFromInline var payload: Payload
}
