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
