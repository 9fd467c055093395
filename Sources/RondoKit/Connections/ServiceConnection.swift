import CCorosync

/// One connection with the daemon: a handle of one of the C libraries, used on a thread of its own and never left open.
///
/// An actor on its own executor: whoever calls is suspended while the library blocks.
actor ServiceConnection<Event: Sendable> {
    private nonisolated let executor: ServiceQueue
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    nonisolated let mailbox: Mailbox<Event>
    nonisolated let patience: Patience
    private let library: ServiceLibrary
    private var handle: UInt64?
    private var readiness: Readiness?
    private var waiting: [CheckedContinuation<Void, Never>] = []

    private init(_ library: ServiceLibrary, _ patience: Patience) {
        self.library = library
        self.patience = patience
        executor = ServiceQueue(library.name)
        mailbox = Mailbox()
    }

    /// Connects, with patience while the daemon starts.
    ///
    /// - Parameters:
    ///   - initialize: The library's own `initialize`; the pointer is the mailbox, for the library's context.
    ///   - farewell: Called before the library's `finalize`, however the connection ends.
    static func open(
        _ library: ServiceLibrary, patience: Patience,
        initialize: @escaping @Sendable (inout UInt64, UnsafeMutableRawPointer) -> cs_error_t,
        farewell: @escaping @Sendable (UInt64) -> Void = { _ in }
    ) async throws(ClusterError) -> ServiceConnection {
        let connection = ServiceConnection(library, patience)
        try await connection.connect(initialize, farewell)
        return connection
    }

    private func connect(
        _ initialize: @Sendable (inout UInt64, UnsafeMutableRawPointer) -> cs_error_t,
        _ farewell: @escaping @Sendable (UInt64) -> Void
    ) async throws(ClusterError) {
        let operation = "connect to the daemon's service \(library.name)"
        let mailbox = self.mailbox
        // Borrowed by the library until `finalize`, and the closure that finalizes holds it until then.
        let context = Unmanaged.passUnretained(mailbox).toOpaque()
        var handle: UInt64 = 0
        try await persist(operation) { () throws(ClusterError) in
            try ClusterError.check(initialize(&handle, context), operation)
        }
        var descriptor: Int32 = -1
        let answer = library.descriptor(handle, &descriptor)
        guard answer == CS_OK else {
            _ = library.finalize(handle)
            throw ClusterError(.init(answer), operation: operation)
        }
        self.handle = handle
        readiness = Readiness(
            descriptor: descriptor, queue: executor.queue,
            whenReadable: { [weak self] in self?.assumeIsolated { $0.wake() } },
            whenCancelled: { [library, handle] in
                farewell(handle)
                _ = library.finalize(handle)
                withExtendedLifetime(mailbox) {}
            })
    }

    deinit { readiness?.cancel() }

    /// Gives the handle back and ends the events. A second call does nothing.
    func close(discarding: Bool = true) {
        mailbox.end(discarding: discarding)
        readiness?.cancel()
        readiness = nil
        handle = nil
        wake()
    }

    /// `close` from where nothing can be awaited.
    nonisolated func closeSoon() {
        executor.queue.async { self.assumeIsolated { $0.close() } }
    }

    // MARK: Requests

    /// Makes calls with the handle, on the connection's thread, again and again while the engine says "try again".
    func request<Result: Sendable>(
        _ operation: String, patience: Patience? = nil,
        _ body: @Sendable (UInt64) throws(ClusterError) -> Result
    ) async throws(ClusterError) -> Result {
        try await persist(operation, patience) { () throws(ClusterError) in
            guard let handle = self.handle else { throw .closed(operation) }
            return try body(handle)
        }
    }

    /// Makes one call that answers with nothing but its error code.
    func order(
        _ operation: String, patience: Patience? = nil, _ body: @Sendable (UInt64) -> cs_error_t
    ) async throws(ClusterError) {
        try await request(operation, patience: patience) { handle throws(ClusterError) in
            try ClusterError.check(body(handle), operation)
        }
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
        while handle != nil, !mailbox.isReady {
            dispatch()
            guard handle != nil, !mailbox.isReady else { break }
            await withCheckedContinuation { continuation in
                waiting.append(continuation)
                readiness?.arm()
            }
        }
    }

    /// Takes events from the library one by one, up to a batch.
    private func dispatch() {
        guard let handle else { return }
        while case let load = mailbox.load, load.count < Batch.events, load.weight < Batch.bytes {
            let answer = library.dispatch(handle, CS_DISPATCH_ONE_NONBLOCKING)
            if answer == CS_ERR_TRY_AGAIN { return }
            guard answer == CS_OK else {
                mailbox.end(ClusterError(.init(answer), operation: "receive events of \(library.name)"))
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
