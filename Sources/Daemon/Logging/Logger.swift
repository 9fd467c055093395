import Basics
import Glibc

/// Decides which lines go where, gives them their shape, and hands them on. Belongs to the main thread.
///
/// A line nobody wants costs a table look-up. Until `startWriter` lines are written at once; from then on by a thread
/// of their own.
final class Logger {
    /// Where the lines of one subsystem go.
    private struct Route {
        var standardError: Severity?
        var syslog: Severity?
        var file: (index: Int, severity: Severity)?

        var leastUrgent: Severity? {
            [standardError, syslog, file?.severity].compactMap { $0 }.max()
        }

        func wants(_ severity: Severity) -> Bool { leastUrgent.map { severity <= $0 } ?? false }
    }

    private var settings = LogSettings()
    private var routes: [Route] = []
    private var format: LogFormat
    private let targets: LogTargets
    private var writer: LogWriter?
    private var limiter = LineLimiter()

    init(hostName: String, targets: LogTargets = LogTargets()) {
        self.targets = targets
        format = LogFormat(timestamp: .milliseconds, processID: getpid(), hostName: hostName)
    }

    /// Applies settings, opening the files they name. On failure the previous settings stay in force.
    func configure(_ new: LogSettings) throws(LogFileFailure) {
        var table: [Route] = []
        for subsystem in Subsystem.allCases {
            let rule = new.rule(for: subsystem)
            var route = Route()
            route.standardError = [new.toStandardError ? rule.fileSeverity : nil, new.alwaysOnStandardError]
                .compactMap { $0 }.max()
            if new.toSyslog { route.syslog = rule.syslogSeverity }
            if let path = rule.file { route.file = (try open(path), rule.fileSeverity) }
            table.append(route)
        }
        routes = table
        settings = new
        format.timestamp = new.timestamp
    }

    private func open(_ path: String) throws(LogFileFailure) -> Int {
        do throws(SystemFailure) {
            return try targets.open(AbsolutePath.of(path))
        } catch {
            throw LogFileFailure(path: path, code: error.code)
        }
    }

    /// Whether a line of this severity would go anywhere; to skip the work of making it.
    func wants(_ severity: Severity, _ subsystem: Subsystem) -> Bool {
        route(of: subsystem)?.wants(severity) ?? false
    }

    /// The least urgent severity any subsystem has a reader for: what is below need not be made at all.
    var leastUrgent: Severity { Subsystem.allCases.map { leastUrgent($0) }.max() ?? .emergency }

    func leastUrgent(_ subsystem: Subsystem) -> Severity { route(of: subsystem)?.leastUrgent ?? .emergency }

    /// Writes a line, or only counts it when somebody outside has brought about too many of its kind.
    func log(_ line: LogLine) {
        guard wants(line.severity, line.subsystem) else { return }
        if let kind = line.kind {
            let now = EventLoop.clock()
            sumUp(now)
            guard limiter.admits(line, kind, now: now) else { return }
        }
        write(line)
    }

    /// When `sumUp` must be called, at the latest.
    var deadline: Instant? { limiter.deadline }

    /// Says how many lines were left out, where the time for that has come.
    func sumUp(_ now: Instant, isLast: Bool = false) {
        for line in limiter.sumUp(now: now, isLast: isLast) { write(line) }
    }

    private func write(_ line: LogLine) {
        guard let route = route(of: line.subsystem) else { return }
        let time = WallTime.now()
        if let least = route.standardError, line.severity <= least {
            emit(format.standardError(line, at: time), to: .standardError)
        }
        if let file = route.file, line.severity <= file.severity {
            emit(format.file(line, at: time), to: .file(file.index))
        }
        if let least = route.syslog, line.severity <= least {
            emit(format.syslog(line, at: time, facility: settings.facility), to: .syslog)
        }
    }

    func log(_ severity: Severity, _ subsystem: Subsystem, _ text: @autoclosure () -> String) {
        guard wants(severity, subsystem) else { return }
        log(LogLine(severity, subsystem, text()))
    }

    /// A line before `logging` is known: raw on stderr, and to the system log as an error of a daemon
    /// (spec: daemon-and-tools.md 1.2).
    func logEarly(_ text: String) {
        targets.write(Array((text + "\n").utf8)[...], to: .standardError)
        let time = WallTime.now()
        var calendar = CalendarText()
        let stamp = calendar.text(of: time)
        targets.write(
            Array("<27>\(stamp) \(LogFormat.program)[\(format.processID)]: \(text)".utf8)[...], to: .syslog)
    }

    /// Whether `configure` has succeeded once; before that only `logEarly` is heard.
    var isConfigured: Bool { !routes.isEmpty }

    /// Takes note of the new process id after a fork.
    func processChanged() { format.processID = getpid() }

    /// From here on lines are written by a thread. Returns false when it cannot be started.
    func startWriter() -> Bool {
        guard writer == nil else { return true }
        let shape = format
        let facility = settings.facility
        let toError = settings.toStandardError
        let toSyslog = settings.toSyslog
        writer = LogWriter(targets) { count in
            var format = shape
            let line = LogLine(
                .warning, .main, "\(count) log lines were lost because they came faster than they could be written")
            var result: [(LogTargets.Target, [UInt8])] = []
            if toError { result.append((.standardError, format.standardError(line, at: .now()))) }
            if toSyslog { result.append((.syslog, format.syslog(line, at: .now(), facility: facility))) }
            return result
        }
        return writer != nil
    }

    /// Writes what waits and goes back to writing at once; for the end of the daemon.
    func stopWriter() {
        sumUp(EventLoop.clock(), isLast: true)
        writer?.stop(limit: 2000)
        writer = nil
    }

    /// Opens the log files anew.
    func reopen() {
        for failure in targets.reopen() { log(.error, .main, "\(failure); it stays in the old file") }
    }

    private func route(of subsystem: Subsystem) -> Route? {
        let index = subsystem.ordinal
        return routes.indices.contains(index) ? routes[index] : nil
    }

    private func emit(_ bytes: [UInt8], to target: LogTargets.Target) {
        if let writer {
            writer.append(bytes, to: target)
        } else {
            targets.write(bytes[...], to: target)
        }
    }
}

/// A log file that cannot be opened.
struct LogFileFailure: Error {
    /// As it was configured.
    var path: String
    /// The errno value.
    var code: Int32
}

extension Subsystem {
    /// The position among all cases.
    var ordinal: Int {
        switch self {
        case .main: 0
        case .totem: 1
        case .knet: 2
        case .services: 3
        case .map: 4
        case .configuration: 5
        case .processGroups: 6
        case .quorum: 7
        case .voteQuorum: 8
        case .load: 9
        case .monitoring: 10
        case .watchdog: 11
        case .synchronization: 12
        case .statistics: 13
        case .ipc: 14
        }
    }
}
