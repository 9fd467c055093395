import Basics

/// Where log lines go and which of them (spec: configuration.md 3.5, `logging`).
public struct LogSettings: Sendable, Equatable {
    public enum Timestamp: Sendable, Equatable {
        case off, seconds, milliseconds
    }

    /// What a subsystem may have of its own.
    public struct Rule: Sendable, Equatable {
        /// Nil: no file.
        public var file: String?
        /// The least urgent severity that reaches the file, and stderr.
        public var fileSeverity = Severity.info
        public var syslogSeverity = Severity.info

        public init(file: String? = nil, fileSeverity: Severity = .info, syslogSeverity: Severity = .info) {
            self.file = file
            self.fileSeverity = fileSeverity
            self.syslogSeverity = syslogSeverity
        }
    }

    public var toStandardError = true
    /// The least urgent line that stderr gets whatever else is said of it; nil for none.
    public var alwaysOnStandardError: Severity?
    public var toSyslog = true
    /// Syslog's number of the facility, `daemon` by default.
    public var facility: UInt8 = 3
    public var timestamp = Timestamp.milliseconds
    public var standard = Rule()
    public var overrides: [(subsystem: Subsystem, rule: Rule)] = []

    public init() {}

    func rule(for subsystem: Subsystem) -> Rule {
        overrides.last { $0.subsystem == subsystem }?.rule ?? standard
    }

    public static func == (a: LogSettings, b: LogSettings) -> Bool {
        a.toStandardError == b.toStandardError && a.alwaysOnStandardError == b.alwaysOnStandardError
            && a.toSyslog == b.toSyslog && a.facility == b.facility
            && a.timestamp == b.timestamp && a.standard == b.standard
            && a.overrides.elementsEqual(b.overrides) { $0.subsystem == $1.subsystem && $0.rule == $1.rule }
    }
}

/// Syslog's numbers of the facilities by the names the configuration uses; case matters.
public enum SyslogFacility {
    private static let names: [(String, UInt8)] = [
        ("kern", 0), ("user", 1), ("mail", 2), ("daemon", 3), ("auth", 4), ("syslog", 5), ("lpr", 6), ("news", 7),
        ("uucp", 8), ("cron", 9), ("authpriv", 10), ("ftp", 11), ("local0", 16), ("local1", 17), ("local2", 18),
        ("local3", 19), ("local4", 20), ("local5", 21), ("local6", 22), ("local7", 23),
    ]

    public static func number(of name: String) -> UInt8? { names.first { $0.0 == name }?.1 }
}
