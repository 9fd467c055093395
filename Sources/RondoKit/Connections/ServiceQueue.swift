import Dispatch

/// The thread of one connection.
///
/// Requests block for as long as the daemon takes, seconds during a membership change. Here they block a thread that
/// Dispatch lends to this queue alone, never one of Swift's cooperative pool; and all calls of one connection, which is used
/// by one at a time, are made here.
final class ServiceQueue: SerialExecutor {
    let queue: DispatchQueue

    init(_ name: String) { queue = DispatchQueue(label: "RondoKit.\(name)") }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }

    func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }

    /// Asked when a Dispatch source's handler, which is no task, says that it runs here.
    func checkIsolated() { dispatchPrecondition(condition: .onQueue(queue)) }
}
