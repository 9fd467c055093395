import Basics
import ClusterConfiguration
import Glibc
import Host

/// The first half of a start, the same for `-t`: everything up to a checked configuration
/// (spec: configuration.md 1, steps 3 to 7).
struct Preparation {
    let configuration: ClusterConfiguration
    let stateDirectory: StateDirectory
    /// Of `system.sched_rr` and its neighbours.
    let scheduling: Scheduling

    /// - Parameter logger: writes early lines to stderr and syslog; configured on the way.
    init(_ invocation: Invocation, host: HostFacts, logger: Logger) throws(StartFailure) {
        let document = try Self.read(invocation.configurationFile)
        let logging = try Self.readLogging(document)
        try Self.configure(logger, logging, document)
        if invocation.action == .run {
            logger.log(.notice, .main, Version.startLine)
            logger.log(.info, .main, "Corosync built-in features: \(Version.features)")
        }
        for warning in logging.warnings { logger.log(.warning, .main, warning.description) }
        if logging.showsFileAndLine || logging.showsFunction {
            let key = logging.showsFileAndLine ? "logging.fileline" : "logging.function_name"
            logger.log(
                ConfigurationWarning(
                    "logging.fileline and logging.function_name have no effect: lines name their subsystem, not a place "
                        + "in the program's text.", key: key, origin: document.entries[key]?.origin,
                    remedy: "remove the keys"))
        }

        let system = SystemSettings(document)
        do throws(SystemFailure) {
            stateDirectory = try StateDirectory(system.stateDirectory)
        } catch {
            let entry = document.entries["system.state_dir"]
            throw StartFailure(
                ConfigurationError(
                    "Cannot chdir to state directory \(system.stateDirectory). \(SystemFailure.text(of: error.code))",
                    origin: entry?.origin, key: entry?.key, value: entry.map { "\($0.value)" },
                    remedy: "create the directory, writable for this user, or name another one with system.state_dir",
                    exitStatus: ExitStatus.stateDirectory.rawValue))
        }
        for warning in document.warnings { logger.log(warning) }
        for text in document.deprecations { logger.log(.warning, .main, text) }
        do throws(ConfigurationError) {
            configuration = try ClusterConfiguration(document, host: host, names: SystemNames())
        } catch {
            throw StartFailure(error)
        }
        for warning in configuration.warnings { logger.log(warning) }
        scheduling = try Self.scheduling(system, document)
    }

    private static func read(_ path: String) throws(StartFailure) -> ConfigurationDocument {
        do throws(ConfigurationError) {
            return try ConfigurationFiles.read(path)
        } catch {
            throw StartFailure(error)
        }
    }

    private static func readLogging(_ document: ConfigurationDocument) throws(StartFailure) -> LoggingSettings {
        do throws(ConfigurationError) {
            return try LoggingSettings(document)
        } catch {
            throw StartFailure(error)
        }
    }

    private static func configure(
        _ logger: Logger, _ settings: LoggingSettings, _ document: ConfigurationDocument
    ) throws(StartFailure) {
        do throws(SystemFailure) {
            try logger.configure(LogSettings(settings))
        } catch {
            let path = error.logFile
            let entry = document.entries.all.first { $0.key.hasSuffix(".logfile") && $0.value.text == path }
            throw StartFailure(
                ConfigurationError(
                    "parse error in config: Can't open logfile '\(path)' for reason: "
                        + "\(SystemFailure.text(of: error.code)) (\(error.code)).",
                    origin: entry?.origin, key: entry?.key, value: path,
                    remedy: error.code == ENOENT
                        ? "create its directory, writable for this user, or change \(entry?.key ?? "logging.logfile")"
                        : "make it writable for this user, or change \(entry?.key ?? "logging.logfile")",
                    exitStatus: ExitStatus.logging.rawValue))
        }
    }

    private static func scheduling(
        _ system: SystemSettings, _ document: ConfigurationDocument
    ) throws(StartFailure) -> Scheduling {
        var result = Scheduling(realTime: system.usesRealTimeScheduling)
        result.controlGroup =
            switch system.moveToRootControlGroup {
            case .yes: .yes
            case .no: .no
            case .auto: .automatic
            }
        do throws(ConfigurationError) {
            result.priority = try NiceValue.read(document)
        } catch {
            throw StartFailure(error)
        }
        return result
    }
}

extension SystemFailure {
    /// The log file that cannot be opened.
    fileprivate var logFile: String { action.split(separator: "'").dropFirst().first.map(String.init) ?? "" }
}

extension Logger {
    /// What is only worth knowing is no warning in the log either.
    func log(_ warning: ConfigurationWarning) {
        log(warning.weight == .warning ? .warning : .info, .main, warning.description)
    }
}
