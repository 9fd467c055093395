import ClientProtocol
import LocalClient
import Synchronization

/// Somebody wants this node's daemon to end.
public struct ShutdownRequest: Sendable {
    /// How much the programs on the node have to say.
    public enum Manner: Hashable, Sendable {
        /// Only if all agree.
        case ifAllAgree
        /// They are told, and may hurry to finish.
        case regardless
        /// They are not asked.
        case immediate
    }

    /// How much this program has to say.
    public let manner: Manner
    private let connection: WeakConnection

    /// Agrees, or objects.
    public func answer(_ agrees: Bool) async throws(ClusterError) {
        let operation = "answer the request to shut down"
        guard let connection = connection.value else { throw .closed(operation) }
        try await connection.request(operation) { local throws(ClusterError) in
            do throws(LocalClientError) {
                // Whether anybody still waits for it is no business of whoever answers.
                _ = try local.request(CfgRequest.replyToShutdown(agrees: agrees))
            } catch {
                throw ClusterError(error, operation: operation)
            }
        }
    }

    fileprivate init(_ kind: ShutdownKind, _ connection: WeakConnection) {
        manner =
            switch kind {
            case .regardless: .regardless
            case .immediate: .immediate
            default: .ifAllAgree
            }
        self.connection = connection
    }
}

extension ShutdownRequest.Manner {
    var kind: ShutdownKind {
        switch self {
        case .ifAllAgree: .request
        case .regardless: .regardless
        case .immediate: .immediate
        }
    }
}

/// A request waits in its connection's mailbox, so it must not hold the connection.
private final class WeakConnection: Sendable {
    private let reference: Mutex<Reference>

    private struct Reference: Sendable {
        weak var connection: ServiceConnection<ShutdownRequest>?
    }

    init(_ connection: ServiceConnection<ShutdownRequest>) {
        reference = Mutex(Reference(connection: connection))
    }

    var value: ServiceConnection<ShutdownRequest>? { reference.withLock { $0.connection } }
}

/// Reads requests to shut down.
struct ShutdownReader: EventReader {
    func read(
        _ event: Answer, on connection: ServiceConnection<ShutdownRequest>
    ) throws -> (event: ShutdownRequest, weight: Int)? {
        try event.cfgShutdownRequest().map { (ShutdownRequest($0, WeakConnection(connection)), 0) }
    }
}
