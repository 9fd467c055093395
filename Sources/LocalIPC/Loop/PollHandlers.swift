import CQB
import Glibc

/// The loop libqb's poll handlers speak to, and the door before it. They carry no user pointer, so a process has one; it
/// is set before the first server runs and only touched from the loop's thread.
nonisolated(unsafe) private var currentLoop: (any IPCEventLoop)?
nonisolated(unsafe) private var currentDoor: FrontDoor?

enum PollHandlers {
    static func use(_ loop: any IPCEventLoop, _ door: FrontDoor) {
        currentLoop = loop
        currentDoor = door
    }

    static func call(_ callback: DescriptorCallback, _ descriptor: Int32, _ events: Int32) -> Int32 {
        currentDoor?.call(callback, descriptor, events) ?? callback.handOver(descriptor, events)
    }

    static func make() -> qb_ipcs_poll_handlers {
        qb_ipcs_poll_handlers(
            job_add: { priority, data, function in
                guard let currentLoop, let function else { return -EINVAL }
                return currentLoop.addJob(
                    priority: LoopPriority(priority), JobCallback(function: function, data: data))
            },
            dispatch_add: { priority, descriptor, events, data, function in
                guard let currentDoor, let function else { return -EINVAL }
                return currentDoor.add(
                    descriptor, events: events, priority: LoopPriority(priority),
                    DescriptorCallback(function: function, data: data))
            },
            dispatch_mod: { priority, descriptor, events, data, function in
                guard let currentLoop, let function else { return -EINVAL }
                return currentLoop.modify(
                    descriptor, events: events, priority: LoopPriority(priority),
                    DescriptorCallback(function: function, data: data))
            },
            dispatch_del: { descriptor in currentDoor?.remove(descriptor) ?? -EINVAL }
        )
    }
}

extension LoopPriority {
    fileprivate init(_ priority: qb_loop_priority) {
        switch priority {
        case QB_LOOP_HIGH: self = .high
        case QB_LOOP_MED: self = .medium
        default: self = .low
        }
    }
}
