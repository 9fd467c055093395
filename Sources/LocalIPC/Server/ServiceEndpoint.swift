import Basics
import CPosix
import ClientProtocol
import ClusterMap
import Glibc
import LocalWire
import TotemWire

/// One service's socket, and how fast requests that come by it are taken.
final class ServiceEndpoint {
    let service: LocalService
    /// Keeps the endpoint and outlives it; checked, the reference would cost two atomic operations a request.
    unowned(unsafe) let server: LocalIPCServer
    private(set) var rate = RequestRate.normal
    private var listener: Int32?

    private static let backlog: Int32 = 128

    init(service: LocalService, server: LocalIPCServer) {
        self.service = service
        self.server = server
    }

    var isRunning: Bool { listener != nil }

    func run() throws(LocalIPCError) {
        server.host.log(LogLine(.info, .ipc, "server name: \(service.name)"))
        let descriptor = rondo_listen_at(Self.socketName(service), Self.backlog)
        guard descriptor >= 0 else { throw LocalIPCError(service: service, code: errno) }
        do throws(SystemCode) {
            try server.door.open(descriptor, for: self)
        } catch {
            close(descriptor)
            throw LocalIPCError(service: service, code: error.code)
        }
        listener = descriptor
    }

    func stop() {
        guard let listener else { return }
        self.listener = nil
        // The newest first, as libqb does: other members hear of their ends in this order.
        for id in server.connectionIDs.reversed() {
            if let connection = server.connections[id], connection.endpoint === self { server.end(connection) }
        }
        server.host.log(LogLine(.info, .ipc, "withdrawing server sockets"))
        server.door.shut(listener)
        let name = Self.socketName(service)
        if name.hasPrefix("/") { unlink(name) }
    }

    private static func socketName(_ service: LocalService) -> String {
        SocketName.of(service.name, isPath: access(SocketName.switchToPaths, F_OK) == 0)
    }

    // MARK: Rate

    func setRate(_ rate: RequestRate) {
        let former = self.rate
        self.rate = rate
        for connection in server.connections.values where connection.endpoint === self {
            connection.setFlowControl(rate.flowControl)
            if former.priority != rate.priority || connection.isMuted { server.watch(connection) }
        }
    }

    // MARK: Who comes in

    /// Answers whoever has said what he wants. Everything that a connection needs is made here, for those who may.
    func admit(_ descriptor: Int32, _ request: ConnectRequest, _ sender: rondo_sender) {
        let code = decide(user: sender.user, group: sender.group)
        guard code == 0 else { return refuse(descriptor, code) }
        let rings: ClientRings
        do throws(SystemCode) {
            rings = try ClientRings(
                service: service.name, client: sender.process, connection: descriptor, user: sender.user,
                group: sender.group, largestMessage: request.granted)
        } catch {
            server.host.log(
                LogLine(
                    .error, .main,
                    "The buffers for process \(sender.process) (user \(sender.user)) cannot be made in "
                        + "\(RingFolder.place): \(error.text). To do: look what fills it, or give it more room",
                    kind: .client(sender.process)))
            return refuse(descriptor, error.code)
        }
        let identity = ConnectionIdentity(
            id: server.newConnectionID(), service: service.rawValue, process: sender.process,
            processName: ProcessName.of(sender.process))
        let connection = Connection(
            descriptor, rings, identity: identity, endpoint: self, bufferSize: request.granted, user: sender.user,
            now: server.loop.now)
        // Process groups only: a multicast taken now would be lost without anybody knowing (spec: ipc.md 2.6).
        if service == .cpg {
            connection.setFlowControl(rate.flowControl)
            connection.holdWithAll(server.holdsMulticasts)
        }
        let answer = ConnectAnswer.accepted(
            connection: identity.id.rawValue, largestMessage: request.granted, rings: rings.paths)
        guard send(answer, by: descriptor), server.open(connection) else { return connection.close() }
        server.host.log(LogLine(.debug, .ipc, "IPC credentials authenticated (\(rings.paths.request))"))
        server.host.connectionOpened(identity, to: service)
    }

    /// - Returns: zero, or the errno that the client's library is to see.
    private func decide(user: UInt32, group: UInt32) -> Int32 {
        guard isRunning else { return ENOSYS }
        switch server.host.decideAccess(to: service, user: user, group: group) {
        case .accept: return 0
        case .notYet: return EAGAIN
        case .serviceGone: return ENOSYS
        case .lowOnDescriptors: return EMFILE
        case .denied:
            server.host.log(
                LogLine(.error, .main, "Denied connection attempt from \(user):\(group)", kind: .deniedUser(user)))
            return EACCES
        }
    }

    private func refuse(_ descriptor: Int32, _ code: Int32) {
        _ = send(.refused(code), by: descriptor)
        shutdown(descriptor, Int32(SHUT_RDWR))
        close(descriptor)
    }

    /// A new socket has room for an answer; where it has not, nobody waits.
    private func send(_ answer: ConnectAnswer, by descriptor: Int32) -> Bool {
        var writer = ByteWriter(capacity: ConnectAnswer.size)
        answer.encode(into: &writer)
        return writer.bytes.withUnsafeBytes { rondo_send_now(descriptor, $0.baseAddress, $0.count) }
            == ConnectAnswer.size
    }
}

extension RequestRate {
    /// What clients read of it (spec: ipc.md 2.6).
    var flowControl: UInt32 {
        switch self {
        case .fast, .normal, .slow: 0
        case .off: 1
        case .offForMulticast: 2
        }
    }

    var priority: LoopPriority {
        switch self {
        case .fast: .high
        case .normal: .medium
        case .slow, .off, .offForMulticast: .low
        }
    }

    /// Requests of one connection that are taken in one go.
    var share: Int {
        switch priority {
        case .high: 50
        case .medium: 5
        case .low: 1
        }
    }
}
