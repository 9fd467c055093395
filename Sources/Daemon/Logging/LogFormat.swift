import Basics

/// The shapes of a log line, one for each kind of target (spec: daemon-and-tools.md 2.1).
///
/// The name in file and syslog lines is `corosync`: log readers such as crm_report and crmsh look for it.
struct LogFormat {
    /// The longest line in bytes; what is longer is cut.
    static let longestLine = 511
    static let program = "corosync"

    var timestamp = LogSettings.Timestamp.milliseconds
    var processID: Int32
    var hostName: String
    private var calendar = CalendarText()

    init(timestamp: LogSettings.Timestamp, processID: Int32, hostName: String) {
        self.timestamp = timestamp
        self.processID = processID
        self.hostName = hostName
    }

    /// `Nov 21 01:50:43.025 notice  [MAIN  ] text`
    mutating func standardError(_ line: LogLine, at time: WallTime) -> [UInt8] {
        let stamp = stamp(time)
        return Self.cut((stamp.isEmpty ? "" : stamp + " ") + Self.body(line)) + [0x0a]
    }

    /// `Nov 21 01:50:43.025 [10712] HOST corosync notice  [MAIN  ] text`; without time stamps Corosync glues the name
    /// to the severity (`corosyncnotice`), and readers of its files know only that shape.
    mutating func file(_ line: LogLine, at time: WallTime) -> [UInt8] {
        let stamp = stamp(time)
        let origin = "[\(processID)] \(hostName) \(Self.program)"
        return Self.cut((stamp.isEmpty ? origin : "\(stamp) \(origin) ") + Self.body(line)) + [0x0a]
    }

    /// `<29>Nov 21 01:50:43 corosync[10712]:   [MAIN  ] text`, with one space less where lines carry no time stamp.
    mutating func syslog(_ line: LogLine, at time: WallTime, facility: UInt8) -> [UInt8] {
        let priority = Int(facility) * 8 + Self.syslogSeverity(line.severity)
        let gap = timestamp == .off ? " " : "  "
        let message = Self.cut(gap + Self.tag(line.subsystem) + " " + Self.trimmed(line.text))
        return Array("<\(priority)>\(calendar.text(of: time)) \(Self.program)[\(processID)]: ".utf8) + message
    }

    private mutating func stamp(_ time: WallTime) -> String {
        switch timestamp {
        case .off: ""
        case .seconds: calendar.text(of: time)
        case .milliseconds: calendar.text(of: time) + "." + Decimal.padded(time.milliseconds, 3)
        }
    }

    private static func body(_ line: LogLine) -> String {
        padded(line.severity.name, 7) + " " + tag(line.subsystem) + " " + trimmed(line.text)
    }

    private static func tag(_ subsystem: Subsystem) -> String {
        "[" + padded(String(subsystem.rawValue.prefix(6)), 6) + "]"
    }

    /// Syslog has no trace: debug becomes info, trace debug.
    private static func syslogSeverity(_ severity: Severity) -> Int {
        switch severity {
        case .debug: 6
        case .trace: 7
        default: Int(severity.rawValue)
        }
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.utf8.count))
    }

    /// One line stays one line: a newline at the end goes, others become spaces.
    private static func trimmed(_ text: String) -> String {
        guard text.utf8.contains(0x0a) else { return text }
        let body = text.utf8.last == 0x0a ? text.dropLast() : text[...]
        return String(body.map { $0 == "\n" ? " " : $0 })
    }

    /// At most `longestLine` bytes, without half a character at the end.
    private static func cut(_ text: String) -> [UInt8] {
        var bytes = Array(text.utf8.prefix(longestLine))
        guard bytes.count < text.utf8.count else { return bytes }
        if text.utf8[text.utf8.index(text.utf8.startIndex, offsetBy: longestLine)] & 0xc0 == 0x80 {
            while let last = bytes.last, last & 0xc0 == 0x80 { bytes.removeLast() }
            if !bytes.isEmpty { bytes.removeLast() }
        }
        return bytes
    }
}
