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
        var settings = LogSettings(logging)
        // Who asks whether the file is good wants to know why not.
        if invocation.action == .test { settings.alwaysOnStandardError = .warning }
        try Self.configure(logger, settings, document)
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

        let system = SystemSettings(document, stateDirectory: StateDirectory.standard)
        do throws(SystemFailure) {
            stateDirectory = try StateDirectory(system.stateDirectory)
        } catch {
            throw StartFailure(
                StartFiles(document, stateDirectory: system.stateDirectory).directoryRefusal(error.code))
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
        _ logger: Logger, _ settings: LogSettings, _ document: ConfigurationDocument
    ) throws(StartFailure) {
        do throws(LogFileFailure) {
            try logger.configure(settings)
        } catch {
            throw StartFailure(StartFiles(document).logRefusal(error.path, error.code))
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

extension Logger {
    /// What is only worth knowing is no warning in the log either.
    func log(_ warning: ConfigurationWarning) {
        log(warning.weight == .warning ? .warning : .info, .main, warning.description)
    }
}
