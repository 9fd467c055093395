import Basics
import CQB
import ClientProtocol
import ClusterMap
import Glibc

/// One service's libqb server. libqb keeps a pointer to it as the service's context; `LocalIPCServer` keeps it alive.
final class ServiceEndpoint {
    let service: LocalService
    /// Keeps the endpoint and outlives it; checked, the reference would cost two atomic operations a request.
    unowned(unsafe) let server: LocalIPCServer
    /// As libqb begins.
    var rate = RequestRate.normal
    private var handle: OpaquePointer?
    /// Who was accepted last: libqb creates the connection in the same call.
    private var acceptedUser: UInt32 = .max

    init(service: LocalService, server: LocalIPCServer) {
        self.service = service
        self.server = server
    }

    var isRunning: Bool { handle != nil }

    func run(_ transport: LocalIPCTransport) throws(LocalIPCError) {
        var handlers = ServiceHandlers.make()
        var pollHandlers = PollHandlers.make()
        let type = transport == .sharedMemory ? QB_IPC_SHM : QB_IPC_SOCKET
        // libqb copies both tables before these calls return.
        guard let created = qb_ipcs_create(service.name, Int32(service.rawValue), type, &handlers) else {
            throw LocalIPCError(service: service, code: errno)
        }
        // Unretained: the server keeps every endpoint for as long as it lives itself.
        qb_ipcs_service_context_set(created, Unmanaged.passUnretained(self).toOpaque())
        qb_ipcs_poll_handlers_set(created, &pollHandlers)
        server.door.isOpening = true
        let result = qb_ipcs_run(created)
        server.door.isOpening = false
        // On failure libqb has destroyed the service itself.
        guard result == 0 else { throw LocalIPCError(service: service, code: -result) }
        handle = created
    }

    func stop() {
        guard let handle else { return }
        self.handle = nil
        qb_ipcs_destroy(handle)
    }

    /// Tells libqb the rate, for all connections there are.
    func applyRate() {
        guard let handle else { return }
        let limit =
            switch rate {
            case .fast: QB_IPCS_RATE_FAST
            case .normal: QB_IPCS_RATE_NORMAL
            case .slow: QB_IPCS_RATE_SLOW
            case .off: QB_IPCS_RATE_OFF
            case .offForMulticast: QB_IPCS_RATE_OFF_2
            }
        qb_ipcs_request_rate_limit(handle, limit)
    }

    /// - Returns: zero, or the negative errno the client's library is to see.
    func accept(user: UInt32, group: UInt32) -> Int32 {
        acceptedUser = user
        guard isRunning else { return -ENOSYS }
        switch server.host.decideAccess(to: service, user: user, group: group) {
        case .accept: return 0
        case .notYet: return -EAGAIN
        case .serviceGone: return -ENOSYS
        case .lowOnDescriptors: return -EMFILE
        case .denied:
            server.host.log(
                LogLine(.error, .main, "Denied connection attempt from \(user):\(group)", kind: .deniedUser(user)))
            return -EACCES
        }
    }

    func created(_ handle: OpaquePointer) {
        let connection = Connection(handle, id: server.newConnectionID(), endpoint: self, user: acceptedUser)
        server.connections[connection.id] = connection
        // Process groups only: a multicast taken now would be lost without anybody knowing (spec: ipc.md 2.6). What
        // the client sent before this mark stays in its ring, which is not read while the rate is off.
        if service == .cpg, rate == .off || rate == .offForMulticast { applyRate() }
        server.host.connectionOpened(connection.identity, to: service)
    }

    func closed(_ connection: Connection) {
        guard server.connections.removeValue(forKey: connection.id) != nil else { return }
        server.host.connectionClosed(connection.id, of: service)
    }
}
