/// How soon the loop is to look at something (libqb's numbers; spec: ipc.md 2.2).
public enum LoopPriority: Int32, Sendable {
    case low = 0
    case medium = 1
    case high = 2
}

/// What libqb wants called when a descriptor is ready.
public struct DescriptorCallback {
    public typealias Function = @convention(c) (Int32, Int32, UnsafeMutableRawPointer?) -> Int32

    /// What comes in by the descriptor.
    enum Role {
        case client
        /// Connections.
        case listener
        /// A connection that has not said yet who it is.
        case newcomer
    }

    let function: Function
    let data: UnsafeMutableRawPointer?
    var role = Role.client

    /// - Parameter events: the bits of poll(2) that came up.
    /// - Returns: below zero when the descriptor is no longer to be watched. libqb has then usually removed it from
    ///   the loop itself and closed it.
    public func callAsFunction(_ descriptor: Int32, _ events: Int32) -> Int32 {
        role == .client ? handOver(descriptor, events) : PollHandlers.call(self, descriptor, events)
    }

    /// Calls libqb.
    func handOver(_ descriptor: Int32, _ events: Int32) -> Int32 {
        LastRequests.handOver(descriptor, events) { function($0, $1, data) }
    }
}

/// Something to be called once.
public struct JobCallback {
    public typealias Function = @convention(c) (UnsafeMutableRawPointer?) -> Void

    let function: Function
    let data: UnsafeMutableRawPointer?

    public func callAsFunction() { function(data) }
}

/// What the local IPC needs of the daemon's event loop. All of it on one thread: libqb's servers are not thread-safe.
///
/// The loop is level-triggered and reports POLLHUP, POLLERR and POLLNVAL unasked. A callback may remove its own
/// descriptor and add it again with another callback before it returns.
///
/// Descriptors stay open while they are watched; after `remove` their numbers may come back for something else, so an
/// event already fetched for a removed descriptor must not be delivered.
public protocol IPCEventLoop: AnyObject {
    /// - Parameter events: bits of poll(2).
    /// - Returns: zero, or a negative errno.
    func add(_ descriptor: Int32, events: Int32, priority: LoopPriority, _ callback: DescriptorCallback) -> Int32

    /// Changes events, priority and callback of a watched descriptor.
    func modify(_ descriptor: Int32, events: Int32, priority: LoopPriority, _ callback: DescriptorCallback) -> Int32

    func remove(_ descriptor: Int32) -> Int32

    /// Calls once, soon, but not from inside this call.
    func addJob(priority: LoopPriority, _ job: JobCallback) -> Int32

    /// Calls once, after at least this time.
    func addTimer(milliseconds: UInt32, _ job: JobCallback)
}
