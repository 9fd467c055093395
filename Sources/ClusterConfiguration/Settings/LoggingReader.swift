import Basics

/// Reads the values of section `logging`, refusing those that are none.
struct LoggingReader {
    let entries: ConfigurationEntries
    private(set) var warnings: [ConfigurationWarning] = []

    static let facilities = [
        "auth", "authpriv", "cron", "daemon", "ftp", "kern", "local0", "local1", "local2", "local3", "local4",
        "local5", "local6", "local7", "lpr", "mail", "news", "syslog", "user", "uucp",
    ]

    init(entries: ConfigurationEntries) { self.entries = entries }

    /// The tags of the subsystems with settings of their own; a section counts only by its `subsys`.
    var subsystems: [String] {
        let prefix = "logging.logger_subsys."
        return entries.matching(prefix: prefix).compactMap { entry in
            let rest = entry.key.dropFirst(prefix.count)
            guard rest.hasSuffix(".subsys") else { return nil }
            let tag = String(rest.dropLast(7))
            return tag.isEmpty ? nil : tag
        }
    }

    mutating func target(
        _ prefix: String, inheriting parent: LoggingSettings.Target
    ) throws(ConfigurationError) -> LoggingSettings.Target {
        var target = parent
        if let value = try onOff("\(prefix).to_logfile") {
            target.toLogfile = value
        } else if let value = try onOff("\(prefix).to_file") {
            warnObsolete("\(prefix).to_file", "to_logfile")
            target.toLogfile = value
        }
        target.toSyslog = try onOff("\(prefix).to_syslog") ?? target.toSyslog
        target.toStandardError = try onOff("\(prefix).to_stderr") ?? target.toStandardError
        if let value = try priority("\(prefix).syslog_priority", "unknown syslog priority specified") {
            target.syslogPriority = value
        } else if let value = try priority("\(prefix).syslog_level", "unknown syslog level specified") {
            warnObsolete("\(prefix).syslog_level", "syslog_priority")
            target.syslogPriority = value
        }
        target.logfile = entries.text("\(prefix).logfile") ?? target.logfile
        if let value = try priority("\(prefix).logfile_priority", "unknown logfile priority specified") {
            target.logfilePriority = value
        }
        if let value = try word("\(prefix).debug", LoggingSettings.Debug.init(rawValue:), "off, on, trace") {
            target.debug = value
        }
        if target.toLogfile, target.logfile == nil, let entry = entries["\(prefix).to_logfile"] {
            warnings.append(
                ConfigurationWarning(
                    "\(entry.key) has no effect without logfile.", origin: entry.origin, remedy: "add logfile"))
        }
        return target
    }

    func onOff(_ key: String) throws(ConfigurationError) -> Bool? {
        try word(
            key,
            { word in
                switch word {
                case "yes", "on": true
                case "no", "off": false
                default: nil
                }
            }, "yes, no, on, off")
    }

    func facility(_ key: String) throws(ConfigurationError) -> String? {
        try word(
            key, { Self.facilities.contains($0) ? $0 : nil }, Self.facilities.joined(separator: ", "),
            refusal: "unknown syslog facility specified")
    }

    private func priority(_ key: String, _ refusal: String) throws(ConfigurationError) -> Severity? {
        try word(key, Self.severity, LoggingKeys.priorities.joined(separator: ", "), refusal: refusal)
    }

    /// The value of `key` as `convert` understands it; nil when the key is absent.
    func word<Value>(
        _ key: String, _ convert: (String) -> Value?, _ permitted: String, refusal: String? = nil
    ) throws(ConfigurationError) -> Value? {
        guard let entry = entries[key] else { return nil }
        let text = entry.value.text ?? entry.value.description
        if let value = convert(text) { return value }
        let name = key.split(separator: ".").last.map(String.init) ?? key
        throw ConfigurationError(
            "parse error in config: \(refusal ?? "unknown value for \(name)").", origin: entry.origin, key: key,
            value: text, permitted: permitted, remedy: "correct the word, or remove the line for the default",
            exitStatus: 7)
    }

    private static func severity(_ word: String) -> Severity? {
        switch word {
        case "emerg": .emergency
        case "alert": .alert
        case "crit": .critical
        case "err", "error": .error
        case "warning": .warning
        case "notice": .notice
        case "info": .info
        case "debug": .debug
        default: nil
        }
    }

    private mutating func warnObsolete(_ key: String, _ name: String) {
        warnings.append(
            ConfigurationWarning(
                "\(key) is obsolete.", origin: entries[key]?.origin, remedy: "use \(name) in its place"))
    }
}
