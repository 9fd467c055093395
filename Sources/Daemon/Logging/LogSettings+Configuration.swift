import Basics
import ClusterConfiguration

extension LogSettings {
    /// Where the lines go that a configuration wants (spec: configuration.md 3.5).
    init(_ settings: LoggingSettings) {
        self.init()
        toStandardError = settings.general.toStandardError
        toSyslog = settings.general.toSyslog
        facility = SyslogFacility.number(of: settings.syslogFacility) ?? facility
        timestamp =
            switch settings.timeStamp {
            case .off: .off
            case .on: .seconds
            case .hires: .milliseconds
            }
        standard = Rule(settings.general)
        overrides = settings.subsystems.compactMap { tag, target in
            Subsystem(rawValue: tag).map { ($0, Rule(target)) }
        }
    }
}

extension LogSettings.Rule {
    fileprivate init(_ target: LoggingSettings.Target) {
        self.init(
            file: target.toLogfile ? target.logfile : nil, fileSeverity: target.effectiveLogfilePriority,
            syslogSeverity: target.effectiveSyslogPriority)
    }
}
