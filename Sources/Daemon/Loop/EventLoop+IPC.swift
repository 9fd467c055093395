import LocalIPC

/// The loop as the server for local programs sees it.
extension EventLoop: IPCEventLoop {
    func add(
        _ descriptor: Int32, events: Int32, priority: LoopPriority, _ handler: @escaping (_ events: Int32) -> Void
    ) -> Int32 {
        add(descriptor, Events(rawValue: events), Priority(priority)) { _, events in
            handler(events.rawValue)
            return true
        }
    }

    func modify(_ descriptor: Int32, events: Int32, priority: LoopPriority) {
        modify(descriptor, Events(rawValue: events), Priority(priority))
    }

    func addJob(priority: LoopPriority, _ job: @escaping () -> Void) { addJob(Priority(priority), job) }
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
