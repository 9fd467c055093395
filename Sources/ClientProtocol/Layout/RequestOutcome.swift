import ClusterMap
import TotemWire

/// What became of a request. For all but the last two the response is in the writer.
public enum RequestOutcome: Sendable, Equatable {
    case answered
    /// The request was malformed; answered with the general response. Counts as invalid for its connection.
    case invalid
    /// The node could not take it now; answered with the general response. Counts as overload.
    case overloaded
    /// The response comes later, as a message to the connection.
    case later
    /// This kind of request has no response.
    case unanswered
}

extension ByteWriter {
    /// The response to what is no request of the service, or malformed: id 0, invalid parameter
    /// (spec: ipc.md 2.5).
    public mutating func refuseInvalid() { headerOnly(0, error: .invalidParameter) }

    /// The response to what cannot be taken now: id 0, try again (spec: ipc.md 2.5).
    public mutating func refuseOverload() { headerOnly(0, error: .tryAgain) }
}

/// A response or event on its way to one connection.
public struct ClientMessage: Sendable, Equatable {
    public enum Channel: Sendable, Equatable {
        case response
        case event
    }

    public var connection: ConnectionID
    public var channel: Channel
    public var bytes: [UInt8]

    public init(_ channel: Channel, to connection: ConnectionID, bytes: [UInt8]) {
        self.connection = connection
        self.channel = channel
        self.bytes = bytes
    }
}
