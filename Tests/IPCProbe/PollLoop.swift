import Basics
import Glibc
import LocalIPC

/// A loop on poll(2) under the local IPC, as simple as one can be.
final class PollLoop: IPCEventLoop {
    private struct Watch {
        var events: Int32
        let handler: (Int32) -> Void
    }

    private struct Timer {
        let due: UInt64
        let run: () -> Void
    }

    private var watches: [Int32: Watch] = [:]
    private var timers: [Timer] = []
    private var isStopped = false
    /// Called after each turn.
    var afterTurn: () -> Void = {}

    var now: Instant { Instant(nanoseconds: Self.now * 1_000_000) }

    /// Ends when `stop` is called.
    func run() {
        while !isStopped {
            turn()
            afterTurn()
        }
    }

    func stop() { isStopped = true }

    func add(
        _ descriptor: Int32, events: Int32, priority: LoopPriority, _ handler: @escaping (_ events: Int32) -> Void
    ) -> Int32 {
        watches[descriptor] = Watch(events: events, handler: handler)
        return 0
    }

    func modify(_ descriptor: Int32, events: Int32, priority: LoopPriority) { watches[descriptor]?.events = events }

    @discardableResult
    func remove(_ descriptor: Int32) -> Int32 { watches.removeValue(forKey: descriptor) == nil ? -ENOENT : 0 }

    func addJob(priority: LoopPriority, _ job: @escaping () -> Void) { addTimer(milliseconds: 0, job) }

    func addTimer(milliseconds: UInt32, _ job: @escaping () -> Void) {
        timers.append(Timer(due: Self.now + UInt64(milliseconds), run: job))
    }

    private func turn() {
        var entries = watches.map { pollfd(fd: $0, events: Int16($1.events), revents: 0) }
        let now = Self.now
        let wait = timers.map { $0.due > now ? Int32(min($0.due - now, 1000)) : 0 }.min() ?? -1
        guard poll(&entries, nfds_t(entries.count), wait) >= 0 else { return }
        for entry in entries where entry.revents != 0 { watches[entry.fd]?.handler(Int32(entry.revents)) }
        let reached = Self.now
        let due = timers.filter { $0.due <= reached }
        timers.removeAll { $0.due <= reached }
        for timer in due { timer.run() }
    }

    private static var now: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1000 + UInt64(time.tv_nsec) / 1_000_000
    }
}
