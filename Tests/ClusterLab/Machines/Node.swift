import Glibc

/// One node of the laboratory: a machine with an address, on which a cluster engine can be started, ended, paused and
/// questioned.
public final class Node {
    /// 1, 2, …
    public let number: Int
    /// The node id in the cluster.
    public let id: UInt32
    /// On link 0.
    public var address: String { address(onLink: 0) }
    public var address6: String { address6(onLink: 0) }
    let machine: Machine
    /// The engine's log, across restarts.
    public let log: DaemonLog
    /// The engine running now, or run last.
    public private(set) var engine: Engine?
    /// When the engine was last started.
    public private(set) var startedAt = WallTime.now
    private var process: ChildProcess?
    /// The daemon's process number as seen from outside.
    public private(set) var daemonPid: pid_t = 0
    private var captures: [Capture] = []

    init(number: Int, id: UInt32, folder: String) throws {
        self.number = number
        self.id = id
        machine = try Machine(name: "node\(number)", folder: "\(folder)/node\(number)")
        log = DaemonLog(path: "\(folder)/node\(number)/daemon.log")
    }

    /// Its address on a link: 10.77.0.N, 10.78.0.N and so on.
    public func address(onLink link: Int) -> String { "10.\(77 + link).0.\(number)" }

    /// Its IPv6 address on a link: fd77::N, fd78::N and so on.
    public func address6(onLink link: Int) -> String { "fd\(77 + link)::\(number)" }

    /// Writes the key that seals what the node sends, as corosync-keygen does; its owner alone reads it.
    public func writeKey(_ key: [UInt8]) throws {
        try writeBytes(key, to: machine.outside("/etc/corosync/authkey"), mode: 0o400)
    }

    /// Writes the configuration file the next start reads.
    public func configure(_ text: String) throws {
        try writeText(text, to: machine.outside("/etc/corosync/corosync.conf"))
    }

    // MARK: The daemon

    /// Whether a daemon runs (a paused one does).
    public var isRunning: Bool { process != nil && process?.poll() == nil }

    /// Starts the engine in the foreground and returns as soon as its process is there.
    ///
    /// - Parameters:
    ///   - environment: Further variables of its environment, as `NAME=VALUE`.
    ///   - descriptors: The limit of open files that it cannot lift.
    public func start(_ engine: Engine, environment: [String] = [], descriptors: Int? = nil) throws {
        guard let program = engine.program else { throw LabError.machineNotReady([engine.absence]) }
        self.engine = engine
        log.beginSection()
        startedAt = .now
        let launcher = try ChildProcess(
            machine.entrance + (descriptors.map { ["prlimit", "--nofile=\($0):\($0)"] } ?? [])
                + (environment.isEmpty ? [] : ["env"] + environment)
                + [program, "-f", "-c", "/etc/corosync/corosync.conf"],
            output: .file(machine.folder + "/stderr.log"), errors: .file(machine.folder + "/stderr.log"))
        process = launcher
        daemonPid = 0
        let deadline = ContinuousClock.now + .seconds(3)
        while daemonPid == 0 && launcher.poll() == nil && ContinuousClock.now < deadline {
            daemonPid = children(of: launcher.pid).first ?? 0
            if daemonPid == 0 { usleep(500) }
        }
    }

    /// Sends the daemon a signal.
    public func signal(_ number: Int32) {
        if daemonPid > 0 && isRunning { kill(daemonPid, number) }
    }

    /// Asks the daemon to end and waits for it.
    @discardableResult
    public func stop(within limit: Duration = .seconds(10)) throws -> ExitStatus {
        signal(SIGTERM)
        return try awaitEnd(within: limit)
    }

    /// Takes the daemon away at once, as a power failure would; its files stay.
    @discardableResult
    public func killDaemon() throws -> ExitStatus {
        signal(SIGKILL)
        return try awaitEnd(within: .seconds(5))
    }

    /// Takes everything that runs on the node away, as a power failure would: nobody gets the time to see the others
    /// go, files on disk stay, those in memory (/run, /dev/shm) are gone.
    public func killEverything() throws {
        for process in machine.processes where process != daemonPid { kill(process, SIGSTOP) }
        try killDaemon()
        let deadline = ContinuousClock.now + .seconds(5)
        while case let processes = machine.processes, !processes.isEmpty {
            for process in processes { kill(process, SIGKILL) }
            guard ContinuousClock.now < deadline else {
                throw LabError.timedOut(
                    what: "\(machine.name): the end of processes \(processes)", limit: .seconds(5),
                    diagnostics: report())
            }
            usleep(2000)
        }
        try mustRun(
            machine.entrance + [
                "find", "/run", "/dev/shm", "-xdev", "-mindepth", "1", "!", "-path", "/run/lab", "-delete",
            ])
    }

    /// Waits until the daemon has ended by itself.
    public func awaitEnd(within limit: Duration) throws -> ExitStatus {
        guard let process else { return .exited(0) }
        guard let status = process.wait(within: limit) else {
            throw LabError.timedOut(what: "\(machine.name): the end of the daemon", limit: limit, diagnostics: report())
        }
        self.process = nil
        return status
    }

    /// Stops the daemon's time until `resume`.
    public func pause() { signal(SIGSTOP) }

    /// Lets a paused daemon go on, and the launcher above it that stopped with it.
    public func resume() {
        signal(SIGCONT)
        if let process { kill(process.pid, SIGCONT) }
    }

    /// Throws when a daemon that should run has ended.
    func checkAlive() throws {
        if let process, let status = process.poll() {
            throw LabError.daemonEnded(node: machine.name, status: "\(status)", diagnostics: report())
        }
    }

    // MARK: Questions

    /// Runs a program on this node.
    @discardableResult
    public func run(_ command: String..., input: String? = nil, within limit: Duration = .seconds(10)) throws
        -> CommandResult
    {
        try ClusterLab.run(machine.entrance + command, input: input, within: limit)
    }

    /// Runs a program on this node with its words in an array.
    public func run(words: [String], input: String? = nil, within limit: Duration = .seconds(10)) throws
        -> CommandResult
    {
        try ClusterLab.run(machine.entrance + words, input: input, within: limit)
    }

    /// Starts a program on this node that runs beside the test until it is ended.
    public func launch(_ words: [String]) throws -> RunningTool {
        try RunningTool(machine.entrance + words)
    }

    /// A path on this node, as it is reached from the test.
    public func outside(_ path: String) -> String { machine.outside(path) }

    /// The folder shared with the test: /run/lab on the node.
    public var folder: String { machine.folder }

    /// What to show when a test fails: the state of the daemon and the end of its log.
    public func report(lines count: Int = 40) -> String {
        let state = isRunning ? "running, pid \(daemonPid)" : "not running"
        var text = "=== \(machine.name) (id \(id), \(engine?.description ?? "no engine"), \(state))\n"
        text += log.tail(count)
        if let errors = try? readText(machine.folder + "/stderr.log"), !errors.isEmpty {
            text += "--- its standard error\n" + errors.suffix(2000)
        }
        return text
    }

    // MARK: The network

    /// Starts writing what passes this node's interface to a file, until `Capture.finish`.
    ///
    /// - Parameter interface: that of link 0, or `any`, of which only `Capture.finishCounting` can be had.
    public func capture(_ filter: String = "udp", interface: String = "eth0") throws -> Capture {
        let capture = try Capture(machine: machine, number: captures.count + 1, filter: filter, interface: interface)
        captures.append(capture)
        return capture
    }

    /// Lets the machine and all that runs on it end, without waiting.
    func release() {
        signal(SIGKILL)
        machine.release()
    }

    func end() {
        for capture in captures { capture.abandon() }
        process?.destroy()
        process = nil
        machine.end()
    }
}
