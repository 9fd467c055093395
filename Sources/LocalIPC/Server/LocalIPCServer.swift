import Basics
import ClientProtocol
import ClusterMap
import Glibc
import TotemWire

/// The sockets through which programs on this machine use the daemon, in the protocol of libqb's clients (spec: ipc.md 2, 3).
///
/// Create it, call it and let the loop run on the same thread. After each turn of the loop call `endTurn`.
public final class LocalIPCServer {
    let loop: any IPCEventLoop
    /// The host owns the server and outlives it; a checked reference would cost two atomic operations at each use, and
    /// there are several for a request.
    unowned(unsafe) let host: any LocalIPCHost
    var connections: [ConnectionID: Connection] = [:]
    let door: FrontDoor
    /// Reused for every request; taken out while one is handled.
    var spareResponse = ByteWriter()
    var spareRequest: [UInt8] = []
    var flushDelay: UInt32 = 0
    var isFlushScheduled = false
    /// Connections with events for which their clients have not been woken.
    var untold: [Connection] = []
    /// Connections whose messages wait for room.
    var stalled: [Connection] = []
    private var doomed: [ConnectionID] = []
    /// Bytes waiting for clients that do not read.
    var queuedBytes = 0

    /// What may wait for clients that do not read.
    public var limits: WaitingLimits
    /// No program is to multicast anything.
    private(set) var holdsMulticasts = false
    /// Bytes of which the host knows that they wait for programs that still read.
    private var reportedLag = 0

    /// Never shrinks: whoever is at the door of a stopped service finds it there.
    private var endpoints: [ServiceEndpoint] = []
    private var lastConnection: UInt64 = 0

    public init(loop: any IPCEventLoop, host: any LocalIPCHost, limits: WaitingLimits = WaitingLimits()) {
        self.loop = loop
        self.host = host
        self.limits = limits
        door = FrontDoor(loop: loop, host: host)
    }

    /// Opens a service's socket.
    public func start(_ service: LocalService) throws(LocalIPCError) {
        guard endpoint(of: service) == nil else { return }
        let endpoint = ServiceEndpoint(service: service, server: self)
        endpoints.append(endpoint)
        try endpoint.run()
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
        endpoint.setRate(rate)
    }

    /// Asks the clients of the process groups to multicast nothing, or lets them again; what they ask for is taken all the same.
    public func holdMulticasts(_ isHeld: Bool) {
        holdsMulticasts = isHeld
        for connection in connections.values where connection.endpoint.service == .cpg {
            connection.holdWithAll(isHeld)
        }
    }

    /// Sends an event or a late response. Events to one connection arrive in order; what its client cannot take yet
    /// waits. A connection that is gone gets nothing.
    public func send(_ message: ClientMessage) {
        guard let connection = connections[message.connection] else { return }
        send(message.bytes, message.channel, to: connection)
    }

    /// Wakes the clients whose events have been written since the last call, sends again what has waited, and tells the host
    /// how much waits then.
    public func endTurn() {
        if !stalled.isEmpty || reportedLag > 0 {
            flush()
            let now = loop.now
            var lag = 0
            var most: (lag: Int, program: ConnectionIdentity)?
            for connection in stalled {
                let share = connection.lag(now: now, limits)
                lag += share
                if share > most?.lag ?? 0 { most = (share, connection.identity) }
            }
            if lag > 0 || reportedLag > 0 {
                reportedLag = lag
                host.programsLag(by: lag, most: most?.program)
            }
        }
        guard !untold.isEmpty else { return }
        for connection in untold where connection.isOpen {
            connection.wake()
            if connection.isSocketFull { watch(connection) }
        }
        untold.removeAll(keepingCapacity: true)
    }

    /// Cuts a client off, soon.
    public func disconnect(_ connection: ConnectionID) {
        guard let ended = connections[connection], !ended.isGivenUp else { return }
        ended.isGivenUp = true
        doomed.append(connection)
        guard doomed.count == 1 else { return }
        loop.addJob(priority: .high) { [self] in
            let ended = doomed
            doomed = []
            for id in ended {
                if let connection = connections[id] { end(connection) }
            }
        }
    }

    /// The figures of a connection now.
    public func statistics(of connection: ConnectionID) -> ConnectionStatistics? {
        connections[connection]?.statistics()
    }

    /// All connections, ascending.
    public var connectionIDs: [ConnectionID] { connections.keys.sorted() }

    /// What the buffers that clients share with the daemon count for (`SharedBuffers.bytes`).
    var sharedBytes: Int { connections.values.reduce(0) { $0 + $1.buffers.bytes } }
    /// How many of them there are.
    var sharedBufferCount: Int { connections.values.reduce(0) { $0 + $1.buffers.count } }

    func newConnectionID() -> ConnectionID {
        lastConnection += 1
        return ConnectionID(lastConnection)
    }

    private func endpoint(of service: LocalService) -> ServiceEndpoint? {
        endpoints.first { $0.service == service && $0.isRunning }
    }

    // MARK: Connections

    /// - Returns: whether it can be watched.
    func open(_ connection: Connection) -> Bool {
        let result = loop.add(
            connection.descriptor, events: Int32(POLLIN), priority: connection.endpoint.rate.priority
        ) { [unowned self] events in
            serve(connection, events)
        }
        guard result == 0 else { return false }
        connections[connection.id] = connection
        return true
    }

    /// Waits for what can be done with a connection now, as soon as its service's rate says.
    func watch(_ connection: Connection) {
        guard connection.isOpen else { return }
        connection.isMuted = connection.flowControl != 0
        let events = (connection.isMuted ? 0 : Int32(POLLIN)) | (connection.isSocketFull ? Int32(POLLOUT) : 0)
        loop.modify(connection.descriptor, events: events, priority: connection.endpoint.rate.priority)
    }

    func end(_ connection: Connection) {
        guard connections.removeValue(forKey: connection.id) != nil else { return }
        loop.remove(connection.descriptor)
        connection.wake()
        connection.close()
        drop(connection)
        host.connectionClosed(connection.id, of: connection.endpoint.service)
    }

    /// Ends a connection, soon, whose client has done what no library does.
    func cutOff(_ connection: Connection, because reason: String) {
        host.log(
            LogLine(
                .error, .main,
                "\(connection.client) has broken its \(connection.endpoint.service.name) connection: \(reason); it is "
                    + "disconnected. To do: look what that program is", kind: .client(connection.identity.process)))
        disconnect(connection.id)
    }
}
