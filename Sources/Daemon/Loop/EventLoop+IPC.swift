import LocalIPC

/// The loop as libqb's server sees it.
extension EventLoop: IPCEventLoop {
    func add(_ descriptor: Int32, events: Int32, priority: LoopPriority, _ callback: DescriptorCallback) -> Int32 {
        add(descriptor, Events(rawValue: events), Priority(priority), Self.handler(callback))
    }

    func modify(_ descriptor: Int32, events: Int32, priority: LoopPriority, _ callback: DescriptorCallback) -> Int32 {
        modify(descriptor, Events(rawValue: events), Priority(priority), Self.handler(callback))
    }

    func addJob(priority: LoopPriority, _ job: JobCallback) -> Int32 {
        addJob(Priority(priority)) { job() }
        return 0
    }

    func addTimer(milliseconds: UInt32, _ job: JobCallback) {
        addTimer(milliseconds: milliseconds) { job() }
    }

    private static func handler(_ callback: DescriptorCallback) -> Handler {
        { descriptor, events in callback(descriptor, events.rawValue) >= 0 }
    }
}

extension EventLoop.Priority {
    fileprivate init(_ priority: LoopPriority) {
        switch priority {
        case .low: self = .low
        case .medium: self = .medium
        case .high: self = .high
        }
    }
}
