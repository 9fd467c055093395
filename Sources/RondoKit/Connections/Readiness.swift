import Dispatch

/// Tells once, when asked to, that a connection's descriptor has something to read.
///
/// Unchecked: all but `cancel` is used on the connection's queue only, and Dispatch's sources may be cancelled from
/// anywhere.
final class Readiness: @unchecked Sendable {
    private let source: any DispatchSourceRead
    private let queue: DispatchQueue
    private var isArmed = false

    /// - Parameters:
    ///   - whenReadable: Called on the queue, once for each `arm`.
    ///   - whenCancelled: Called on the queue once Dispatch has let go of the descriptor, which may be closed then.
    init(
        descriptor: Int32, queue: DispatchQueue, whenReadable: @escaping @Sendable () -> Void,
        whenCancelled: @escaping @Sendable () -> Void
    ) {
        self.queue = queue
        source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue)
        source.setCancelHandler(handler: whenCancelled)
        source.setEventHandler { [weak self] in
            self?.disarm()
            whenReadable()
        }
    }

    func arm() {
        guard !isArmed else { return }
        isArmed = true
        source.resume()
    }

    private func disarm() {
        guard isArmed else { return }
        isArmed = false
        source.suspend()
    }

    /// Ends it. Nothing is told after that but the cancellation itself.
    func cancel() {
        source.cancel()
        // A suspended source would never come to its cancellation.
        queue.async { self.arm() }
    }
}
