import ArgumentParser
import ClusterConfiguration
import Demonstration
import Foundation

/// `rondo demo`: a live ring on this machine.
struct DemoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Show a live ring on this machine: its heartbeat, a node's death and return.",
        discussion: """
            Runs several nodes, each the engine of rondod, in one process over real UDP on 127.0.0.1, 127.0.0.2, …; \
            needs no rights and no configuration. They form a ring, rest (the heartbeat is measured), send messages, \
            lose a node, form a new ring, and take the node back. What is measured is shown beside what 'rondo \
            timing' computes for the same timings; without --token or --config these are Corosync's defaults. With \
            --transport knet each node has two links, 127.0.0.N and 127.0.1.N, whose packets are sealed with a key \
            made for the run; one link is cut while messages flow, and the ring stays as it is.

            Exit status: 0 when everything happened as it must, 1 when not or when the sockets cannot be opened, 8 \
            when the timings are not valid, 64 for wrong usage, 130 after Ctrl-C.
            """
    )

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json
    }

    enum Network: String, ExpressibleByArgument, CaseIterable {
        case udpu, knet
    }

    @Option(help: ArgumentHelp("udpu, or knet: over two links, one of which is cut.", valueName: "name"))
    var transport: Network = .udpu

    @Flag(help: "Do not seal the packets of knet links.")
    var clear = false

    @Option(help: ArgumentHelp("Number of nodes, 2 to 32 (default: 3, or that of --config).", valueName: "n"))
    var nodes: Int?

    @Option(
        help: ArgumentHelp(
            "How long the whole run is to take, in seconds (default: 30, longer where the timeouts are).",
            valueName: "s"))
    var seconds: UInt32?

    @Option(
        help: ArgumentHelp(
            "Lose so many percent of all packets, 0 to 20 (fewer with many nodes).", valueName: "percent"))
    var loss = 0.0

    @Option(help: ArgumentHelp("The token timeout totem.token, before it grows with the nodes.", valueName: "ms"))
    var token: UInt32?

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp("Any other timing, such as token_coefficient=0. Repeatable.", valueName: "key=value"))
    var settings: [String] = []

    @Option(help: ArgumentHelp("Take the timings of this corosync.conf.", valueName: "file"))
    var config: String?

    @Option(help: ArgumentHelp("The node that dies; 1 is the representative (default: the last).", valueName: "node"))
    var kill: Int?

    @Option(help: ArgumentHelp("Messages a second and node, 1 to 200.", valueName: "rate"))
    var messages: UInt32 = 20

    @Option(help: ArgumentHelp("The UDP port, and the next one for link 1 (default: free ones).", valueName: "port"))
    var port: UInt16 = 0

    @Option(help: ArgumentHelp("Which packets --loss loses.", valueName: "n"))
    var seed: UInt64 = 1

    @Flag(help: "Print lines only, no live picture, even on a terminal.")
    var plain = false

    @Flag(help: "Draw with ASCII characters only.")
    var ascii = false

    @Flag(help: "No colours; the environment variable NO_COLOR says the same.")
    var noColor = false

    @Option(help: "text, or json for the summary alone.")
    var format: Format = .text

    func validate() throws {
        let limits = DemonstrationOptions.nodeLimits
        if let nodes, !limits.contains(nodes) {
            throw ValidationError("--nodes must be \(limits.lowerBound)..\(limits.upperBound).")
        }
        if let kill, !(1...(nodes ?? limits.upperBound)).contains(kill) {
            throw ValidationError("--kill must name a node: 1..\(nodes ?? limits.upperBound).")
        }
        guard DemonstrationOptions.lossLimits.contains(loss) else {
            throw ValidationError("--loss must be 0..\(Int(DemonstrationOptions.lossLimits.upperBound)) percent.")
        }
        guard DemonstrationOptions.rateLimits.contains(messages) else {
            throw ValidationError("--messages must be 1..\(DemonstrationOptions.rateLimits.upperBound) a second.")
        }
        if let seconds, !(1...86_400).contains(seconds) {
            throw ValidationError("--seconds must be 1..86400.")
        }
        if clear, transport != .knet { throw ValidationError("--clear is for --transport knet; udpu never seals.") }
        for setting in settings { _ = try Setting(setting) }
        if token == 0 { throw ValidationError("--token must be at least 1 ms.") }
    }

    func run() throws {
        do {
            let demonstration = try Demonstration(try options(), display: display)
            switch try demonstration.run() {
            case .finished(let summary):
                if format == .json { print(DemoJSON.value(summary).text) }
                if !summary.isSuccess { throw ExitCode(1) }
            case .interrupted(let signal):
                throw ExitCode(128 + signal)
            }
        } catch let error as ConfigurationError {
            StandardError.print("\(error)")
            throw ExitCode(8)
        } catch let error as DemonstrationError {
            if error.isUsage { throw ValidationError("\(error)") }
            StandardError.print("rondo demo: \(error)")
            throw ExitCode(1)
        }
    }

    private var display: Demonstration.Display {
        let isTerminal = isatty(STDOUT_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
        return Demonstration.Display(
            isLive: isTerminal && !plain, isColored: !noColor && ColorChoice.auto.isColored,
            isPlainText: ascii, isSilent: format == .json)
    }

    private func options() throws -> DemonstrationOptions {
        var options = DemonstrationOptions()
        if let config {
            let document = try ConfigurationDocument(try read(config), file: config, accounts: AnyAccount())
            options.document = document
            options.nodes = try nodes ?? count(document, config)
        } else if let nodes {
            options.nodes = nodes
        }
        if let kill, kill > options.nodes {
            throw DemonstrationError("--kill must name a node: 1..\(options.nodes)", isUsage: true)
        }
        if transport == .knet { options.network = .knet(isSealed: !clear) }
        options.victim = kill
        options.seconds = seconds
        options.loss = loss
        if let token { options.settings.append(("totem.token", "\(token)")) }
        for text in settings {
            let setting = try Setting(text)
            options.settings.append((setting.key, setting.value))
        }
        options.messagesPerSecond = messages
        options.port = port
        options.seed = seed
        return options
    }

    private func count(_ document: ConfigurationDocument, _ name: String) throws -> Int {
        let count = Int(try TimingReport(document).ringSize)
        guard DemonstrationOptions.nodeLimits.contains(count) else {
            throw DemonstrationError(
                "\(name) lists \(count == 0 ? "no" : "\(count)") node\(count == 1 ? "" : "s"); give --nodes",
                isUsage: true)
        }
        return count
    }

    private func read(_ name: String) throws -> [UInt8] {
        do {
            return try InputFile.read(name)
        } catch {
            StandardError.print("Can't read file \(name): \(error)")
            throw ExitCode(1)
        }
    }
}
