import ClientProtocol
import Dispatch
import LocalClient

/// One connection with the daemon, used on a thread of its own and never left open.
///
/// An actor on its own executor: whoever calls is suspended while the daemon is waited for.
actor ServiceConnection<Event: Sendable> {
    private nonisolated let executor: ServiceQueue
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    nonisolated let mailbox: Mailbox<Event>
    nonisolated let patience: Patience
    private let service: LocalService
    private var reader: any EventReader<Event>
    private var local: LocalConnection?
    private var readiness: Readiness?
    private var waiting: [CheckedContinuation<Void, Never>] = []

    private init(_ service: LocalService, _ patience: Patience, _ reader: any EventReader<Event>) {
        self.service = service
        self.patience = patience
        self.reader = reader
        executor = ServiceQueue(service.name)
        mailbox = Mailbox()
    }

    /// Connects, with patience while the daemon starts.
    ///
    /// - Parameters:
    ///   - reader: Makes events of what the daemon sends.
    ///   - farewell: Called before the connection is closed, however it ends.
    static func open(
        _ service: LocalService, patience: Patience, reader: any EventReader<Event> = NoEvents<Event>(),
        farewell: @escaping @Sendable (LocalConnection) -> Void = { _ in }
    ) async throws(ClusterError) -> ServiceConnection {
        let connection = ServiceConnection(service, patience, reader)
        try await connection.connect(farewell)
        return connection
    }

    private func connect(_ farewell: @escaping @Sendable (LocalConnection) -> Void) async throws(ClusterError) {
        let operation = "connect to the daemon's service \(service.name)"
        let service = self.service
        let local = try await persist(operation) { () throws(ClusterError) in
            do throws(LocalClientError) {
                return try LocalConnection(to: service)
            } catch {
                throw ClusterError(error, operation: operation)
            }
        }
        self.local = local
        let held = Confined(local: local)
        readiness = Readiness(
            descriptor: local.descriptor, queue: executor.queue,
            whenReadable: { [weak self] in self?.assumeIsolated { $0.wake() } },
            whenCancelled: {
                farewell(held.local)
                held.local.close()
            })
    }

    deinit { readiness?.cancel() }

    /// Closes the connection and ends the events. A second call does nothing.
    func close(discarding: Bool = true) {
        mailbox.end(discarding: discarding)
        readiness?.cancel()
        readiness = nil
        local = nil
        wake()
    }

    /// `close` from where nothing can be awaited.
    nonisolated func closeSoon() {
        executor.queue.async { self.assumeIsolated { $0.close() } }
    }

    // MARK: Requests

    /// Asks the daemon, on the connection's thread, again and again while the engine says "try again".
    func request<Result: Sendable>(
        _ operation: String, patience: Patience? = nil,
        _ body: @Sendable (LocalConnection) throws(ClusterError) -> Result
    ) async throws(ClusterError) -> Result {
        try await persist(operation, patience) { () throws(ClusterError) in
            guard let local = self.local else { throw .closed(operation) }
            return try body(local)
        }
    }

    /// Sends one request that is answered with nothing but its error code.
    func order(_ operation: String, _ request: some ClientRequest & Sendable) async throws(ClusterError) {
        try await self.request(operation) { local throws(ClusterError) in _ = try local.ask(request, operation) }
    }

    private func persist<Result>(
        _ operation: String, _ given: Patience? = nil, _ body: () throws(ClusterError) -> Result
    ) async throws(ClusterError) -> Result {
        let patience = given ?? self.patience
        let clock = ContinuousClock()
        let start = clock.now
        var pauses = Patience.Pauses(patience)
        while true {
            let refusal: ClusterError
            do {
                return try body()
            } catch {
                guard error.code == .tryAgain else { throw error }
                refusal = error
            }
            let waited = clock.now - start
            guard waited < patience.limit else {
                throw ClusterError(refusal.code, operation: refusal.operation, detail: "still so after \(waited)")
            }
            do {
                try await clock.sleep(for: min(pauses.take(), patience.limit - waited))
            } catch {
                throw ClusterError(.interrupted, operation: operation, detail: "the task was cancelled")
            }
        }
    }

    // MARK: Events

    /// Returns when the mailbox has something to take. Events are fetched from the daemon here and nowhere else: while
    /// nobody asks, they stay there.
    func refill() async {
        while local != nil, !mailbox.isReady {
            dispatch()
            guard local != nil, !mailbox.isReady else { break }
            await withCheckedContinuation { continuation in
                waiting.append(continuation)
                readiness?.arm()
            }
        }
    }

    /// Takes events from the daemon one by one, up to a batch.
    private func dispatch() {
        guard let local else { return }
        while case let load = mailbox.load, load.count < Batch.events, load.weight < Batch.bytes {
            do {
                guard let event = try local.nextEvent() else { return }
                if let (event, weight) = try reader.read(event, on: self) { mailbox.put(event, weight: weight) }
            } catch {
                let operation = "receive events of \(service.name)"
                mailbox.end(
                    (error as? LocalClientError).map { ClusterError($0, operation: operation) }
                        ?? ClusterError(.messageError, operation: operation, detail: "\(error)"))
                close(discarding: false)
                return
            }
        }
    }

    private func wake() {
        let woken = waiting
        waiting = []
        for continuation in woken { continuation.resume() }
    }
}

/// The most that is fetched from the daemon at once.
private enum Batch {
    static let events = 64
    static let bytes = 1 << 20
}

/// A connection on its way to the last use of it, which is made on its queue as all others are.
private struct Confined: @unchecked Sendable {
    let local: LocalConnection
}
