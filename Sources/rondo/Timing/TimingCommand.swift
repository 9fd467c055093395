import ArgumentParser
import ClusterConfiguration
import ClusterEngine
import Host
import Simulator

/// `rondo timing`: what the timeouts of a configuration are, why, and what they mean.
struct TimingCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "timing",
        abstract: "Explain every timeout of a corosync.conf.",
        discussion: """
            Says first whether a node can start with the file and what is wrong or risky in it, then how the timings \
            fit the watchdogs people have. Each timing follows with its value, formula and source, how often the token \
            of an idle ring passes, and how long it takes from a node's death to the new membership.

            Exit status: 0 when a node can start with the configuration (also with warnings), 1 when it cannot be read, \
            7 when section logging is not valid, 8 when another one is not, 15 when no node, or not this machine, can have its \
            address, 20 when section quorum contradicts itself, 64 for wrong usage. Where this machine is one of the nodes, \
            also what it lacks for a start: 7 a log file, 8 a user, a group or the ring's key, 16 or 21 the state directory.
            """
    )

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json
    }

    @Argument(
        help: ArgumentHelp(
            "The configuration to explain (default: \(standardFile)). With --nodes alone: Corosync's defaults.",
            valueName: "file"))
    var file: String?

    @Option(help: ArgumentHelp("Number of nodes, in place of the node list's.", valueName: "n"))
    var nodes: UInt32?

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp(
            "Ask 'what if': a key such as totem.token, or token for short, with another value. Repeatable.",
            valueName: "key=value"))
    var settings: [String] = []

    @Option(
        help: ArgumentHelp(
            "Network delay from one node to the next, for stretched clusters; a number alone is of ms.",
            valueName: "time"))
    var delay = "0.1ms"

    @Option(
        help: ArgumentHelp(
            "sbd's watchdog timeout in seconds (SBD_WATCHDOG_TIMEOUT), to be compared with the timings.",
            valueName: "s"))
    var watchdogTimeout: UInt32 = 5

    @Option(help: "text or json.")
    var format: Format = .text

    @Flag(help: "Draw with ASCII characters only.")
    var ascii = false

    static let standardFile = "/etc/corosync/corosync.conf"

    private static let longestDelay: UInt64 = 10_000_000_000

    private func hop() throws -> Microseconds {
        let nanoseconds: UInt64
        do {
            nanoseconds = try QuantityText.duration(delay, unit: "ms")
        } catch {
            throw ValidationError("--delay '\(delay)': \(error). Expected: 0 to 10s, such as 0.5ms.")
        }
        guard nanoseconds <= Self.longestDelay else {
            throw ValidationError("--delay '\(delay)' is longer than 10s. Expected: 0 to 10s, such as 0.5ms.")
        }
        return Microseconds((nanoseconds + 500) / 1000)
    }

    func validate() throws {
        if let nodes, !(1...UInt32(NodeList.maximumCount)).contains(nodes) {
            throw ValidationError("--nodes must be 1..\(NodeList.maximumCount).")
        }
        _ = try hop()
        guard (1...3600).contains(watchdogTimeout) else {
            throw ValidationError("--watchdog-timeout must be 1..3600 s.")
        }
        for setting in settings { _ = try Setting(setting) }
    }

    func run() throws {
        let path = file ?? (nodes == nil ? Self.standardFile : nil)
        let name = path == "-" ? "standard input" : path
        do {
            var document = ConfigurationDocument()
            var text: [UInt8] = []
            if let path, let name {
                text = try read(path)
                guard text.count <= ConfigurationDocument.largestFile else {
                    throw ConfigurationDocument.tooLarge(name)
                }
                document = try ConfigurationDocument(text, file: name, accounts: AnyAccount())
            }
            for text in settings {
                let setting = try Setting(text)
                try document.override(setting.key, setting.value)
            }
            var report = try TimingReport(
                document, nodes: nodes, hop: hop(),
                sbd: .milliseconds(watchdogTimeout * 1000))
            if let path, nodes == nil { judge(document, text, path, &report) }
            try print(report, name: name)
        } catch let error as ConfigurationError {
            switch format {
            case .text: StandardError.print("\(error)")
            case .json: Swift.print(JSONReport.error(error).text)
            }
            throw ExitCode(error.exitStatus)
        }
    }

    /// Whether a node can start with the file: this machine, if it is one of the nodes, otherwise any.
    private func judge(
        _ document: ConfigurationDocument, _ text: [UInt8], _ path: String, _ report: inout TimingReport
    ) {
        let host = HostFacts.current()
        let machine = ClusterConfiguration.names(host, in: document) ? ThisMachine(document) : nil
        // In the daemon's order: users, files, timings and the rest of the text, the priority, the network, stored numbers, the
        // services.
        let before = machine?.accountFault(text, path) ?? machine?.fileFault
        do throws(ConfigurationError) {
            let configuration =
                machine == nil
                ? try ClusterConfiguration.elsewhere(document)
                : try ClusterConfiguration(document, host: host, names: SystemNames())
            report.add((configuration.warnings + [machine?.watchdogWarning].compactMap(\.self)).map(Advice.init))
            if machine != nil { report.add(configuration.linkMTUAdvice(host)) }
            let general =
                report.refusal ?? StartCheck.priorityRefusal(document) ?? StartCheck.networkRefusal(configuration)
            let here = before ?? (general == nil ? machine?.fault(of: configuration) : nil)
            report.refusal = here ?? general ?? StartCheck(configuration).error
            report.isRefusedHere = here != nil
        } catch {
            report.refusal = before ?? report.refusal ?? error
            report.isRefusedHere = before != nil
        }
    }

    private func print(_ report: TimingReport, name: String?) throws {
        switch format {
        case .text:
            Swift.print(TextReport(report: report, file: name, glyphs: ascii ? .ascii : .unicode).text)
            if let refusal = report.refusal { throw refusal }
        case .json:
            Swift.print(JSONReport(report: report, file: name).value.text)
            if let refusal = report.refusal { throw ExitCode(refusal.exitStatus) }
        }
    }

    private func read(_ name: String) throws -> [UInt8] {
        do {
            return try InputFile.read(name)
        } catch {
            StandardError.print("Can't read file \(name): \(error)")
            StandardError.print(
                file == nil
                    ? "to do: name a file, or give --nodes to see Corosync's defaults"
                    : "to do: name a configuration file that exists and may be read, or - for standard input")
            throw ExitCode(1)
        }
    }
}
