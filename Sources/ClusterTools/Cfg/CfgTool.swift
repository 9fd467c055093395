import Glibc
import JSONText
import RondoKit

/// corosync-cfgtool: links, nodes, reload, the end of a node (corosync-cfgtool(8)).
struct CfgTool {
    private enum Action {
        case usage, links, nodes, reload, reopenLogs, shutDown
        case kill(NodeID)
        case addresses(NodeID)
    }

    private var action = Action.usage
    private var isBrief = false
    private var isForced = false
    private var output: Output

    static func run(_ call: ToolCall) async -> Int32 {
        var tool = CfgTool(output: Output(json: false))
        if let status = tool.read(call) { return status }
        defer { tool.output.flush() }
        return await tool.act()
    }

    private init(output: Output) { self.output = output }

    // MARK: The command line

    /// Returns the exit status when there is nothing to do.
    private mutating func read(_ call: ToolCall) -> Int32? {
        // The letters of long options without a short one.
        let (force, json): (Character, Character) = ("F", "J")
        var options = OptionReader(
            call.program, call.arguments, letters: "i:snbrRLk:a:hH",
            long: [
                .init(name: "if", letter: "i", takesValue: true), .init(name: "status", letter: "s"),
                .init(name: "nodes", letter: "n"), .init(name: "brief", letter: "b"),
                .init(name: "reload", letter: "R"), .init(name: "reopen", letter: "L"),
                .init(name: "kill", letter: "k", takesValue: true),
                .init(name: "address", letter: "a", takesValue: true), .init(name: "shutdown", letter: "H"),
                .init(name: "force", letter: force),
            ] + call.jsonOption(json))
        do throws(OptionReader.Complaint) {
            while let option = try options.next() {
                switch option.letter {
                case "s": action = .links
                case "n": action = .nodes
                case "b": isBrief = true
                case "R": action = .reload
                case "L": action = .reopenLogs
                case "H": action = .shutDown
                case "k", "a":
                    guard let id = Numbers.whole(option.value ?? "", in: 1...UInt32.max) else {
                        Output.complain("The nodeid was not valid, try a positive number")
                        return EXIT_FAILURE
                    }
                    action = option.letter == "k" ? .kill(NodeID(id)) : .addresses(NodeID(id))
                case force: isForced = true
                case json: output.json = true
                // -i has no effect since Corosync 3.
                default: break
                }
            }
        } catch {
            Output.complain(error.text)
            return EXIT_FAILURE
        }
        return nil
    }

    // MARK: Actions

    private mutating func act() async -> Int32 {
        switch action {
        case .usage:
            output.write(Self.usage)
            return EXIT_SUCCESS
        case .links, .nodes: return await showStatus()
        case .reload: return await reload()
        case .reopenLogs: return await reopenLogs()
        case .shutDown: return await shutDown()
        case .kill(let node): return await kill(node)
        case .addresses(let node): return await showAddresses(of: node)
        }
    }

    /// Nil when it cannot be had, which is said; some messages name the error, some its number.
    private func connect(named: Bool = false) async -> Cluster? {
        do {
            return try await Cluster.connect(patience: .none)
        } catch {
            let code = named ? error.code.name : "\(error.code.rawValue)"
            Output.complain("Could not initialize corosync configuration API error \(code)")
            return nil
        }
    }

    private mutating func showStatus() async -> Int32 {
        guard let cluster = await connect() else { return EXIT_FAILURE }
        let links: LinkReport
        do {
            links = try await LinkReport(cluster)
        } catch {
            Output.complain("Could not get nodelist from cmap. error \(error.code.rawValue)")
            return EXIT_FAILURE
        }
        guard !links.nodes.isEmpty else {
            Output.complain("No nodes found in nodelist")
            return EXIT_FAILURE
        }
        var statuses: [NodeStatus?] = []
        let isAboutLinks = if case .links = action { true } else { false }
        for node in links.nodes {
            do {
                statuses.append(try await cluster.status(of: node))
            } catch {
                statuses.append(nil)
                guard isAboutLinks else { continue }
                Output.complain(
                    "Could not get the node status for nodeid \(Int32(bitPattern: node.rawValue)), the error is: "
                        + "\(error.code.rawValue)")
            }
        }
        if isAboutLinks {
            LinkStatusReport(links: links, statuses: statuses).write(brief: isBrief, to: &output)
        } else {
            NodeStatusReport(links: links, statuses: statuses).write(to: &output)
        }
        return EXIT_SUCCESS
    }

    private mutating func reload() async -> Int32 {
        if !output.json { output.line("Reloading corosync.conf...") }
        guard let cluster = await connect(named: true) else { return EXIT_FAILURE }
        do {
            try await cluster.reload()
        } catch {
            Output.complain("Could not reload configuration. Error \(error.code.name)")
            return Int32(truncatingIfNeeded: error.code.rawValue)
        }
        if !output.json { output.line("Done") }
        // What of it could not be put in force; since Corosync 3.1.9.
        let map = try? await ConfigurationMap.connect(patience: .none)
        guard let text = try? await map?.get("config.reload_error_message")?.string else {
            confirm("reload")
            return EXIT_SUCCESS
        }
        if output.json {
            output.value(.object([("reload", .bool(true)), ("error", .string(text))]))
        } else {
            output.line("ERROR from reload: \(text) - see syslog for more information")
        }
        Output.complain("Errors in appying config, corosync.conf might not match the running system")
        return EXIT_FAILURE
    }

    private mutating func reopenLogs() async -> Int32 {
        guard let cluster = await connect(named: true) else { return EXIT_FAILURE }
        do {
            try await cluster.reopenLogFiles()
        } catch {
            Output.complain("Could not reopen corosync logging files. Error \(error.code.name)")
            return Int32(truncatingIfNeeded: error.code.rawValue)
        }
        confirm("reopen")
        return EXIT_SUCCESS
    }

    /// A daemon that is asked too early is asked again for half a minute. Whatever it says, the exit status is 0, as that of
    /// Corosync's tool, which units rely on.
    private mutating func shutDown() async -> Int32 {
        guard let cluster = await connect() else { return EXIT_FAILURE }
        if !output.json { output.line("Shutting down corosync") }
        for attempt in 0..<30 {
            do {
                try await cluster.shutDown(isForced ? .regardless : .ifAllAgree)
                confirm("shutdown")
                return EXIT_SUCCESS
            } catch {
                if error.code == .tryAgain, attempt < 29 {
                    sleep(1)
                    continue
                }
                Output.complain("Could not shutdown (error = \(error.code.rawValue))")
                return EXIT_SUCCESS
            }
        }
        return EXIT_SUCCESS
    }

    private mutating func kill(_ node: NodeID) async -> Int32 {
        if !output.json { output.line("Killing node \(node)") }
        guard let cluster = await connect() else { return EXIT_FAILURE }
        do {
            try await cluster.kill(node, reason: "Killed by corosync-cfgtool")
        } catch {
            Output.complain("Could not kill node (error = \(error.code.name))")
            return EXIT_FAILURE
        }
        confirm("kill")
        return EXIT_SUCCESS
    }

    private mutating func showAddresses(of node: NodeID) async -> Int32 {
        guard let cluster = await connect() else { return EXIT_FAILURE }
        guard let addresses = try? await cluster.addresses(of: node).map(\.description) else {
            Output.complain("Could not get node address for nodeid \(Int32(bitPattern: node.rawValue))")
            return EXIT_FAILURE
        }
        if output.json {
            output.value(
                .object([
                    ("node", .integer(node.rawValue)), ("addresses", .array(addresses.map { .string($0) })),
                ]))
        } else {
            output.line(addresses.joined(separator: " "))
        }
        return EXIT_SUCCESS
    }

    private mutating func confirm(_ what: String) {
        if output.json { output.value(.object([(what, .bool(true))])) }
    }

    private static let usage = """
        corosync-cfgtool [[-i <interface ip>] [-b] -s] [-R] [-L] [-k nodeid] [-a nodeid] [-h] [-H]

        A tool for displaying and configuring active parameters within corosync.
        options:
        \t-i\tFinds only information about the specified interface IP address or link id when used with -s..
        \t-s\tDisplays the status of the current links on this node.
        \t-n\tDisplays the status of the connected nodes and their links.
        \t-b\tDisplays the brief status of the current links on this node when used with -s.
        \t-R\tTell all instances of corosync in this cluster to reload corosync.conf.
        \t-L\tTell corosync to reopen all logging files.
        \t-k\tKill a node identified by node id.
        \t-a\tDisplay the IP address(es) of a node
        \t-h\tPrint basic usage.
        \t-H\tShutdown corosync cleanly on this node.
        \t\t--force will shut down corosync regardless of daemon vetos

        """
}
