import Basics
import ClusterConfiguration
import Glibc

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
        try Self.configure(logger, logging)
        if invocation.action == .run {
            logger.log(.notice, .main, Version.startLine)
            logger.log(.info, .main, "Corosync built-in features: \(Version.features)")
        }
        for warning in logging.warnings { logger.log(.warning, .main, warning.description) }
        if logging.showsFileAndLine || logging.showsFunction {
            logger.log(
                .warning, .main,
                "logging.fileline and logging.function_name have no effect: lines name their subsystem, not a place "
                    + "in the program's text. To do: remove the keys.")
        }

        let system = SystemSettings(document)
        do throws(SystemFailure) {
            stateDirectory = try StateDirectory(system.stateDirectory)
        } catch {
            let reason = SystemFailure.text(of: error.code)
            throw StartFailure(
                .stateDirectory, .main, "Cannot chdir to state directory \(system.stateDirectory). \(reason)",
                "create the directory, writable for this user, or name another one with system.state_dir")
        }
        do throws(ConfigurationError) {
            configuration = try ClusterConfiguration(document, host: host, names: SystemNames())
        } catch {
            throw StartFailure(error)
        }
        for text in configuration.deprecations { logger.log(.warning, .main, text) }
        for warning in configuration.warnings { logger.log(.warning, .main, warning.description) }
        scheduling = try Self.scheduling(system, isTest: invocation.action == .test)
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

    private static func configure(_ logger: Logger, _ settings: LoggingSettings) throws(StartFailure) {
        do throws(SystemFailure) {
            try logger.configure(LogSettings(settings))
        } catch {
            throw StartFailure(
                .logging, .main, "parse error in config: \(error.logFileText)",
                "create its directory, writable for this user, or change logging.logfile")
        }
    }

    private static func scheduling(_ system: SystemSettings, isTest: Bool) throws(StartFailure) -> Scheduling {
        var result = Scheduling(realTime: system.usesRealTimeScheduling)
        result.controlGroup =
            switch system.moveToRootControlGroup {
            case .yes: .yes
            case .no: .no
            case .auto: .automatic
            }
        guard let text = system.priority else { return result }
        switch text {
        case "max": result.priority = .min
        case "min": result.priority = .max
        default: result.priority = Int32(text)
        }
        // Corosync's -t does not look at it either.
        guard result.priority != nil || isTest else {
            throw StartFailure(
                .configuration, .main, "Priority value \(text) is invalid",
                "system.priority takes max, min or a whole number (a nice value, -20..19)")
        }
        return result
    }
}

extension SystemFailure {
    /// Corosync's words for a log file that cannot be opened.
    fileprivate var logFileText: String {
        let path = action.split(separator: "'").dropFirst().first.map(String.init) ?? ""
        return "Can't open logfile '\(path)' for reason: \(Self.text(of: code)) (\(code))"
    }
}
