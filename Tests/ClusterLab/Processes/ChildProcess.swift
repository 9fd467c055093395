import Glibc

/// How a process ended.
public enum ExitStatus: Equatable, Sendable, CustomStringConvertible {
    case exited(Int32)
    case signalled(Int32)
    /// It did not end within its limit and was killed.
    case timedOut

    public var description: String {
        switch self {
        case .exited(let code): "exit status \(code)"
        case .signalled(let signal): "ended by signal \(signal)"
        case .timedOut: "killed after its time limit"
        }
    }

    init(waitStatus: Int32) {
        let signal = waitStatus & 0x7f
        self = signal == 0 ? .exited((waitStatus >> 8) & 0xff) : .signalled(signal)
    }
}

/// Where a child's standard descriptors lead.
enum ChildStream {
    case null
    case descriptor(Int32)
    case file(String)
}

/// A process started by the laboratory.
final class ChildProcess {
    let pid: pid_t
    let command: [String]
    private(set) var status: ExitStatus?

    /// Starts `command` (searched in PATH) with default signal dispositions and nothing inherited but its three
    /// standard descriptors.
    init(_ command: [String], input: ChildStream = .null, output: ChildStream = .null, errors: ChildStream = .null)
        throws
    {
        self.command = command
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (target, stream) in [(Int32(0), input), (1, output), (2, errors)] {
            switch stream {
            case .null:
                posix_spawn_file_actions_addopen(&actions, target, "/dev/null", target == 0 ? O_RDONLY : O_WRONLY, 0)
            case .descriptor(let source):
                posix_spawn_file_actions_adddup2(&actions, source, target)
            case .file(let path):
                posix_spawn_file_actions_addopen(&actions, target, path, O_WRONLY | O_CREAT | O_APPEND, 0o644)
            }
        }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var defaults = sigset_t()
        var none = sigset_t()
        sigfillset(&defaults)
        sigemptyset(&none)
        posix_spawnattr_setsigdefault(&attributes, &defaults)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))

        var arguments: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) }
        arguments.append(nil)
        defer { for argument in arguments { free(argument) } }
        var started: pid_t = 0
        let result = posix_spawnp(&started, command[0], &actions, &attributes, arguments, environ)
        guard result == 0 else {
            throw LabError.systemCall(name: "posix_spawn", errno: result, what: command.joined(separator: " "))
        }
        pid = started
    }

    /// Looks whether the process has ended, without waiting.
    func poll() -> ExitStatus? {
        if let status { return status }
        var raw: Int32 = 0
        let result = waitpid(pid, &raw, WNOHANG)
        if result == pid {
            status = ExitStatus(waitStatus: raw)
        } else if result < 0 && errno == ECHILD {
            status = .exited(-1)
        }
        return status
    }

    /// Waits for the end; nil if the limit passes first.
    func wait(within limit: Duration) -> ExitStatus? {
        let deadline = ContinuousClock.now + limit
        while true {
            if let status = poll() { return status }
            if ContinuousClock.now >= deadline { return nil }
            usleep(2000)
        }
    }

    /// Ends the process and everything below it, and collects it.
    func destroy() {
        if poll() != nil { return }
        for descendant in descendants(of: pid).reversed() { kill(descendant, SIGKILL) }
        kill(pid, SIGKILL)
        kill(pid, SIGCONT)
        _ = wait(within: .seconds(5))
    }
}

/// The children of a process, and theirs, parents first.
func descendants(of pid: pid_t) -> [pid_t] {
    var found: [pid_t] = []
    for child in children(of: pid) {
        found.append(child)
        found += descendants(of: child)
    }
    return found
}

/// The direct children of a process's main thread.
func children(of pid: pid_t) -> [pid_t] {
    guard let text = try? readText("/proc/\(pid)/task/\(pid)/children") else { return [] }
    return text.split(separator: " ").compactMap { pid_t($0) }
}
