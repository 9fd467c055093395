/// How full the ring's send queue is, in four steps with hysteresis (spec: ipc.md 2.6).
public enum QueueLevel: Sendable, Equatable {
    case low
    case good
    case high
    case critical

    /// The level after a look at the queue.
    ///
    /// - Parameters:
    ///   - free: entries of the send queue that are free.
    ///   - reserved: entries set aside for the request being handled; at least 1 is assumed.
    ///   - capacity: entries the queue is measured against, 4 MiB divided by the net MTU.
    ///   - largestMessage: entries the largest message takes. With less room than that the level is critical whatever
    ///     the share, for a message already under way would be lost otherwise (spec: ipc.md 12).
    public func updated(free: Int, reserved: Int, capacity: Int, largestMessage: Int) -> QueueLevel {
        let available = max(0, free - max(1, reserved))
        let used = 100 - available * 100 / max(1, capacity)
        if used >= 75 || available < largestMessage { return .critical }
        if used < 30 { return .low }
        if used > 40, used < 50 { return .good }
        if used > 60, used < 70 { return .high }
        return self
    }
}

/// How fast a service's requests are taken.
public enum RequestRate: Sendable, Equatable {
    case fast
    case normal
    case slow
    /// None; libraries wait.
    case off
    /// None; a multicast of the process groups is told to try again.
    case offForMulticast
}

extension RequestRate {
    /// The rate at which a service takes requests (spec: ipc.md 2.6). Votequorum is served during synchronisation,
    /// since a quorum device must be heard before it can end.
    public init(for service: LocalService, level: QueueLevel, isSynchronizing: Bool) {
        guard !isSynchronizing || service == .votequorum else {
            self = .offForMulticast
            return
        }
        switch level {
        case .low: self = .fast
        case .good: self = .normal
        case .high: self = .slow
        case .critical: self = .offForMulticast
        }
    }
}
