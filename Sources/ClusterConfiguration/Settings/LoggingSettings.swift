import Basics

/// Where log lines go (spec: configuration.md 3.5).
public struct LoggingSettings: Sendable, Hashable {
    public enum Debug: String, Sendable, Hashable {
        case off, on, trace
    }

    public enum TimeStamp: String, Sendable, Hashable {
        case off
        /// To the second.
        case on
        /// To the millisecond.
        case hires
    }

    /// What can be set for everything and for one subsystem.
    public struct Target: Sendable, Hashable {
        public var toStandardError = true
        public var toSyslog = true
        public var toLogfile = false
        public var logfile: String?
        /// The least urgent line written to file and standard error.
        public var logfilePriority = Severity.info
        public var syslogPriority = Severity.info
        public var debug = Debug.off

        /// The least urgent line written to file and standard error once `debug` had its say.
        public var effectiveLogfilePriority: Severity { effective(logfilePriority) }
        public var effectiveSyslogPriority: Severity { effective(syslogPriority) }

        private func effective(_ priority: Severity) -> Severity {
            switch debug {
            case .off: priority
            case .on: .debug
            case .trace: .trace
            }
        }
    }

    public var general = Target()
    /// Subsystem tags with their own settings, in the byte order of the tags.
    public var subsystems: [(tag: String, target: Target)] {
        subsystemTags.enumerated().map { ($0.element, subsystemTargets[$0.offset]) }
    }
    /// One facility for the whole process, such as `daemon`.
    public var syslogFacility = "daemon"
    public var timeStamp = TimeStamp.hires
    public var showsFileAndLine = false
    public var showsFunction = false
    public var keepsBlackBox = true
    public var warnings: [ConfigurationWarning] = []

    private var subsystemTags: [String] = []
    private var subsystemTargets: [Target] = []

    /// The settings of the subsystem with this tag; the general ones when it has none.
    public func target(of tag: String) -> Target {
        guard let index = subsystemTags.firstIndex(of: tag) else { return general }
        return subsystemTargets[index]
    }

    /// The files that lines are written to, each once, in the order in which a start opens them.
    public var files: [String] {
        Subsystem.allCases.map { target(of: $0.rawValue) }.filter(\.toLogfile).compactMap(\.logfile)
            .reduce(into: []) { files, file in if !files.contains(file) { files.append(file) } }
    }

    /// The defaults.
    public init() {}

    /// - Throws: the first value that is none, with exit status 7.
    public init(_ document: ConfigurationDocument) throws(ConfigurationError) {
        do throws(ConfigurationError) {
            try self.init(reading: document)
        } catch {
            throw document.record.explaining(error)
        }
    }

    private init(reading document: ConfigurationDocument) throws(ConfigurationError) {
        var reader = LoggingReader(entries: document.entries)
        if let stamp = try reader.word("logging.timestamp", TimeStamp.init(rawValue:), "off, on, hires") {
            timeStamp = stamp
        }
        showsFileAndLine = try reader.onOff("logging.fileline") ?? false
        showsFunction = try reader.onOff("logging.function_name") ?? false
        keepsBlackBox = try reader.onOff("logging.blackbox") ?? true
        syslogFacility = try reader.facility("logging.syslog_facility") ?? "daemon"
        general = try reader.target("logging", inheriting: Target())
        for tag in reader.subsystems {
            subsystemTags.append(tag)
            subsystemTargets.append(try reader.target("logging.logger_subsys.\(tag)", inheriting: general))
        }
        warnings = reader.warnings
    }
}
