import Basics
import CQB
import ClientProtocol
import ClusterMap
import Glibc
import TotemWire

/// The sockets through which programs on this machine use the daemon, on libqb (spec: ipc.md 2).
///
/// libqb's servers live on one thread, and so does this: create it, call it and let the loop run on the same one.
public final class LocalIPCServer {
    let loop: any IPCEventLoop
    /// The host owns the server and outlives it; a checked reference would cost two atomic operations at each use, and
    /// there are several for a request.
    unowned(unsafe) let host: any LocalIPCHost
    var connections: [ConnectionID: Connection] = [:]
    /// Refers to the host as `host` does.
    let door: FrontDoor
    /// Reused for every request; taken out while one is handled.
    var spareResponse = ByteWriter()
    var spareRequest: [UInt8] = []
    var flushDelay: UInt32 = 0
    var isFlushScheduled = false
    var doomed: [ConnectionID] = []

    /// Bytes of messages that may wait for one client that does not read. Beyond it the client is cut off.
    public let queueLimit: Int

    /// Never shrinks: libqb may call back with the context of a stopped service while its last connection ends.
    private var endpoints: [ServiceEndpoint] = []
    private var lastConnection: UInt64 = 0

    public init(loop: any IPCEventLoop, host: any LocalIPCHost, queueLimit: Int = 64 * 1024 * 1024) {
        self.loop = loop
        self.host = host
        self.queueLimit = queueLimit
        door = FrontDoor(
            loop: loop, mayAccept: { [unowned host] in host.mayAccept }, log: { [unowned host] in host.log($0) })
        PollHandlers.use(loop, door)
    }

    /// Opens a service's socket.
    public func start(
        _ service: LocalService, transport: LocalIPCTransport = .sharedMemory
    ) throws(LocalIPCError) {
        guard endpoint(of: service) == nil else { return }
        let endpoint = ServiceEndpoint(service: service, server: self)
        endpoints.append(endpoint)
        try endpoint.run(transport)
    }

    /// Closes a service's socket and all its connections; the host hears of each. Not from inside a request.
    public func stop(_ service: LocalService) {
        endpoint(of: service)?.stop()
    }

    public func stopAll() {
        for endpoint in endpoints { endpoint.stop() }
    }

    /// How fast requests of a service are taken from now on.
    public func setRate(_ rate: RequestRate, for service: LocalService) {
        guard let endpoint = endpoint(of: service), endpoint.rate != rate else { return }
        endpoint.rate = rate
        endpoint.applyRate()
    }

    /// Sends an event or a late response. Events to one connection arrive in order; what its client cannot take yet
    /// waits. A connection that is gone gets nothing.
    public func send(_ message: ClientMessage) {
        guard let connection = connections[message.connection] else { return }
        send(message.bytes, message.channel, to: connection)
    }

    /// Cuts a client off, soon.
    public func disconnect(_ connection: ConnectionID) {
        guard connections[connection] != nil, !doomed.contains(connection) else { return }
        doomed.append(connection)
        guard doomed.count == 1 else { return }
        let context = Unmanaged.passRetained(self).toOpaque()
        let job = JobCallback(
            function: { context in
                guard let context else { return }
                // Balanced with the retain above: a job runs once.
                Unmanaged<LocalIPCServer>.fromOpaque(context).takeRetainedValue().disconnectDoomed()
            }, data: context)
        if loop.addJob(priority: .high, job) < 0 {
            Unmanaged<LocalIPCServer>.fromOpaque(context).release()
            doomed.removeLast()
        }
    }

    /// The figures of a connection now.
    public func statistics(of connection: ConnectionID) -> ConnectionStatistics? {
        connections[connection]?.statistics()
    }

    /// All connections, ascending.
    public var connectionIDs: [ConnectionID] { connections.keys.sorted() }

    /// Bytes waiting for clients that do not read.
    public var queuedBytes: Int { connections.values.reduce(0) { $0 + $1.waiting.bytes } }

    /// Buffers that clients share with the daemon: each holds a descriptor.
    public var sharedBufferCount: Int { connections.values.reduce(0) { $0 + $1.buffers.count } }

    func newConnectionID() -> ConnectionID {
        lastConnection += 1
        return ConnectionID(lastConnection)
    }

    private func endpoint(of service: LocalService) -> ServiceEndpoint? {
        endpoints.first { $0.service == service && $0.isRunning }
    }

    private func disconnectDoomed() {
        for id in doomed { connections[id]?.disconnect() }
        doomed = []
    }
}
