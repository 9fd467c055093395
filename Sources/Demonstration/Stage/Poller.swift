import Basics
import CPosix
import Glibc

/// Waits for sockets and signals to the nanosecond, as the daemon's loop does.
final class Poller {
    private let epoll: Int32
    private let ready: UnsafeMutablePointer<epoll_event>
    private static let capacity = 64

    init() throws(DemonstrationError) {
        epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard epoll >= 0 else {
            throw DemonstrationError("epoll_create1 failed: \(String(cString: strerror(errno)))")
        }
        ready = .allocate(capacity: Self.capacity)
        ready.initialize(repeating: epoll_event(), count: Self.capacity)
    }

    deinit {
        ready.deallocate()
        close(epoll)
    }

    func add(_ descriptor: Int32, tag: UInt64) throws(DemonstrationError) {
        guard rondo_epoll_add(epoll, descriptor, UInt32(POLLIN), tag) == 0 else {
            throw DemonstrationError("a socket cannot be waited for: \(String(cString: strerror(errno)))")
        }
    }

    func remove(_ descriptor: Int32) { _ = rondo_epoll_remove(epoll, descriptor) }

    /// The tags of what is readable, after waiting until `deadline` at the most.
    func wait(until deadline: Instant, now: Instant, into tags: inout [UInt64]) {
        tags.removeAll(keepingCapacity: true)
        let span = Int64(clamping: deadline.nanoseconds(since: now))
        // `ready` has room for as many events as are asked for.
        let count = rondo_epoll_wait(epoll, ready, Int32(Self.capacity), span)
        for index in 0..<Int(max(count, 0)) { tags.append(rondo_event_data(ready + index)) }
    }
}
