import Basics
import ClusterConfiguration

/// Why the daemon cannot start: the exit code, what to say, and from where.
struct StartFailure: Error {
    var status: ExitStatus
    /// Corosync's line first, where it has one; then ours.
    var lines: [LogLine]
    /// The place in this program that gave up, for the line that ends the log.
    var place: String

    init(_ status: ExitStatus, _ lines: [LogLine], file: String = #fileID, line: Int = #line) {
        self.status = status
        self.lines = lines
        place = "\(file):\(line)"
    }

    init(
        _ status: ExitStatus, _ subsystem: Subsystem = .main, _ texts: String..., file: String = #fileID,
        line: Int = #line
    ) {
        self.init(status, texts.map { LogLine(.error, subsystem, $0) }, file: file, line: line)
    }

    init(
        _ error: ConfigurationError, _ subsystem: Subsystem = .main, file: String = #fileID, line: Int = #line
    ) {
        let texts = [error.message] + (error.explanation.isEmpty ? [] : [error.explanation]) + error.proposal
        let lines = texts.map { LogLine(.error, subsystem, $0) }
        self.init(ExitStatus(rawValue: error.exitStatus) ?? .configuration, lines, file: file, line: line)
    }
}
