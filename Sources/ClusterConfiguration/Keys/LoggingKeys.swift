/// The keys of section `logging` (spec: configuration.md 3.5).
enum LoggingKeys {
    static let all: [KeyDescription] =
        target.map { description("logging.\($0.name)", "logging.\($0.name)", $0) }
        + target.map {
            description("logging.logger_subsys.\($0.name)", "logging.logger_subsys.S.\($0.name)", $0)
        } + process

    static let onOff = ["yes", "no", "on", "off"]
    static let priorities = ["alert", "crit", "debug", "emerg", "err", "error", "info", "notice", "warning"]

    private struct Target {
        var name: String
        var permitted: PermittedValues
        var defaultValue: String
        var meaning: String
    }

    /// Keys that can be set for everything and for one subsystem.
    private static let target: [Target] = [
        Target(name: "to_stderr", permitted: .words(onOff), defaultValue: "yes", meaning: "log to standard error"),
        Target(name: "to_syslog", permitted: .words(onOff), defaultValue: "yes", meaning: "log to syslog"),
        Target(name: "to_logfile", permitted: .words(onOff), defaultValue: "no", meaning: "log to logfile"),
        Target(name: "to_file", permitted: .words(onOff), defaultValue: "no", meaning: "obsolete name of to_logfile"),
        Target(name: "logfile", permitted: .any, defaultValue: "", meaning: "file to log to"),
        Target(
            name: "logfile_priority", permitted: .words(priorities), defaultValue: "info",
            meaning: "least urgent line written to file and standard error"),
        Target(
            name: "syslog_priority", permitted: .words(priorities), defaultValue: "info",
            meaning: "least urgent line sent to syslog"),
        Target(
            name: "syslog_level", permitted: .words(priorities), defaultValue: "info",
            meaning: "obsolete name of syslog_priority"),
        Target(name: "syslog_facility", permitted: .any, defaultValue: "daemon", meaning: "facility of syslog lines"),
        Target(
            name: "debug", permitted: .words(["off", "on", "trace"]), defaultValue: "off",
            meaning: "log more than the priorities say"),
    ]

    /// Keys that hold for the whole process.
    private static let process: [KeyDescription] = [
        .init(
            "logging.timestamp", allowing: .words(["off", "on", "hires"]), default: "hires", change: .volatile,
            "time at the start of a line, to the second or the millisecond"),
        .init(
            "logging.fileline", allowing: .words(onOff), default: "off", change: .volatile,
            "name the place in the source"),
        .init("logging.function_name", allowing: .words(onOff), default: "off", change: .volatile, "name the function"),
        .init("logging.blackbox", allowing: .words(onOff), default: "on", change: .volatile, "keep a flight recorder"),
        .init(
            "logging.logger_subsys.subsys", in: "logging.logger_subsys.S.subsys", change: .volatile,
            "the subsystem the section is about"),
    ]

    private static func description(_ path: String, _ mapKey: String, _ target: Target) -> KeyDescription {
        KeyDescription(
            path, in: mapKey, allowing: target.permitted, default: target.defaultValue, change: .volatile,
            target.meaning)
    }
}
