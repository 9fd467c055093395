/// One thing worth telling the administrator.
///
/// Rooms without I/O return these; the shell decides where they go. Texts that programs parse keep Corosync's wording
/// to the letter (spec: daemon-and-tools.md 2.4); all others say what happened, where, and what to do.
public struct LogLine: Sendable, Equatable {
    public var severity: Severity
    public var subsystem: Subsystem
    public var text: String
    /// Of a line that somebody outside can bring about as often as he likes: no more than a few of a kind are written.
    public var kind: LineKind?

    public init(_ severity: Severity, _ subsystem: Subsystem, _ text: String, kind: LineKind? = nil) {
        self.kind = kind
        self.severity = severity
        self.subsystem = subsystem
        self.text = text
    }
}

/// How much a log line matters; lower is more urgent (syslog's numbers, with `trace` below `debug`).
public enum Severity: UInt8, Sendable, Comparable, CaseIterable {
    case emergency, alert, critical, error, warning, notice, info, debug, trace

    public static func < (a: Severity, b: Severity) -> Bool { a.rawValue < b.rawValue }

    /// The name printed in a line: `emerg`, `alert`, `crit`, `error`, `warning`, `notice`, `info`, `debug`, `trace`.
    public var name: String {
        switch self {
        case .emergency: "emerg"
        case .alert: "alert"
        case .critical: "crit"
        case .error: "error"
        case .warning: "warning"
        case .notice: "notice"
        case .info: "info"
        case .debug: "debug"
        case .trace: "trace"
        }
    }
}

/// The part of the daemon a log line comes from, by the tag tools look for (spec: daemon-and-tools.md 2.2).
public enum Subsystem: String, Sendable, CaseIterable {
    case main = "MAIN"
    case totem = "TOTEM"
    case knet = "KNET"
    case services = "SERV"
    case map = "CMAP"
    case configuration = "CFG"
    case processGroups = "CPG"
    case quorum = "QUORUM"
    case voteQuorum = "VOTEQ"
    case load = "PLOAD"
    case monitoring = "MON"
    case watchdog = "WD"
    case synchronization = "SYNC"
    case statistics = "STATS"
    case ipc = "QB"
}
