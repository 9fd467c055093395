import Basics
import CPosix
import Glibc

/// Waits for descriptors and deadlines, and runs what is ready, on one thread.
///
/// Level-triggered, with three priorities as libqb's loop has them: what is ready waits in a queue of its priority, and
/// a turn runs everything of high priority but only a few of the others, so that a crowd of clients cannot delay the
/// token (spec: ipc.md 2.2).
///
/// The ring has a priority of its own: of the requests that are ready at the same time a few are taken before its
/// packets, so that they travel with the token among them instead of waiting for the next, and the rest behind. While
/// ring and clients are both busy the loop sleeps until the ring's next packet, since what a client asks for cannot
/// leave before, and waking up for every request would take the processor from the very clients that make them. Not so
/// for clients that wait for answers: only an answer brings their next request, which may travel with the same token.
final class EventLoop {
    enum Priority: Int, CaseIterable, Sendable {
        case low, medium, high, ring
    }

    /// What happened on a descriptor, in poll(2)'s bits.
    struct Events: OptionSet, Sendable {
        let rawValue: Int32
        static let readable = Events(rawValue: Int32(POLLIN))
        static let writable = Events(rawValue: Int32(POLLOUT))
        static let error = Events(rawValue: Int32(POLLERR))
        static let hangUp = Events(rawValue: Int32(POLLHUP))

        /// Poll's and epoll's bits agree, but epoll has no POLLNVAL.
        fileprivate var epoll: UInt32 { UInt32(bitPattern: rawValue & ~Int32(POLLNVAL)) }
    }

    /// Runs when its descriptor is ready; false removes the descriptor from the loop.
    typealias Handler = (Int32, Events) -> Bool

    private final class Registration {
        let descriptor: Int32
        let handler: Handler
        var priority: Priority
        var isActive = true
        /// What is to be handed over; not empty while the registration waits in a queue.
        var pending: Events = []

        init(_ descriptor: Int32, _ priority: Priority, _ handler: @escaping Handler) {
            self.descriptor = descriptor
            self.priority = priority
            self.handler = handler
        }
    }

    /// A call to make once. One that a job adds waits a little, so that a job that keeps adding itself does not spin.
    private struct Job {
        var due: Instant
        var run: () -> Void
    }

    /// How many of medium and of low priority one turn runs, and of high priority before the ring.
    private static let perTurn = 4
    /// The ring is busy when its last packet is no older (nanoseconds).
    private static let busyRing: UInt64 = 200_000
    /// How long requests of clients wait for a packet of a busy ring at most (nanoseconds).
    private static let longestRequestDelay: UInt64 = 500_000
    /// libqb's pause before jobs that are the only work.
    private static let jobPause: UInt64 = 50

    private let epoll: FileDescriptor
    private var alarm: Alarm
    /// By descriptor: the kernel hands out the smallest free number.
    private var registrations: [Registration?] = []
    private var queues: [[Registration]] = Priority.allCases.map { _ in [] }
    /// How many wait in all queues.
    private var queued = 0
    private var jobCount = 0
    /// Memory for the batch that is run.
    private var spare: [Registration] = []
    private var jobs: [[Job]] = Priority.allCases.map { _ in [] }
    private var runsJobs = false
    private var turns: UInt = 0
    /// Where a token may come: with links one for each own address.
    private var rings: [Int32] = []
    /// Waits for a packet of a busy ring that none has ended.
    private(set) var vainWaits = 0
    /// Whether what clients of high priority ask for is taken together, right before a packet of the ring.
    var gathersRequests = true
    private var lastRingPacket = Instant(nanoseconds: 0)
    /// Whether the last turn ran a handler of high priority: a busy client's.
    private var hasServedClients = false
    /// Whether in the last turn a client was given an answer that it waited for.
    private var hasAnswered = false
    private let ready: UnsafeMutablePointer<epoll_event>
    private static let readyCapacity = 64

    /// The time as of the last return from waiting.
    private(set) var now: Instant

    init() throws(SystemFailure) {
        let descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard descriptor >= 0 else { throw SystemFailure("epoll_create1") }
        epoll = FileDescriptor(descriptor)
        alarm = try Alarm(on: epoll.rawValue)
        ready = .allocate(capacity: Self.readyCapacity)
        ready.initialize(repeating: epoll_event(), count: Self.readyCapacity)
        now = Self.clock()
    }

    deinit { ready.deallocate() }

    static func clock() -> Instant { Instant(nanoseconds: rondo_monotonic_nanoseconds()) }

    /// How many descriptors are watched.
    private(set) var count = 0

    private func registration(_ descriptor: Int32) -> Registration? {
        let index = Int(descriptor)
        return registrations.indices.contains(index) ? registrations[index] : nil
    }

    private func set(_ registration: Registration?, for descriptor: Int32) {
        let index = Int(descriptor)
        guard index >= 0 else { return }
        while registrations.count <= index { registrations.append(nil) }
        count += (registration == nil ? 0 : 1) - (registrations[index] == nil ? 0 : 1)
        registrations[index] = registration
    }

    // MARK: Descriptors

    /// Watches a descriptor; hang-up and error are reported unasked. A descriptor that is watched already changes
    /// hands: its old handler never runs again, even when events for it were already waiting. Returns 0 or a negative
    /// errno value.
    ///
    /// - Parameter isAwaited: of the ring's priority, whether the loop sleeps for it while clients are at work.
    @discardableResult
    func add(
        _ descriptor: Int32, _ events: Events, _ priority: Priority, isAwaited: Bool = true,
        _ handler: @escaping Handler
    ) -> Int32 {
        remove(descriptor)
        guard rondo_epoll_add(epoll.rawValue, descriptor, events.epoll, UInt64(UInt32(bitPattern: descriptor))) == 0
        else { return -errno }
        set(Registration(descriptor, priority, handler), for: descriptor)
        if priority == .ring, isAwaited { rings.append(descriptor) }
        return 0
    }

    /// Changes what is waited for, and the priority. Returns 0 or a negative errno value.
    @discardableResult
    func modify(_ descriptor: Int32, _ events: Events, _ priority: Priority) -> Int32 {
        guard let registration = registration(descriptor) else { return -ENOENT }
        guard
            rondo_epoll_modify(epoll.rawValue, descriptor, events.epoll, UInt64(UInt32(bitPattern: descriptor))) == 0
        else { return -errno }
        registration.priority = priority
        return 0
    }

    /// Stops watching. The descriptor may be closed already. Returns 0, or −ENOENT when it was not watched.
    @discardableResult
    func remove(_ descriptor: Int32) -> Int32 {
        guard let registration = registration(descriptor) else { return -ENOENT }
        set(nil, for: descriptor)
        registration.isActive = false
        rings.removeAll { $0 == descriptor }
        _ = rondo_epoll_remove(epoll.rawValue, descriptor)
        return 0
    }

    // MARK: Jobs

    /// Runs `job` once in one of the next turns.
    func addJob(_ priority: Priority, _ job: @escaping () -> Void) {
        let due = runsJobs ? now.adding(milliseconds: Self.jobPause) : now
        jobs[priority.rawValue].append(Job(due: due, run: job))
        jobCount += 1
    }

    /// Runs `job` once, `milliseconds` from now or as soon after as the loop gets round to it.
    func addTimer(milliseconds: UInt32, _ job: @escaping () -> Void) {
        let due = Self.clock().adding(milliseconds: UInt64(milliseconds))
        jobs[Priority.medium.rawValue].append(Job(due: due, run: job))
        jobCount += 1
    }

    /// To be told by whoever answers a client's request.
    func noteAnswer() { hasAnswered = true }

    // MARK: Turning

    /// Waits until something is ready or `deadline` has come, then runs what is ready.
    func turn(until deadline: Instant?) {
        let only = wait(until: deadline)
        turns &+= 1
        hasServedClients = false
        hasAnswered = false
        if let only {
            call(only)
            if jobCount == 0 { return }
        }
        if !queues[Priority.ring.rawValue].isEmpty {
            if gathersRequests { run(.high, limit: Self.perTurn) }
            run(.ring, limit: .max)
        }
        run(.high, limit: .max)
        // As libqb: medium two turns of three, low every third; when nothing else waits, at once.
        if turns % 3 != 0 || queues[Priority.low.rawValue].isEmpty { run(.medium, limit: Self.perTurn) }
        if turns % 3 == 0 || queues[Priority.medium.rawValue].isEmpty { run(.low, limit: Self.perTurn) }
    }

    /// Queues what is ready; only when that is a single registration of the ring or of high priority, and nothing else
    /// waits, which is how it is when a token comes, returns it instead.
    private func wait(until deadline: Instant?) -> Registration? {
        let awaitsRing = isBusy
        if awaitsRing { awaitRing(until: deadline) }
        var count: Int32
        repeat {
            let limit = awaitsRing ? 0 : timeout(until: deadline)
            count = rondo_epoll_wait(epoll.rawValue, ready, Int32(Self.readyCapacity), limit)
            now = Self.clock()
            // Once more when only the alarm has rung, for a deadline that has moved on meanwhile.
        } while count == 1 && hasRungEarly(until: deadline) && !awaitsRing
        guard count > 0 else { return nil }
        for index in 0..<Int(count) {
            let data = rondo_event_data(ready + index)
            guard data != Alarm.eventData else {
                alarm.rang()
                continue
            }
            let descriptor = Int32(bitPattern: UInt32(truncatingIfNeeded: data))
            guard let registration = registration(descriptor) else { continue }
            let isNew = registration.pending.isEmpty
            registration.pending.formUnion(Events(rawValue: Int32(bitPattern: ready[index].events)))
            guard isNew else { continue }
            if count == 1, queued == 0, registration.priority.rawValue >= Priority.high.rawValue {
                return registration
            }
            queues[registration.priority.rawValue].append(registration)
            queued += 1
        }
        return nil
    }

    /// Whether ring and clients have both been at work just now.
    private var isBusy: Bool {
        gathersRequests && hasServedClients && !hasAnswered && !rings.isEmpty && queued == 0
            && now.nanoseconds(since: lastRingPacket) <= Self.busyRing
    }

    private func awaitRing(until deadline: Instant?) {
        let latest = now.adding(nanoseconds: Self.longestRequestDelay)
        let limit = earliest(firstDeadline(deadline), latest) ?? latest
        let wait = Int64(clamping: limit.nanoseconds(since: now))
        // The callee reads as many as it is told of, and keeps nothing.
        let isVain = rings.withUnsafeBufferPointer { rondo_await_readable($0.baseAddress, Int32($0.count), wait) == 0 }
        if isVain { vainWaits += 1 }
    }

    private func hasRungEarly(until deadline: Instant?) -> Bool {
        guard rondo_event_data(ready) == Alarm.eventData else { return false }
        alarm.rang()
        return firstDeadline(deadline).map { $0 > now } ?? true
    }

    /// When the loop must turn even if nothing comes: at `deadline` or for a job.
    private func firstDeadline(_ deadline: Instant?) -> Instant? {
        var first = deadline
        if jobCount > 0 {
            for level in jobs.indices {
                for job in jobs[level] { first = earliest(first, job.due) }
            }
        }
        return first
    }

    /// How long epoll is to wait: 0 not at all, −1 until something happens, the alarm included.
    private func timeout(until deadline: Instant?) -> Int64 {
        if queued > 0 { return 0 }
        guard let first = firstDeadline(deadline) else { return -1 }
        if first <= now { return 0 }
        return alarm.ring(at: first) ? -1 : Int64(clamping: first.nanoseconds(since: Self.clock()))
    }

    private func run(_ priority: Priority, limit: Int) {
        runJobs(priority)
        let level = priority.rawValue
        let count = min(queues[level].count, limit)
        guard count > 0 else { return }
        var batch: [Registration] = []
        swap(&batch, &spare)
        batch.append(contentsOf: queues[level].prefix(count))
        queues[level].removeFirst(count)
        queued -= count
        defer {
            batch.removeAll(keepingCapacity: true)
            swap(&batch, &spare)
        }
        for registration in batch { call(registration) }
    }

    private func call(_ registration: Registration) {
        let events = registration.pending
        registration.pending = []
        guard registration.isActive else { return }
        switch registration.priority {
        case .ring: lastRingPacket = now
        case .high: hasServedClients = true
        case .low, .medium: break
        }
        let stays = registration.handler(registration.descriptor, events)
        // The handler may have given the descriptor to another registration meanwhile: that one stays.
        if !stays, registration.isActive { remove(registration.descriptor) }
    }

    private func runJobs(_ priority: Priority) {
        let level = priority.rawValue
        guard !jobs[level].isEmpty else { return }
        let due = jobs[level].filter { $0.due <= now }
        guard !due.isEmpty else { return }
        jobs[level].removeAll { $0.due <= now }
        jobCount -= due.count
        runsJobs = true
        for job in due { job.run() }
        runsJobs = false
    }
}
