import Basics
import CPosix
import CQB
import Glibc

/// Where strangers come in: between libqb's listening sockets and the connections it makes of them.
///
/// libqb accepts whoever connects, and when it cannot (no descriptor is left) it says so and is called again at once, for
/// as long as somebody waits. So nobody is let in for whom there is no descriptor, those who come in and stay silent are
/// sent away, and a socket from which nothing could be accepted is left alone for a while.
final class FrontDoor {
    /// Milliseconds between two looks at the silent.
    private static let interval: UInt32 = 1000
    /// Milliseconds for which a socket is left alone.
    private static let pause: UInt32 = 100

    private let loop: any IPCEventLoop
    private let log: (LogLine) -> Void
    private let mayAccept: () -> Bool
    private var newcomers = Newcomers()
    private var listeners: [Int32: DescriptorCallback] = [:]
    private var resting: [Int32] = []
    /// While libqb opens a service's socket.
    var isOpening = false
    /// While libqb accepts a connection: how many it has made.
    private var accepted: Int?
    private var looks = false

    init(
        loop: any IPCEventLoop, mayAccept: @escaping () -> Bool, log: @escaping (LogLine) -> Void
    ) {
        self.loop = loop
        self.mayAccept = mayAccept
        self.log = log
    }

    // MARK: What libqb asks of the loop

    func add(_ descriptor: Int32, events: Int32, priority: LoopPriority, _ callback: DescriptorCallback) -> Int32 {
        var callback = callback
        if isOpening {
            callback.role = .listener
            listeners[descriptor] = callback
        } else if accepted != nil {
            accepted? += 1
            // libqb closes what is not watched.
            guard mayAccept() else { return -EMFILE }
            callback.role = .newcomer
            if let oldest = newcomers.add(descriptor) { sendAway(oldest, "there were \(Newcomers.limit) others") }
            scheduleLook()
        }
        return loop.add(descriptor, events: events, priority: priority, callback)
    }

    func remove(_ descriptor: Int32) -> Int32 {
        newcomers.remove(descriptor)
        listeners[descriptor] = nil
        return loop.remove(descriptor)
    }

    // MARK: What the loop tells libqb

    /// Hands events of a listener or a newcomer to libqb.
    func call(_ callback: DescriptorCallback, _ descriptor: Int32, _ events: Int32) -> Int32 {
        guard callback.role == .listener else {
            let result = callback.handOver(descriptor, events)
            // Closed by now; its number may come back for something else.
            if result < 0 { newcomers.remove(descriptor) }
            return result
        }
        accepted = 0
        defer { accepted = nil }
        let result = callback.handOver(descriptor, events)
        if result >= 0, accepted == 0 { rest(descriptor) }
        return result
    }

    private func rest(_ listener: Int32) {
        guard let callback = listeners[listener],
            loop.modify(listener, events: 0, priority: .medium, callback) == 0
        else { return }
        resting.append(listener)
        guard resting.count == 1 else { return }
        schedule(after: Self.pause) { door in door.wake() }
    }

    private func wake() {
        for listener in resting {
            guard let callback = listeners[listener] else { continue }
            _ = loop.modify(listener, events: Int32(POLLIN), priority: .medium, callback)
        }
        resting = []
    }

    private func scheduleLook() {
        guard !looks else { return }
        looks = true
        schedule(after: Self.interval) { door in door.look() }
    }

    private func look() {
        looks = false
        for descriptor in newcomers.look() { sendAway(descriptor, "waited \(Newcomers.patience) s") }
        if !newcomers.isEmpty { scheduleLook() }
    }

    /// Ends a connection from the far side's end: libqb sees a hang-up and forgets it.
    private func sendAway(_ descriptor: Int32, _ reason: String) {
        var user: UInt32 = 0
        var process: Int32 = 0
        let isKnown = rondo_peer_user(descriptor, &user, &process) == 0
        shutdown(descriptor, Int32(SHUT_RDWR))
        guard isKnown else { return }
        log(
            LogLine(
                .warning, .main,
                "Ended a local connection of process \(process) (user \(user)) that did not say what it wants: \(reason). "
                    + "To do: look what that program is", kind: .silentUser(user)))
    }

    private func schedule(after milliseconds: UInt32, _ work: @escaping (FrontDoor) -> Void) {
        let context = Unmanaged.passRetained(Task(self, work)).toOpaque()
        loop.addTimer(
            milliseconds: milliseconds,
            JobCallback(
                function: { context in
                    guard let context else { return }
                    // Balanced with the retain above: a timer fires once.
                    Unmanaged<Task>.fromOpaque(context).takeRetainedValue().run()
                }, data: context))
    }

    private final class Task {
        private let door: FrontDoor
        private let work: (FrontDoor) -> Void

        init(_ door: FrontDoor, _ work: @escaping (FrontDoor) -> Void) {
            self.door = door
            self.work = work
        }

        func run() { work(door) }
    }
}
