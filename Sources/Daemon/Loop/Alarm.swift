import Basics
import CPosix
import Glibc

/// Wakes the loop when a deadline comes.
///
/// Deadlines move with every token, always to later, and hardly one of them ever comes: so the kernel is only told of
/// one that is earlier than what it knows, and a ring that turns sets no timer at all. It may ring for a deadline that has
/// moved on meanwhile.
struct Alarm {
    /// What epoll reports it with; no descriptor has this number.
    static let eventData = UInt64.max

    private let timer: FileDescriptor
    /// What the kernel waits for.
    private var setting: Instant?

    /// - Parameter epoll: where it is to be reported, once for each time it rings.
    init(on epoll: Int32) throws(SystemFailure) {
        let descriptor = rondo_open_timer()
        guard descriptor >= 0 else { throw SystemFailure("timerfd_create") }
        timer = FileDescriptor(descriptor)
        guard rondo_epoll_add(epoll, descriptor, rondo_epoll_edge | UInt32(POLLIN), Self.eventData) == 0 else {
            throw SystemFailure("epoll_ctl")
        }
    }

    /// Rings at `deadline` or before.
    ///
    /// - Returns: false when the kernel refuses.
    mutating func ring(at deadline: Instant) -> Bool {
        if let setting, setting <= deadline { return true }
        guard rondo_set_timer(timer.rawValue, deadline.nanoseconds) == 0 else { return false }
        setting = deadline
        return true
    }

    /// It has rung, and waits for nothing any more.
    mutating func rang() { setting = nil }
}
