import Basics
import CQB
import Glibc

/// Where libqb's own lines go. Written once at start, read on the loop's thread, on which libqb logs.
nonisolated(unsafe) private var sink: ((LogLine) -> Void)?
nonisolated(unsafe) private var target: Int32 = -1

/// Brings what libqb has to say into the daemon's log.
public enum LibqbLog {
    /// Routes libqb's lines of at least this importance to `receive`, with subsystem `QB`. libqb writes to no place of
    /// its own then. Call it before the first server starts; calling it again changes level and receiver.
    public static func route(atLeast level: Severity, to receive: @escaping (LogLine) -> Void) {
        sink = receive
        if target < 0 {
            qb_log_init("rondo", Int32(LOG_DAEMON), UInt8(LOG_EMERG))
            qb_log_ctl(Int32(QB_LOG_SYSLOG.rawValue), QB_LOG_CONF_ENABLED, 0)
            target = qb_log_custom_open(
                { _, site, _, message in
                    guard let site, let message, let sink else { return }
                    let severity = Severity(rawValue: min(site.pointee.priority, Severity.trace.rawValue)) ?? .debug
                    // libqb keeps its places for as long as it is loaded.
                    let place = LineKind.libqb(UInt(bitPattern: site))
                    sink(LogLine(severity, .ipc, String(cString: message), kind: place))
                }, nil, nil, nil)
            guard target >= 0 else { return }
            qb_log_format_set(target, "%b")
        } else {
            qb_log_filter_ctl(target, QB_LOG_FILTER_CLEAR_ALL, QB_LOG_FILTER_FILE, "*", UInt8(LOG_DEBUG))
        }
        qb_log_filter_ctl(target, QB_LOG_FILTER_ADD, QB_LOG_FILTER_FILE, "*", level.rawValue)
        qb_log_ctl(target, QB_LOG_CONF_ENABLED, 1)
    }
}
