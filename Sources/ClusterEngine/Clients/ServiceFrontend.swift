import Basics
import ClientProtocol
import ClusterMap
import ClusterServices
import TotemWire

/// Serves libcpg, libquorum and libvotequorum: their requests into calls of the services, what the services have to
/// say into events and late responses.
public struct ServiceFrontend: Sendable {
    /// Walks over the process groups that one connection may have open at once; each holds a copy of the process table.
    public static let iterationLimit = 64

    /// How a quorum connection is spoken to; model 0 where none was chosen.
    var quorumModels: [ConnectionID: QuorumModel] = [:]
    /// Connections of the process groups that want nothing more delivered.
    var finalized: Set<ConnectionID> = []
    /// How many walks each connection has open.
    var iterations: [ConnectionID: Int] = [:]
    var writer = ByteWriter()

    public init() {}

    public mutating func connectionOpened(
        _ connection: ConnectionID, to service: LocalService, services: inout ServiceEngine
    ) {
        if service == .cpg { services.groupClientOpened(connection) }
    }

    public mutating func connectionClosed(
        _ connection: ConnectionID, of service: LocalService, services: inout ServiceEngine
    ) {
        quorumModels[connection] = nil
        finalized.remove(connection)
        iterations[connection] = nil
        switch service {
        case .cpg: services.clientClosed(connection, .processGroups)
        case .quorum: services.clientClosed(connection, .quorum)
        case .votequorum: services.clientClosed(connection, .voteQuorum)
        case .cmap, .cfg: break
        }
    }

    /// Handles one request. What the services put out meanwhile is to be carried out before the response is sent
    /// (spec: ipc.md 2.7).
    ///
    /// - Parameter response: receives the response; its earlier content is forgotten.
    public mutating func handle(
        _ request: Span<UInt8>, from connection: ConnectionID, of service: LocalService,
        services: inout ServiceEngine, now: Instant, response: inout ByteWriter
    ) -> RequestOutcome {
        do {
            switch service {
            case .cpg:
                let request = try CpgRequest(decoding: request)
                guard let answer = answer(request, from: connection, &services) else { return .unanswered }
                answer.encode(into: &response)
            case .quorum:
                let request = try QuorumRequest(decoding: request)
                answer(request, from: connection, &services).encode(into: &response)
            case .votequorum:
                let request = try VotequorumRequest(decoding: request)
                guard let answer = answer(request, from: connection, &services, now: now) else { return .later }
                answer.encode(into: &response)
            case .cmap, .cfg:
                response.refuseInvalid()
                return .invalid
            }
            return .answered
        } catch {
            response.refuseInvalid()
            return .invalid
        }
    }

    /// The error a change ends with; nil when it succeeds.
    func failure(_ change: () throws(ClientError) -> Void) -> ClientError? {
        do {
            try change()
            return nil
        } catch {
            return error
        }
    }
}
