import JSONText
import RondoKit

/// How members are listed.
struct MemberStyle {
    enum Order: String {
        case address = "a"
        case name = "n"
        case node = "i"
    }

    var isHexadecimal = false
    var showsAddresses = false
    var showsAllAddresses = false
    /// The column of the quorum device, even where there is none.
    var isForMachines = false
    var order = Order.address

    func text(_ node: NodeID) -> String {
        isHexadecimal ? node.rawValue.hexadecimal + " " : column("\(node)")
    }

    func column(_ text: String) -> String { text.right(10) + " " }
}

/// The members of the ring with their votes.
struct MemberReport {
    private struct Member {
        let node: NodeID
        /// Nil where the daemon tells none.
        let votes: NodeVotes?
        let name: String
    }

    private let style: MemberStyle
    private let local: NodeID
    private let members: [Member]
    private let hasVotes: Bool

    init(_ services: QuorumServices, _ nodes: [NodeID], _ style: MemberStyle) async {
        self.style = style
        local = services.node
        hasVotes = services.votes != nil
        let names = style.showsAddresses ? [:] : await services.names()
        var members: [Member] = []
        for node in nodes {
            let votes = try? await services.votes?.info(of: node)
            members.append(
                Member(node: node, votes: votes, name: await Self.name(of: node, names[node], services.cluster, style)))
        }
        switch style.order {
        case .address: break
        case .node: members.sort { Int32(bitPattern: $0.node.rawValue) < Int32(bitPattern: $1.node.rawValue) }
        case .name: members.sort { Array($0.name.utf8).lexicographicallyPrecedes(Array($1.name.utf8)) }
        }
        self.members = members
    }

    /// The name of the node list stands for the first address.
    private static func name(
        of node: NodeID, _ listed: String?, _ cluster: Cluster, _ style: MemberStyle
    ) async -> String {
        let addresses: [NodeAddress]
        do {
            addresses = try await cluster.addresses(of: node)
        } catch {
            Output.complain("Unable to get node address for nodeid \(node): \(error.code.name)")
            return ""
        }
        let shown = style.showsAllAddresses ? addresses[...] : addresses.prefix(1)
        let texts = shown.enumerated().map { index, address in
            if index == 0, let listed, !listed.isEmpty { return listed }
            return style.showsAddresses ? address.description : address.hostName ?? ""
        }
        return texts.joined(separator: ", ")
    }

    private var hasDevice: Bool { members.contains { $0.votes?.flags.contains(.deviceRegistered) == true } }

    func write(to output: inout Output) {
        if hasVotes {
            for member in members where member.votes == nil { output.line("Unable to get node \(member.node) info") }
        }
        output.line("\nMembership information")
        output.line("----------------------")
        let showsDevice = hasVotes && (hasDevice || style.isForMachines)
        output.line(
            style.column("Nodeid") + (hasVotes ? style.column("Votes") : "")
                + (showsDevice ? style.column("Qdevice") : "") + "Name")
        for member in members {
            var line = style.text(member.node)
            if hasVotes { line += style.column("\(member.votes?.votes ?? 0)") }
            if showsDevice { line += style.column(Self.device(member.votes?.flags ?? [])) }
            line += member.name
            if member.node == local { line += " (local)" }
            output.line(line)
        }
        writeDevice(to: &output)
    }

    private static func device(_ flags: NodeVotes.Flags) -> String {
        guard flags.contains(.deviceRegistered) else { return "NR" }
        return [
            flags.contains(.deviceAlive) ? "A" : "NA", flags.contains(.deviceCastsVote) ? "V" : "NV",
            flags.contains(.deviceMasterWins) ? "MW" : "NMW",
        ].joined(separator: ",").prefixed(9)
    }

    /// The device counts for nothing here when it does not vote for this node.
    private func writeDevice(to output: inout Output) {
        guard hasDevice, let first = members.first?.votes else { return }
        let votes = deviceVotes
        output.line(
            style.text(NodeID(0)) + style.column("\(votes ?? 0)") + "           \(first.deviceName)"
                + (votes == nil ? " (votes \(first.deviceVotes))" : ""))
    }

    /// Nil when the device does not vote for this node.
    private var deviceVotes: UInt32? {
        guard members.first(where: { $0.node == local })?.votes?.flags.contains(.deviceCastsVote) == true else {
            return nil
        }
        return members.first?.votes?.deviceVotes
    }

    var json: [(String, JSONValue)] {
        let list = members.map { member -> JSONValue in
            var fields: [(String, JSONValue)] = [
                ("node", .integer(member.node.rawValue)), ("name", .string(member.name)),
                ("local", .bool(member.node == local)),
            ]
            if let votes = member.votes {
                let flags = votes.flags
                fields.append(("votes", .integer(votes.votes)))
                fields.append(
                    (
                        "device",
                        flags.contains(.deviceRegistered)
                            ? .object([
                                ("alive", .bool(flags.contains(.deviceAlive))),
                                ("casts_vote", .bool(flags.contains(.deviceCastsVote))),
                                ("master_wins", .bool(flags.contains(.deviceMasterWins))),
                            ]) : .null
                    ))
            }
            return .object(fields)
        }
        guard hasDevice, let first = members.first?.votes else { return [("members", .array(list))] }
        let device = JSONValue.object([
            ("name", .string(first.deviceName)), ("votes", .integer(first.deviceVotes)),
            ("counts_here", .bool(deviceVotes != nil)),
        ])
        return [("members", .array(list)), ("device", device)]
    }
}

extension String {
    /// Its first characters.
    fileprivate func prefixed(_ count: Int) -> String { String(prefix(count)) }
}
