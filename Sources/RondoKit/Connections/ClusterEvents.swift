/// What the engine tells as it happens, for `for try await`.
///
/// - **Nothing is lost, nothing piles up here.** Events are fetched from the daemon when the loop asks for the next one,
///   at most 64 events (or the first beyond 1 MiB) at a time. While the loop is busy they stay with the daemon. Corosync
///   keeps them without a limit, so a loop that never comes back costs memory there.
/// - **An error ends it**: a daemon that goes away is `ClusterError.Code.library`. Connect anew to go on.
/// - **Cancelling the task ends it** as if there were no more events, and closes what it comes from: a process group is
///   left.
/// - **Leaving the loop** with `break` closes nothing while the sequence, or its group, is still referenced; the next
///   loop goes on where this one ended.
///
/// Use one iterator at a time: each event is given to one of them.
public struct ClusterEvents<Element: Sendable>: AsyncSequence, Sendable {
    public typealias Failure = ClusterError

    private let connection: ServiceConnection<Element>
    private let isLast: @Sendable (Element) -> Bool

    init(
        of connection: ServiceConnection<Element>, until isLast: @escaping @Sendable (Element) -> Bool = { _ in false }
    ) {
        self.connection = connection
        self.isLast = isLast
    }

    /// An iterator that goes on where the last one ended.
    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(connection: connection, isLast: isLast) }

    /// Takes the events one by one.
    public struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate let connection: ServiceConnection<Element>
        fileprivate let isLast: @Sendable (Element) -> Bool

        /// The next event; nil after the last, and when the task is cancelled.
        public mutating func next() async throws(ClusterError) -> Element? {
            try await next(isolation: nil)
        }

        /// The next event; nil after the last, and when the task is cancelled.
        public mutating func next(isolation actor: isolated (any Actor)?) async throws(ClusterError) -> Element? {
            let connection = self.connection
            while true {
                if Task.isCancelled {
                    connection.closeSoon()
                    return nil
                }
                switch try connection.mailbox.take() {
                case .event(let event):
                    if isLast(event) {
                        connection.mailbox.end(discarding: true)
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
