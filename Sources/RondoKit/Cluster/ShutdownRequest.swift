import CCorosync
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
        try await connection.order(operation) { handle in
            corosync_cfg_replyto_shutdown(
                handle, agrees ? COROSYNC_CFG_SHUTDOWN_FLAG_YES : COROSYNC_CFG_SHUTDOWN_FLAG_NO)
        }
    }

    fileprivate init(_ flags: corosync_cfg_shutdown_flags_t, _ connection: WeakConnection) {
        manner =
            switch flags {
            case COROSYNC_CFG_SHUTDOWN_FLAG_REGARDLESS: .regardless
            case COROSYNC_CFG_SHUTDOWN_FLAG_IMMEDIATE: .immediate
            default: .ifAllAgree
            }
        self.connection = connection
    }
}

extension ShutdownRequest.Manner {
    var flags: corosync_cfg_shutdown_flags_t {
        switch self {
        case .ifAllAgree: COROSYNC_CFG_SHUTDOWN_FLAG_REQUEST
        case .regardless: COROSYNC_CFG_SHUTDOWN_FLAG_REGARDLESS
        case .immediate: COROSYNC_CFG_SHUTDOWN_FLAG_IMMEDIATE
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

/// What libcfg calls while it dispatches. It has no context: the handle is all there is to tell connections apart.
enum ShutdownCallbacks {
    private static let connections = Mutex<[UInt64: WeakConnection]>([:])

    static func initialize(_ handle: inout UInt64, _: UnsafeMutableRawPointer) -> cs_error_t {
        var callbacks = corosync_cfg_callbacks_t(corosync_cfg_shutdown_callback: ask)
        return corosync_cfg_initialize(&handle, &callbacks)
    }

    static func remember(_ handle: UInt64, _ connection: ServiceConnection<ShutdownRequest>) {
        let entry = WeakConnection(connection)
        connections.withLock { $0[handle] = entry }
    }

    static func forget(_ handle: UInt64) {
        connections.withLock { _ = $0.removeValue(forKey: handle) }
    }

    private static let ask: corosync_cfg_shutdown_callback_t = { handle, flags in
        guard let entry = connections.withLock({ $0[handle] }) else { return }
        entry.value?.mailbox.put(ShutdownRequest(flags, entry))
    }
}
