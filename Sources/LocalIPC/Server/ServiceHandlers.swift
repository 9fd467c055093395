import CQB
import Glibc

/// What libqb calls: functions without context of their own, which find theirs in the connection.
enum ServiceHandlers {
    static func make() -> qb_ipcs_service_handlers {
        qb_ipcs_service_handlers(
            connection_accept: { connection, user, group in
                guard let endpoint = ServiceHandlers.endpoint(of: connection) else { return -ENOSYS }
                return endpoint.accept(user: user, group: group)
            },
            connection_created: { connection in
                guard let connection, let endpoint = ServiceHandlers.endpoint(of: connection) else { return }
                endpoint.created(connection)
            },
            msg_process: { connection, data, size in
                guard let data, let connection = ServiceHandlers.object(of: connection) else { return -EINVAL }
                return connection.endpoint.server.process(data, from: connection)
            },
            connection_closed: { connection in
                guard let connection = ServiceHandlers.object(of: connection) else { return 0 }
                connection.endpoint.closed(connection)
                return 0
            },
            connection_destroyed: { connection in
                guard let connection, let context = qb_ipcs_context_get(connection) else { return }
                qb_ipcs_context_set(connection, nil)
                // Balances the retain in Connection.init; libqb calls this once, when nothing refers to it any more.
                Unmanaged<Connection>.fromOpaque(context).takeRetainedValue().forgetHandle()
            }
        )
    }

    /// The service's context is set before the service runs and lives as long as the server.
    private static func endpoint(of connection: OpaquePointer?) -> ServiceEndpoint? {
        guard let connection, let context = qb_ipcs_connection_service_context_get(connection) else { return nil }
        return Unmanaged<ServiceEndpoint>.fromOpaque(context).takeUnretainedValue()
    }

    /// Nil for connections that were refused: they have no context.
    private static func object(of connection: OpaquePointer?) -> Connection? {
        guard let connection, let context = qb_ipcs_context_get(connection) else { return nil }
        return Unmanaged<Connection>.fromOpaque(context).takeUnretainedValue()
    }
}
