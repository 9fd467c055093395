import Glibc
import JSONText
import RondoKit

/// corosync-quorumtool: quorum, votes, members (corosync-quorumtool(8)).
struct QuorumTool {
    private enum Action {
        case status, nodes, monitor, unregisterDevice
        case setVotes(UInt32)
        case setExpected(UInt32)
    }

    private var action = Action.status
    private var node: NodeID?
    private var style = MemberStyle()
    private var output = Output()

    static func run(_ call: ToolCall) async -> Int32 {
        var tool = QuorumTool()
        let status = tool.read(call)
        defer { tool.output.flush() }
        if let status { return status }
        guard let services = await QuorumServices.connect() else { return EXIT_FAILURE }
        return await tool.act(services)
    }

    // MARK: The command line

    /// Returns the exit status when there is nothing to do.
    private mutating func read(_ call: ToolCall) -> Int32? {
        let json: Character = "J"
        var options = OptionReader(
            call.program, call.arguments, letters: "VHaslpmfe:v:hin:o:", long: call.jsonOption(json))
        do throws(OptionReader.Complaint) {
            while let option = try options.next() {
                if option.letter == json {
                    output.json = true
                } else if let status = take(option, call.program) {
                    return status
                }
            }
            return nil
        } catch {
            Output.complain(error.text)
            output.write(Self.usage(call.program))
            return EXIT_FAILURE
        }
    }

    private mutating func take(_ option: OptionReader.Option, _ program: String) -> Int32? {
        let value = option.value ?? ""
        switch option.letter {
        case "f": action = .unregisterDevice
        case "s": action = .status
        case "a": style.showsAllAddresses = true
        case "m": action = .monitor
        case "i": style.showsAddresses = true
        case "H": style.isHexadecimal = true
        case "l": action = .nodes
        case "p": style.isForMachines = true
        case "e":
            guard let votes = Numbers.whole(value, in: 1...Int32.max) else {
                return refuse("New expected votes value was not valid, try a positive number")
            }
            action = .setExpected(UInt32(votes))
        case "n":
            guard let id = Numbers.whole(value, in: 1...UInt32.max) else {
                return refuse("The nodeid was not valid, try a positive number")
            }
            node = NodeID(id)
        case "v":
            guard let votes = Numbers.whole(value, in: 0...Int32.max) else {
                return refuse("New votes value was not valid, try a positive number or zero")
            }
            action = .setVotes(UInt32(votes))
        case "o":
            guard let order = MemberStyle.Order(rawValue: value) else {
                return refuse("Invalid ordering option. valid orders are a(address), i(node ID) or n(name)")
            }
            style.order = order
        case "V":
            output.line("corosync-quorumtool version: \(ReleaseName.corosync)")
            return EXIT_SUCCESS
        default:
            output.write(Self.usage(program))
            return EXIT_SUCCESS
        }
        return nil
    }

    private func refuse(_ text: String) -> Int32 {
        Output.complain(text)
        return EXIT_FAILURE
    }

    // MARK: Actions

    private mutating func act(_ services: QuorumServices) async -> Int32 {
        switch action {
        case .status: return await showStatus(services)
        case .nodes: return await showNodes(services)
        case .monitor: return await monitor(services)
        case .setVotes(let votes):
            guard let votequorum = services.votes else {
                return refuse("You cannot change node votes, corosync is not using votequorum")
            }
            let node = node ?? services.node
            do {
                try await votequorum.setVotes(votes, of: node)
            } catch {
                return refuse("Unable to set votes \(votes) for nodeid: \(node): \(error.code.name)")
            }
            return confirm("votes")
        case .setExpected(let votes):
            guard let votequorum = services.votes else {
                return refuse("You cannot change expected votes, corosync is not using votequorum")
            }
            do {
                try await votequorum.setExpectedVotes(votes)
            } catch {
                return refuse("Unable to set expected votes: \(error.code.name)")
            }
            return confirm("expected_votes")
        case .unregisterDevice:
            guard let votequorum = services.votes else {
                return refuse("You cannot unregister quorum device, corosync is not using votequorum")
            }
            return await unregisterDevice(votequorum, services.node)
        }
    }

    private mutating func unregisterDevice(_ votequorum: VoteQuorum, _ node: NodeID) async -> Int32 {
        let info: NodeVotes
        do {
            info = try await votequorum.info(of: node)
        } catch {
            return refuse("Unable to get quorum device info: \(error.code.name)")
        }
        guard info.flags.contains(.deviceRegistered) else { return confirm("unregister") }
        do {
            try await votequorum.unregisterDevice(named: info.deviceName)
        } catch {
            return refuse("Unable to unregister quorum device: \(error.code.name)")
        }
        return confirm("unregister")
    }

    private mutating func confirm(_ what: String) -> Int32 {
        if output.json { output.value(.object([(what, .bool(true))])) }
        return EXIT_SUCCESS
    }

    private mutating func showStatus(_ services: QuorumServices) async -> Int32 {
        let view: QuorumView
        let isQuorate: Bool
        do {
            isQuorate = try await services.quorum.isQuorate
        } catch {
            return refuse("Unable to get cluster quorate status: \(error.code.name)")
        }
        do {
            view = try await services.view()
        } catch {
            return refuse("Unable to dispatch quorum status: \(error.code.name)")
        }
        // Without a provider Corosync's tool goes on to ask for votes, and fails.
        if services.provider == nil {
            return refuse("Unable to start votequorum status tracking: CS_ERR_BAD_HANDLE")
        }
        let report = await StatusReport(services, view, isQuorate: isQuorate, style)
        report.write(to: &output)
        guard report.isComplete else { return EXIT_FAILURE }
        return isQuorate ? EXIT_SUCCESS : Self.notQuorate
    }

    private mutating func showNodes(_ services: QuorumServices) async -> Int32 {
        let view: QuorumView
        do {
            view = try await services.view()
        } catch {
            return refuse("Unable to dispatch quorum status: \(error.code.name)")
        }
        let members = await MemberReport(services, view.members, style)
        if output.json {
            output.value(.object(members.json))
        } else {
            members.write(to: &output)
        }
        return EXIT_SUCCESS
    }

    private mutating func monitor(_ services: QuorumServices) async -> Int32 {
        guard services.quorum.hasProvider else {
            if !output.json { output.line("\nQuorum is not configured - cannot monitor") }
            return await showStatus(services)
        }
        do {
            for try await change in try await Quorum.changes(patience: .none) {
                guard case .quorum(let isQuorate, let ring, let members) = change else { continue }
                let view = QuorumView(ring: ring, members: members)
                await StatusReport(services, view, isQuorate: isQuorate, style).write(to: &output, asOneLine: true)
                if !output.json { output.line() }
                output.flush()
            }
            return EXIT_FAILURE
        } catch {
            return refuse("Unable to dispatch quorum status: \(error.code.name)")
        }
    }

    private static let notQuorate: Int32 = 2

    private static func usage(_ program: String) -> String {
        """
        usage:\u{20}
        \(program) <options>

          options:

          -s             show quorum status
          -m             constantly monitor quorum status
          -l             list nodes
          -a             show all names or addresses for each node
          -p             when used with -s or -l, generates machine parsable output
          -v <votes>     change the number of votes for a node (*)
          -n <nodeid>    optional nodeid of node for -v
          -e <expected>  change expected votes for the cluster (*)
          -H             show nodeids in hexadecimal rather than decimal
          -i             show node IP addresses instead of the resolved name
          -o <a|n|i>     order by [a] IP address (default), [n] name, [i] nodeid
          -f             forcefully unregister a quorum device *DANGEROUS* (*)
          -h             show this help text
          -V             show version and exit

          (*) Starred items only work if votequorum is the quorum provider for corosync


        """
    }
}
