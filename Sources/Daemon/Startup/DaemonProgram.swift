import Basics
import ClusterConfiguration
import ClusterEngine
import Glibc
import Host

/// The daemon from its command line to its exit code (spec: daemon-and-tools.md 1.3).
public enum DaemonProgram {
    /// Runs the daemon; returns the exit code.
    public static func run(_ arguments: [String]) -> Int32 {
        Background.secureStandardStreams()
        var invocation: Invocation
        do throws(InvocationError) {
            invocation = try Invocation(Array(arguments.dropFirst()))
        } catch {
            printError("\(error)\n" + (error.showsUsage ? Invocation.usage : ""))
            return ExitStatus.usage.rawValue
        }
        switch invocation.action {
        case .version, .help:
            print(invocation.action == .help ? Invocation.help : Version.text)
            return ExitStatus.success.rawValue
        case .run, .test: break
        }
        let configurationFile = AbsolutePath.of(invocation.configurationFile)
        invocation.lockFile = invocation.lockFile.map(AbsolutePath.of)
        let host = HostFacts.current()
        let logger = Logger(hostName: host.hostName)
        var background = Background.foreground
        do throws(StartFailure) {
            let preparation = try Preparation(invocation, host: host, logger: logger)
            if invocation.action == .test {
                try check(preparation.configuration, preparation.stateDirectory, logger)
                return conclude(Node.End(status: .success), logger, background)
            }
            for line in preparation.scheduling.apply() { logger.log(line) }
            if !invocation.staysInForeground {
                background = try enterBackground()
                logger.processChanged()
            }
            // From here on relative names would be looked for in the state directory.
            invocation.configurationFile = configurationFile
            return conclude(try serve(invocation, preparation, logger, background), logger, background)
        } catch {
            return conclude(
                Node.End(status: error.status, lines: error.lines, place: error.place), logger, background)
        }
    }

    /// From the lock file to the end of the main loop.
    private static func serve(
        _ invocation: Invocation, _ preparation: Preparation, _ logger: Logger, _ background: Background
    ) throws(StartFailure) -> Node.End {
        for line in Scheduling.lockMemory() + Scheduling.liftDescriptorLimit() { logger.log(line) }
        let (signals, loop) = try openLoop()
        guard logger.startWriter() else {
            throw StartFailure(.logging, .main, "The thread that writes the log could not be started")
        }
        let lock = try takeLock(invocation, preparation.stateDirectory)
        defer { lock.remove() }

        let configuration = preparation.configuration
        let transport = try NetworkSetup.open(configuration, logger: logger) { !signals.isWaiting(within: $0) }
        let ringIDFile = NumberFile.ringID(of: configuration.localNodeID, in: preparation.stateDirectory)
        let trackingFile = NumberFile.trackingBarrier(in: preparation.stateDirectory)
        var settings = EngineConfiguration(
            configuration, storedTrackingBarrier: try loadBarrier(configuration, trackingFile))
        settings.linkSecret = LinkSetup.secret()
        settings.incarnation = .random(in: 0...UInt32.max)
        let node = Node(
            .init(
                engine: ClusterEngine(
                    configuration: settings,
                    storedRingSequence: try loadRingID(configuration, ringIDFile, logger)),
                configuration: configuration, configurationFile: invocation.configurationFile, transport: transport,
                loop: loop, logger: logger, signals: signals, ringIDFile: ringIDFile, trackingFile: trackingFile))
        node.engine.logThreshold = logger.leastUrgent
        try node.start()
        do throws(SystemFailure) {
            try background.started()
        } catch {
            throw StartFailure(.standardStreams, .main, error.description)
        }
        return node.run()
    }

    private static func enterBackground() throws(StartFailure) -> Background {
        do throws(SystemFailure) {
            return try Background.enter()
        } catch {
            throw StartFailure(.fork, .main, error.description)
        }
    }

    private static func openLoop() throws(StartFailure) -> (Signals, EventLoop) {
        do throws(SystemFailure) {
            return (try Signals(), try EventLoop())
        } catch {
            throw StartFailure(.map, .main, error.description)
        }
    }

    private static func takeLock(
        _ invocation: Invocation, _ directory: StateDirectory
    ) throws(StartFailure) -> LockFile {
        do throws(LockFile.Failure) {
            return try LockFile.take(invocation.lockFile, in: directory)
        } catch {
            switch error {
            case .held(let path, let holder):
                let process = holder.map { "process \($0)" } ?? "another process"
                throw StartFailure(
                    .alreadyRunning, .main, "Another Corosync instance is already running.",
                    "\(process) holds \(path); stop it, or name another lock file with -l FILE")
            case .system(let failure):
                throw StartFailure(
                    .lockFile, .main, "Corosync Executive couldn't create lock file.",
                    "\(failure); make its directory writable or name another lock file with -l FILE")
            }
        }
    }

    private static func loadRingID(
        _ configuration: ClusterConfiguration, _ file: NumberFile, _ logger: Logger
    ) throws(StartFailure) -> UInt64 {
        do throws(SystemFailure) {
            let loaded = try file.load()
            if case .torn(let bytes) = loaded {
                logger.log(
                    .warning, .main,
                    "The ring id file '\(file.path)' has \(bytes) bytes instead of 8, as after a crash while it was "
                        + "written; starting from 0. The other nodes will tell the sequence to use.")
            }
            return loaded.value
        } catch {
            throw StartFailure(
                StartFiles(configuration.document, stateDirectory: file.directory.path)
                    .ringIDRefusal(of: configuration, error.code))
        }
    }

    private static func loadBarrier(
        _ configuration: ClusterConfiguration, _ file: NumberFile
    ) throws(StartFailure) -> UInt32 {
        guard configuration.tracksExpectedVotes else { return 0 }
        do throws(SystemFailure) {
            return UInt32(truncatingIfNeeded: try file.load().value)
        } catch {
            throw StartFailure(
                StartFiles(configuration.document, stateDirectory: file.directory.path).trackingRefusal(error.code),
                .voteQuorum)
        }
    }

    /// What a start refuses beyond `Preparation`, as far as it does not depend on what else runs on this machine.
    private static func check(
        _ configuration: ClusterConfiguration, _ directory: StateDirectory, _ logger: Logger
    ) throws(StartFailure) {
        try NetworkSetup.check(configuration)
        let files = StartFiles(configuration.document, stateDirectory: directory.path)
        if let error = files.storageFault(of: configuration) {
            throw StartFailure(error, error.exitStatus == ExitStatus.service.rawValue ? .voteQuorum : .main)
        }
        if let warning = files.watchdogWarning { logger.log(warning) }
        let services = StartCheck(configuration)
        for line in services.lines { logger.log(line) }
        if let error = services.error { throw StartFailure(error, .services) }
    }

    /// Says how it ended, writes the log out, and tells a waiting caller.
    private static func conclude(_ end: Node.End, _ logger: Logger, _ background: Background) -> Int32 {
        guard logger.isConfigured else {
            for line in end.lines { logger.logEarly(line.text) }
            background.failed(end.status)
            return end.status.rawValue
        }
        for line in end.lines { logger.log(line) }
        if end.status == .success {
            logger.log(.notice, .main, "Corosync Cluster Engine exiting normally")
        } else {
            let number = end.status == .killed ? -1 : end.status.rawValue
            logger.log(.error, .main, "Corosync Cluster Engine exiting with status \(number) at \(end.place).")
        }
        logger.stopWriter()
        background.failed(end.status)
        return end.status.rawValue
    }

    private static func printError(_ text: String) {
        let bytes = Array(text.utf8)
        _ = write(STDERR_FILENO, bytes, bytes.count)
    }
}
