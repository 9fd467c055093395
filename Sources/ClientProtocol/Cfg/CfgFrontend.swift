import Basics
import ClusterMap
import TotemWire

/// What the daemon is to do for a client. Send the messages of `takeMessages` first: an answer must be out before the
/// daemon that gave it goes.
public enum CfgAction: Sendable, Equatable {
    /// Tell the ring that a node is to die.
    case killNode(NodeID, reason: String)
    /// Tell the ring that this node shuts down.
    case shutDown
    /// Tell the ring to reload; report to `reloadFinished` once this node has done so.
    case reload(ReloadTicket)
    case reopenLogs
}

/// Stands for a reload somebody waits for.
public struct ReloadTicket: Sendable, Hashable {
    let number: UInt64
}

/// Serves libcfg: status, node addresses, shutdown with its vote, reload (spec: ipc.md 7).
public struct CfgFrontend: Sendable {
    /// Milliseconds trackers have to answer, when `cfg.shutdown_timeout` does not say.
    public static let defaultShutdownTimeout: UInt64 = 5000

    /// In the order in which they began.
    var trackers: [ConnectionID] = []
    var session: ShutdownSession?
    var actions: [CfgAction] = []
    var messages: [ClientMessage] = []
    private var reloads: [(ticket: ReloadTicket, connection: ConnectionID)] = []
    private var nextTicket: UInt64 = 1
    private var writer = ByteWriter()

    public init() {}

    /// When to call `advance`; nil while no vote runs.
    public var nextDeadline: Instant? { session.flatMap { $0.isDecided ? nil : $0.deadline } }

    /// Handles one request.
    ///
    /// - Parameter response: receives the response unless it comes later; its earlier content is forgotten.
    public mutating func handle(
        _ request: Span<UInt8>, from connection: ConnectionID, status: ClusterStatus, map: ClusterMap, now: Instant,
        response: inout ByteWriter
    ) -> RequestOutcome {
        do {
            let request = try CfgRequest(decoding: request)
            guard let answer = answer(request, from: connection, status: status, map: map, now: now) else {
                return .later
            }
            answer.encode(into: &response)
            return .answered
        } catch {
            response.refuseInvalid()
            return .invalid
        }
    }

    /// Ends a vote whose time is over.
    public mutating func advance(now: Instant) {
        guard let deadline = nextDeadline, now >= deadline else { return }
        session?.expire()
        decide()
    }

    /// A client has gone: its vote counts as yes, its own session is over.
    public mutating func connectionClosed(_ connection: ConnectionID) {
        reloads.removeAll { $0.connection == connection }
        if session?.caller == connection { session = nil }
        stopTracking(connection)
    }

    /// This node has reloaded, or could not.
    public mutating func reloadFinished(_ ticket: ReloadTicket, error: ClientError?) {
        guard let place = reloads.firstIndex(where: { $0.ticket == ticket }) else { return }
        let connection = reloads.remove(at: place).connection
        send(.reload(error), to: connection)
    }

    /// Events and late responses since the last call, in order.
    public mutating func takeMessages() -> [ClientMessage] {
        var taken: [ClientMessage] = []
        swap(&taken, &messages)
        return taken
    }

    /// What is to be done since the last call, in order.
    public mutating func takeActions() -> [CfgAction] {
        var taken: [CfgAction] = []
        swap(&taken, &actions)
        return taken
    }

    mutating func reload(for connection: ConnectionID) {
        let ticket = ReloadTicket(number: nextTicket)
        nextTicket += 1
        reloads.append((ticket, connection))
        actions.append(.reload(ticket))
    }

    mutating func send(_ response: CfgResponse, to connection: ConnectionID) {
        response.encode(into: &writer)
        messages.append(ClientMessage(.response, to: connection, bytes: writer.bytes))
    }

    mutating func ask(_ tracker: ConnectionID, about kind: ShutdownKind) {
        writer.testShutdown(kind)
        messages.append(ClientMessage(.event, to: tracker, bytes: writer.bytes))
    }
}
