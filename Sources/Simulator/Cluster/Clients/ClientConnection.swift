import ClientProtocol
import ClusterMap

/// A connection between a program and the daemon of its node: what waits on either side of it.
struct ClientConnection: Sendable {
    let id: ConnectionID
    let service: LocalService
    let node: Int
    /// The daemon's life, and the program, that it belongs to.
    let life: Int
    let program: Int
    var isOpen = true
    /// Requests the daemon has not read.
    var requests: [[UInt8]] = []
    var isServicePlanned = false
    /// Events the program has not read; those before `nextEvent` are done with.
    var events: [[UInt8]] = []
    var nextEvent = 0
    var isReadingPlanned = false
    /// Of messages that come in pieces.
    var assembly = MessageAssembly()

    mutating func takeEvent() -> [UInt8]? {
        guard nextEvent < events.count else {
            events.removeAll(keepingCapacity: events.capacity < 64)
            nextEvent = 0
            return nil
        }
        var taken: [UInt8] = []
        swap(&taken, &events[nextEvent])
        nextEvent += 1
        return taken
    }
}
