import CPosix
import Glibc
import Synchronization

/// The thread that writes log lines, so that a slow disk, terminal or system log never holds up the ring.
///
/// Lines wait in a queue of bounded size; when it is full, new ones are counted and dropped, and the count is written
/// as soon as there is room. The main thread holds the lock for an append, the writer for a swap; the lock inherits
/// priority, so that the real-time thread never waits for an ordinary one.
final class LogWriter: @unchecked Sendable {
    /// Bytes that may wait.
    static let capacity = 1 << 20

    private struct Waiting {
        var bytes: [UInt8] = []
        var lines: [(target: LogTargets.Target, length: Int)] = []
        var dropped = 0
        var stops = false

        mutating func removeAll() {
            bytes.removeAll(keepingCapacity: true)
            lines.removeAll(keepingCapacity: true)
            dropped = 0
        }
    }

    private let waiting = Mutex(Waiting())
    private let targets: LogTargets
    private let wake: FileDescriptor
    private var thread = pthread_t()
    private let reportDrops: @Sendable (Int) -> [(LogTargets.Target, [UInt8])]

    /// Starts the thread. `reportDrops` makes the lines that tell how many were lost.
    init?(_ targets: LogTargets, reportDrops: @escaping @Sendable (Int) -> [(LogTargets.Target, [UInt8])]) {
        self.targets = targets
        self.reportDrops = reportDrops
        let descriptor = eventfd(0, Int32(EFD_CLOEXEC))
        guard descriptor >= 0 else { return nil }
        wake = FileDescriptor(descriptor)
        let context = Unmanaged.passRetained(self)
        let started = rondo_start_thread(
            &thread,
            { context in
                // The reference was passed retained; the thread owns it until it ends.
                if let context { Unmanaged<LogWriter>.fromOpaque(context).takeRetainedValue().run() }
                return nil
            }, context.toOpaque())
        guard started == 0 else {
            context.release()
            return nil
        }
    }

    /// Queues a finished line; never waits for the target.
    func append(_ bytes: [UInt8], to target: LogTargets.Target) {
        waiting.withLock { waiting in
            guard waiting.bytes.count + bytes.count <= Self.capacity else {
                waiting.dropped += 1
                return
            }
            waiting.bytes.append(contentsOf: bytes)
            waiting.lines.append((target, bytes.count))
        }
        signal()
    }

    /// Writes everything that waits and ends the thread. Gives up after `limit` milliseconds, so that a dead target
    /// cannot keep the daemon from ending; returns whether everything was written.
    @discardableResult
    func stop(limit: Int) -> Bool {
        waiting.withLock { $0.stops = true }
        signal()
        var deadline = timespec()
        clock_gettime(CLOCK_REALTIME, &deadline)
        let nanoseconds = deadline.tv_nsec + (limit % 1000) * 1_000_000
        deadline.tv_sec += limit / 1000 + nanoseconds / 1_000_000_000
        deadline.tv_nsec = nanoseconds % 1_000_000_000
        return rondo_join_thread(thread, &deadline) == 0
    }

    private func signal() {
        var one: UInt64 = 1
        _ = write(wake.rawValue, &one, MemoryLayout<UInt64>.size)
    }

    private func run() {
        // The thread was started by the real-time main thread and must not compete with it.
        _ = rondo_schedule_normal()
        var batch = Waiting()
        while true {
            var count: UInt64 = 0
            _ = read(wake.rawValue, &count, MemoryLayout<UInt64>.size)
            batch.removeAll()
            let stops = waiting.withLock { waiting in
                swap(&waiting.bytes, &batch.bytes)
                swap(&waiting.lines, &batch.lines)
                swap(&waiting.dropped, &batch.dropped)
                return waiting.stops
            }
            var position = 0
            for line in batch.lines {
                targets.write(batch.bytes[position..<position + line.length], to: line.target)
                position += line.length
            }
            if batch.dropped > 0 {
                for (target, bytes) in reportDrops(batch.dropped) { targets.write(bytes[...], to: target) }
            }
            if stops { return }
        }
    }
}
