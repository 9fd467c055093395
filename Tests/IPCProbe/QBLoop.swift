import CQB
import LocalIPC

/// libqb's own loop under the local IPC.
final class QBLoop: IPCEventLoop {
    private let loop: OpaquePointer
    private var callbacks: [Int32: Registration] = [:]

    private final class Registration {
        let callback: DescriptorCallback
        init(_ callback: DescriptorCallback) { self.callback = callback }
    }

    private final class Job {
        let run: () -> Void
        init(_ run: @escaping () -> Void) { self.run = run }
    }

    init?() {
        guard let loop = qb_loop_create() else { return nil }
        self.loop = loop
    }

    func run() { qb_loop_run(loop) }

    func stop() { qb_loop_stop(loop) }

    /// Ends `run` when the process is asked to terminate.
    func stopOnTermination() {
        var handle: qb_loop_signal_handle?
        qb_loop_signal_add(
            loop, QB_LOOP_HIGH, 15, Unmanaged.passUnretained(self).toOpaque(),
            { _, context in
                guard let context else { return 0 }
                Unmanaged<QBLoop>.fromOpaque(context).takeUnretainedValue().stop()
                return 0
            }, &handle)
    }

    func add(_ descriptor: Int32, events: Int32, priority: LoopPriority, _ callback: DescriptorCallback) -> Int32 {
        let registration = Registration(callback)
        callbacks[descriptor] = registration
        return qb_loop_poll_add(
            loop, qb_loop_priority(UInt32(priority.rawValue)), descriptor, events,
            Unmanaged.passUnretained(registration).toOpaque(), QBLoop.dispatch)
    }

    func modify(_ descriptor: Int32, events: Int32, priority: LoopPriority, _ callback: DescriptorCallback) -> Int32 {
        let registration = Registration(callback)
        callbacks[descriptor] = registration
        return qb_loop_poll_mod(
            loop, qb_loop_priority(UInt32(priority.rawValue)), descriptor, events,
            Unmanaged.passUnretained(registration).toOpaque(), QBLoop.dispatch)
    }

    func remove(_ descriptor: Int32) -> Int32 {
        callbacks[descriptor] = nil
        return qb_loop_poll_del(loop, descriptor)
    }

    func addJob(priority: LoopPriority, _ job: JobCallback) -> Int32 {
        qb_loop_job_add(
            loop, qb_loop_priority(UInt32(priority.rawValue)), Unmanaged.passRetained(Job { job() }).toOpaque(),
            QBLoop.runJob)
    }

    func addTimer(milliseconds: UInt32, _ job: JobCallback) {
        qb_loop_timer_add(
            loop, QB_LOOP_MED, UInt64(milliseconds) * 1_000_000, Unmanaged.passRetained(Job { job() }).toOpaque(),
            QBLoop.runJob, nil)
    }

    /// Calls once, when what runs now has returned.
    func afterwards(_ run: @escaping () -> Void) {
        qb_loop_job_add(loop, QB_LOOP_HIGH, Unmanaged.passRetained(Job(run)).toOpaque(), QBLoop.runJob)
    }

    private static let dispatch: qb_loop_poll_dispatch_fn = { descriptor, events, context in
        guard let context else { return -1 }
        // Retained here: the callback may remove its own registration before it returns.
        let registration = Unmanaged<Registration>.fromOpaque(context).takeUnretainedValue()
        return withExtendedLifetime(registration) { registration.callback(descriptor, events) }
    }

    private static let runJob: JobCallback.Function = { context in
        guard let context else { return }
        Unmanaged<Job>.fromOpaque(context).takeRetainedValue().run()
    }
}
