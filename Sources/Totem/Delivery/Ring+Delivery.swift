import Basics
import TotemWire

/// Handing out events (spec: totem.md 13.3).
extension TotemRing {
    /// The next thing to tell the services, in order; nil when there is nothing. The bytes of a previous message are
    /// no longer valid after this call.
    public mutating func nextEvent() -> RingEvent? {
        defer { assertInvariants() }
        return delivery.next(in: pool, configured: configured, statistics: &statistics, planted: defects)
    }

    /// How many frames and other events wait; a frame can hold several messages. (Mutating, so that no copy is made to ask.)
    public var waitingEventCount: Int { mutating get { delivery.count } }

    public var hasEvents: Bool { !delivery.isEmpty }

    /// The body of a delivered message, without group header, valid until the next `nextEvent`.
    public func bytes(of message: DeliveredMessage) -> MessageBytes { delivery.bytes(of: message, in: pool) }

    mutating func notice(_ notice: RingNotice) { delivery.append(notice) }

    mutating func announce(_ change: ConfigurationChange) { delivery.append(change) }

    /// Delivers what can be delivered without a gap.
    mutating func deliver() { delivery.takeReceived(from: &reception, in: pool, planted: defects) }
}
