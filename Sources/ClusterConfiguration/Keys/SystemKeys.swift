import Basics

/// The keys of sections `system`, `resources`, `nozzle` and `uidgid` (spec: configuration.md 3.5).
enum SystemKeys {
    static let all: [KeyDescription] = [
        .init(
            "system.qb_ipc_type", allowing: .words(["native", "shm", "socket"], refusal: "Invalid system.qb_ipc_type"),
            default: "native", change: .refused, "how clients talk to the daemon"),
        .init(
            "system.sched_rr", allowing: .words(["yes", "no"], refusal: "Invalid system.sched_rr value"),
            default: "yes",
            change: .refused, "run with real-time priority"),
        .init(
            "system.priority", default: "0", change: .refused,
            "max, min or a nice value, without real-time priority"),
        .init(
            "system.move_to_root_cgroup",
            allowing: .words(["yes", "no", "auto"], refusal: "Invalid system.move_to_root_cgroup"), default: "auto",
            change: .refused, "leave the control group that forbids real-time priority"),
        .init(
            "system.allow_knet_handle_fallback",
            allowing: .words(["yes", "no"], refusal: "Invalid system.allow_knet_handle_fallback"), default: "no",
            change: .refused, "run knet without privileged operations"),
        .init("system.state_dir", default: "/var/lib/corosync", change: .refused, "working directory"),
        .init("resources.watchdog_device", change: .startOnly, "watchdog device; empty or off for none"),
        .init(
            "resources.watchdog_timeout", type: .u32, allowing: .range(2, 120),
            default: "\(ResourceDefault.watchdogTimeout)", unit: .seconds,
            change: .volatile,
            "time after which the watchdog resets the machine"),
        .init("resources.system.memory_used.max", change: .volatile, "percent of memory in use that is too much"),
        .init("resources.system.load_15min.max", change: .volatile, "load average that is too much"),
        .init(
            "resources.system.memory_used.poll_period", type: .u64, default: "\(ResourceDefault.pollPeriod)",
            unit: .milliseconds,
            change: .volatile,
            "interval at which memory is looked at"),
        .init(
            "resources.system.load_15min.poll_period", type: .u64, default: "\(ResourceDefault.pollPeriod)",
            unit: .milliseconds,
            change: .volatile,
            "interval at which the load is looked at"),
        .init("nozzle.name", change: .reload, "name of the virtual interface"),
        .init("nozzle.ipaddr", change: .reload, "network of the virtual interface"),
        .init("nozzle.ipprefix", change: .reload, "prefix length of the virtual interface"),
        .init("nozzle.macaddr", change: .reload, "hardware address prefix of the virtual interface"),
        .init(
            "uidgid.uid", in: "uidgid.config.uid.N", change: .reload, "user whose programs may connect"),
        .init(
            "uidgid.gid", in: "uidgid.config.gid.N", change: .reload, "group whose programs may connect"
        ),
    ]
}
