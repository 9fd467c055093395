import ClientProtocol

/// Makes a service's events out of what the daemon sends.
protocol EventReader<Event>: Sendable {
    associatedtype Event: Sendable

    /// - Returns: what the program is told, with the bytes that it holds; nil when it is not told of this.
    /// - Throws: when it is no event that the daemon could have sent.
    mutating func read(_ event: Answer, on connection: ServiceConnection<Event>) throws -> (event: Event, weight: Int)?
}

/// Of a connection that is sent no events.
struct NoEvents<Event: Sendable>: EventReader {
    func read(_: Answer, on _: ServiceConnection<Event>) -> (event: Event, weight: Int)? { nil }
}
