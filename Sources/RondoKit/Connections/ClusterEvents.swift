/// What the engine tells as it happens, for `for try await`.
///
/// - **Nothing is lost, nothing piles up here.** Events are fetched from the daemon when the loop asks for the next one,
///   at most 64 events (or the first beyond 1 MiB) at a time. While the loop is busy they stay with the daemon. Corosync
///   keeps them without a limit, so a loop that never comes back costs memory there.
/// - **An error ends it**: a daemon that goes away is `ClusterError.Code.library`. Connect anew to go on.
/// - **Cancelling the task ends it** as if there were no more events, and closes what it comes from: a process group is
///   left.
/// - **Leaving the loop** with `break` keeps a group joined, and its next loop goes on where this one ended. The changes
///   of quorum, votes and map keys have a connection for each loop, closed when its iterator goes.
///
/// Use one iterator of a process group at a time: each event is given to one of them.
public struct ClusterEvents<Element: Sendable>: AsyncSequence, Sendable {
    public typealias Failure = ClusterError

    private let open: @Sendable () async throws(ClusterError) -> ServiceConnection<Element>
    private let isLast: @Sendable (Element) -> Bool

    /// Events of a connection each iteration opens for itself.
    init(opening open: @escaping @Sendable () async throws(ClusterError) -> ServiceConnection<Element>) {
        self.open = open
        isLast = { _ in false }
    }

    /// Events of a connection that exists, up to the last.
    init(of connection: ServiceConnection<Element>, until isLast: @escaping @Sendable (Element) -> Bool) {
        open = { () throws(ClusterError) in connection }
        self.isLast = isLast
    }

    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(open: open, isLast: isLast) }

    public struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate let open: @Sendable () async throws(ClusterError) -> ServiceConnection<Element>
        fileprivate let isLast: @Sendable (Element) -> Bool
        private var connection: ServiceConnection<Element>?
        private var isFinished = false

        fileprivate init(
            open: @escaping @Sendable () async throws(ClusterError) -> ServiceConnection<Element>,
            isLast: @escaping @Sendable (Element) -> Bool
        ) {
            self.open = open
            self.isLast = isLast
        }

        public mutating func next() async throws(ClusterError) -> Element? {
            try await next(isolation: nil)
        }

        /// The next event; nil after the last, and when the task is cancelled.
        public mutating func next(isolation actor: isolated (any Actor)?) async throws(ClusterError) -> Element? {
            guard !isFinished else { return nil }
            do {
                if let event = try await event(actor) { return event }
            } catch {
                isFinished = true
                connection = nil
                throw error
            }
            isFinished = true
            connection = nil
            return nil
        }

        private mutating func event(_ actor: isolated (any Actor)?) async throws(ClusterError) -> Element? {
            let connection: ServiceConnection<Element>
            if let known = self.connection {
                connection = known
            } else {
                do {
                    connection = try await open()
                } catch {
                    if Task.isCancelled { return nil }
                    throw error
                }
                self.connection = connection
            }
            while true {
                if Task.isCancelled {
                    connection.closeSoon()
                    return nil
                }
                switch try connection.mailbox.take() {
                case .event(let event):
                    if isLast(event) {
                        connection.mailbox.end()
                        connection.closeSoon()
                    }
                    return event
                case .ended:
                    return nil
                case .nothing:
                    await withTaskCancellationHandler(
                        operation: { await connection.refill() }, onCancel: { connection.closeSoon() },
                        isolation: actor)
                }
            }
        }
    }
}
