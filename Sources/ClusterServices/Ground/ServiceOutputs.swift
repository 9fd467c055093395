import Basics
import ClusterMap
import Totem
import TotemWire

/// Where the services put what they want done.
struct ServiceOutputs: Sendable {
    private(set) var list: [ServiceOutput] = []
    var counters = DeliveryCounters()
    var own = OwnMessages()
    /// The own service list and barriers of the current round. A ring that ends may drop those of its round, so they are
    /// kept for one round only.
    var ownOfRound = OwnMessages()

    /// Exchanges the content with `buffer`, which is emptied but keeps its memory.
    mutating func take(into buffer: inout [ServiceOutput]) {
        buffer.removeAll(keepingCapacity: true)
        swap(&buffer, &list)
    }

    mutating func multicast<Message: ServiceMessage>(_ message: Message) {
        multicast(message.encoded(), as: Message.self)
    }

    /// Sends a message that is encoded already.
    mutating func multicast<Message: ServiceMessage>(_ bytes: [UInt8], as kind: Message.Type) {
        counters.sent(kind.service, kind.function)
        if OwnMessages.covers(kind.service, kind.function) { own.send(bytes) }
        list.append(.multicast(.services, bytes))
    }

    /// A message of the synchronisation protocol, encoded already.
    mutating func multicast(synchronization bytes: [UInt8]) {
        ownOfRound.send(bytes)
        list.append(.multicast(.synchronization, bytes))
    }

    /// - Parameter kind: of a line that somebody can bring about as often as he likes.
    mutating func log(_ severity: Severity, _ subsystem: Subsystem, _ text: String, kind: LineKind? = nil) {
        list.append(.log(LogLine(severity, subsystem, text, kind: kind)))
    }

    mutating func map(_ key: String, _ value: MapValue?) { list.append(.map(MapChange(key, value))) }

    mutating func event(_ event: ServiceEvent) { list.append(.event(event)) }

    mutating func notify(_ client: ConnectionID, _ notification: ClientNotification) {
        list.append(.notify(client, notification))
    }
}
