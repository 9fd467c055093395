import CPosix
import Glibc

/// Going into the background without leaving the caller in the dark.
///
/// The process that was called waits until the daemon has taken its lock and its network and loaded its services, or
/// has failed, and ends with the daemon's exit code; Corosync's parent reports success at once
/// (spec: daemon-and-tools.md 9, 2). The daemon's stderr stays open until then, so that the reason is seen.
struct Background {
    private let report: FileDescriptor?

    /// Stays in the foreground; nobody waits for a report.
    static let foreground = Background(report: nil)

    private init(report: FileDescriptor?) { self.report = report }

    /// Makes sure that the numbers of the standard streams are taken, so that no socket gets one of them.
    static func secureStandardStreams() {
        for stream in STDIN_FILENO...STDERR_FILENO where fcntl(stream, F_GETFD) < 0 {
            _ = open("/dev/null", O_RDWR)
        }
    }

    /// Forks; returns in the child only. To be called before the first thread is started.
    static func enter() throws(SystemFailure) -> Background {
        var ends: [Int32] = [-1, -1]
        guard rondo_open_pipe(&ends) == 0 else { throw SystemFailure("pipe") }
        let child = rondo_fork()
        guard child >= 0 else {
            let failure = SystemFailure("fork")
            close(ends[0])
            close(ends[1])
            throw failure
        }
        if child > 0 {
            close(ends[1])
            exit(wait(for: child, ends[0]))
        }
        close(ends[0])
        setsid()
        return Background(report: FileDescriptor(ends[1]))
    }

    /// Detaches from the caller's terminal and lets the caller end with success.
    func started() throws(SystemFailure) {
        guard let report else { return }
        let null = open("/dev/null", O_RDWR)
        guard null >= 0, dup2(null, STDIN_FILENO) >= 0, dup2(null, STDOUT_FILENO) >= 0, dup2(null, STDERR_FILENO) >= 0
        else { throw SystemFailure("redirect the standard streams to /dev/null") }
        if null > STDERR_FILENO { close(null) }
        send(0, to: report)
    }

    /// Lets the caller end with `status`.
    func failed(_ status: ExitStatus) {
        if let report { send(UInt8(truncatingIfNeeded: status.rawValue), to: report) }
    }

    private func send(_ status: UInt8, to report: FileDescriptor) {
        var byte = status
        _ = write(report.rawValue, &byte, 1)
    }

    /// The code the daemon reports, or that of its end when it reports none.
    private static func wait(for child: pid_t, _ report: Int32) -> Int32 {
        var byte: UInt8 = 0
        while true {
            let count = read(report, &byte, 1)
            if count == 1 { return Int32(byte) }
            if count == 0 { break }
            guard errno == EINTR else { break }
        }
        var status: Int32 = 0
        guard waitpid(child, &status, 0) == child else { return ExitStatus.usage.rawValue }
        let ended = status & 0x7f == 0
        return ended ? (status >> 8) & 0xff : 128 + (status & 0x7f)
    }
}
