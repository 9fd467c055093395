import Basics

/// How soon the loop is to look at something (spec: ipc.md 2.2).
public enum LoopPriority: Int32, Sendable {
    case low = 0
    case medium = 1
    case high = 2
}

/// What the local IPC needs of the daemon's event loop, all of it on one thread.
///
/// The loop is level-triggered and reports POLLHUP, POLLERR and POLLNVAL unasked. A handler may remove its own descriptor,
/// or change what it waits for, before it returns. After `remove` a descriptor's number may come back for something else,
/// so an event already fetched for a removed descriptor must not be delivered.
public protocol IPCEventLoop: AnyObject {
    /// The time, as of the present turn.
    var now: Instant { get }

    /// Watches a descriptor, in place of whoever watched it.
    ///
    /// - Parameters:
    ///   - events: bits of poll(2).
    ///   - handler: is told which of them came up.
    /// - Returns: zero, or a negative errno.
    func add(
        _ descriptor: Int32, events: Int32, priority: LoopPriority, _ handler: @escaping (_ events: Int32) -> Void
    ) -> Int32

    /// Changes events and priority of a watched descriptor.
    func modify(_ descriptor: Int32, events: Int32, priority: LoopPriority)

    /// Watches it no more.
    ///
    /// - Returns: zero, or a negative errno when it was not watched.
    @discardableResult
    func remove(_ descriptor: Int32) -> Int32

    /// Calls once, soon, but not from inside this call.
    func addJob(priority: LoopPriority, _ job: @escaping () -> Void)

    /// Calls once, after at least this time.
    func addTimer(milliseconds: UInt32, _ job: @escaping () -> Void)
}
