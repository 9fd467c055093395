import Basics
import CPosix
import Glibc

/// Priority and memory of the process (spec: daemon-and-tools.md 1.7). Nothing here is fatal: without the rights the
/// daemon runs with what it has and says so.
struct Scheduling {
    enum ControlGroupMove: Sendable, Equatable {
        case yes, no
        /// Only when real-time scheduling was refused.
        case automatic
    }

    /// `system.sched_rr`
    var realTime = true
    /// `system.priority`, as setpriority(2) takes it; nil: leave alone. Only used without real-time scheduling.
    var priority: Int32?
    /// `system.move_to_root_cgroup`
    var controlGroup = ControlGroupMove.automatic

    /// Applies the settings to the calling thread and process; returns the warnings.
    func apply() -> [LogLine] {
        var warnings: [LogLine] = []
        if controlGroup == .yes { warnings += ControlGroup.moveToRoot() }
        guard realTime else {
            if let priority { warnings += Self.setPriority(priority) }
            return warnings
        }
        let highest = rondo_highest_round_robin_priority()
        if rondo_schedule_round_robin(highest) == 0 { return warnings }
        if controlGroup == .automatic {
            warnings += ControlGroup.moveToRoot()
            if rondo_schedule_round_robin(highest) == 0 { return warnings }
        }
        let failure = SystemFailure("Could not set SCHED_RR at priority \(highest)")
        warnings.append(LogLine(.warning, .main, failure.description))
        return warnings + Self.setPriority(.min)
    }

    /// Allows as many open files as the process may have: each client needs one.
    static func liftDescriptorLimit() -> [LogLine] {
        guard rondo_lift_descriptor_limit() != 0 else { return [] }
        return [LogLine(.warning, .main, SystemFailure("Could not raise RLIMIT_NOFILE").description)]
    }

    /// Keeps all memory resident that has been touched once, so that a page fault cannot delay the token.
    ///
    /// Under a limit memory would be refused later, in the middle of the work. In a container, or under a unit without
    /// CAP_SYS_RESOURCE, the limit may be there to stay; with CAP_IPC_LOCK it does not matter.
    static func lockMemory() -> [LogLine] {
        guard rondo_lift_memory_lock_limit() == 0 || rondo_may_lock_any_memory() != 0 else {
            let failure = SystemFailure("Could not increase RLIMIT_MEMLOCK, not locking memory")
            return [LogLine(.warning, .main, failure.description)]
        }
        guard rondo_lock_memory() == 0 else {
            let failure = SystemFailure("Could not lock memory of service to avoid page faults")
            return [LogLine(.warning, .main, failure.description)]
        }
        return []
    }

    private static func setPriority(_ priority: Int32) -> [LogLine] {
        guard rondo_set_group_priority(priority) != 0 else { return [] }
        return [LogLine(.warning, .main, SystemFailure("Could not set priority \(priority)").description)]
    }
}

/// Leaving the control group the process was started in, which may have no real-time budget.
enum ControlGroup {
    static func moveToRoot() -> [LogLine] {
        let version1 = "/sys/fs/cgroup/cpu/tasks"
        let version2 = "/sys/fs/cgroup/cgroup.procs"
        let path: String
        if access("/sys/fs/cgroup/cpu/cpu.rt_runtime_us", F_OK) == 0 {
            path = version1
        } else if access(version2, F_OK) == 0 {
            path = version2
        } else {
            return []
        }
        let descriptor = open(path, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return [warning(path)] }
        let file = FileDescriptor(descriptor)
        let text = Array("\(getpid())\n".utf8)
        return write(file.rawValue, text, text.count) == text.count ? [] : [warning(path)]
    }

    private static func warning(_ path: String) -> LogLine {
        LogLine(
            .warning, .main,
            SystemFailure("Could not move to the root control group by '\(path)'").description
                + "; real-time scheduling may be refused")
    }
}
