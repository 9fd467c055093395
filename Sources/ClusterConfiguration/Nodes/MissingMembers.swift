import Basics

/// What is said where nobody can take part in the ring, or this node cannot: no node list, no address, another machine.
struct MissingMembers {
    let record: TextRecord
    let entries: ConfigurationEntries
    let transport: Transport
    let nodes: NodeList
    let links: [Link]

    func noLinks() -> ConfigurationError {
        guard nodes.nodes.isEmpty else {
            return ConfigurationError(
                "parse error in config: No interfaces defined", origin: nodes.nodes.first?.origin, key: "nodelist",
                reason: "no node has an address", remedy: "give every node its address as ring0_addr")
        }
        return noNodeList("parse error in config: No interfaces defined", HostFacts(hostName: "", interfaces: []))
    }

    func localNodeUnknown(_ host: HostFacts) -> ConfigurationError {
        let message = "parse error in config: " + (links.isEmpty ? "No interfaces defined" : Self.nobody)
        guard !nodes.nodes.isEmpty else { return noNodeList(message, host) }
        guard !links.isEmpty else { return noLinks() }
        let addresses = host.interfaces.map(\.address).filter { !$0.isLoopback }.map(\.description)
        let names = nodes.nodes.map { $0.name ?? $0.addresses.first?.text ?? "node \($0.position)" }
        return ConfigurationError(
            message, origin: nodes.nodes.first?.origin, key: "nodelist",
            reason: "none of the nodes (\(names.joined(separator: ", "))) is this machine, "
                + "host name \(host.hostName), addresses \(addresses.isEmpty ? "none" : addresses.joined(separator: ", "))",
            remedy: "enter this machine with its host name as name or one of its addresses as ring0_addr")
    }

    private static let nobody = "No valid name found for local host"

    /// Nothing names a node: the list is missing, misspelt, or the file is of a time that had none.
    private func noNodeList(_ message: String, _ host: HostFacts) -> ConfigurationError {
        if let section = record.section(meantAs: "nodelist") {
            return ConfigurationError(
                message, origin: section.origin, key: "nodelist",
                reason: "there is no nodelist section; was \(section.path) of line \(section.origin.line) to be it?",
                remedy: "write nodelist in line \(section.origin.line)")
        }
        if let section = record.sections.first(where: { $0.path == "nodelist" }) {
            return ConfigurationError(
                message, origin: section.origin, key: "nodelist", reason: "no node section in it has a key",
                remedy: "write a node section for every node into it, each with ring0_addr, nodeid and name")
        }
        if let entry = ["nodelist", "totem"].compactMap({ entries[$0] }).first {
            return ConfigurationError(
                message, origin: entry.origin, key: "nodelist",
                reason: "there is no nodelist section: '\(entry.key):' begins none",
                remedy: "write '\(entry.key) {', and "
                    + "'}' on a line of its own where the section ends; indentation counts for nothing")
        }
        let draft = NodeListDraft(entries: entries, host: host)
        var error = ConfigurationError(
            message, origin: draft.origin ?? record.place, key: "nodelist",
            reason: entries.count == 0
                ? "the file has no key at all" : "there is no nodelist section\(draft.obsoleteAddresses)",
            remedy: "add a nodelist with a node section for every node, each with ring0_addr, nodeid and name")
        if !draft.lines.isEmpty {
            error.remedy = "write node sections for \(draft.subject), as in"
            error.proposal = draft.lines
        }
        return error
    }

    /// That `node` has no address on a link on which another one has.
    func address(of node: ClusterNode, on link: Link) -> ConfigurationError {
        let name = "ring\(link.number)_addr"
        let key = "nodelist.node.\(node.position).\(name)"
        let other = nodes.members(ofLink: link.number).first
        let wanted = other?.address(onLink: link.number)?.origin
        let place = wanted.map { ", line \($0.line)" } ?? ""
        let slip = record.keys.first { written in
            written.hasPrefix("nodelist.node.\(node.position).") && KeyTable.suggestion(forMapKey: written) == key
        }.flatMap { entries[$0] }
        let elsewhere = node.addresses.first { address in
            address.link != link.number && nodes.members(ofLink: address.link).count == 1
        }
        var error = ConfigurationError(
            "parse error in config: No multicast port specified for interface \(link.number)",
            origin: slip?.origin ?? elsewhere?.origin ?? node.origin, key: key,
            reason:
                "this node has none, while \(other?.name ?? other.flatMap { $0.nodeID.map { "node \($0)" } } ?? "another")"
                + " has\(place)", remedy: "give every node a \(name)")
        let oneLink = transport == .knet ? nil : "with \(transport.rawValue) there is one link, ring0_addr"
        if let slip {
            let wrong = slip.key.split(separator: ".").last ?? ""
            error.remedy = "write \(name) for \(wrong) if that was meant"
        } else if link.number > 0, let oneLink {
            if other?.address(onLink: 0) == nil {
                // It has no other one to keep.
                error.origin = wanted
                error.remedy = "write ring0_addr for \(name): \(oneLink)"
            } else {
                error.remedy = "remove \(name): \(oneLink)"
            }
        } else if let elsewhere {
            error.remedy =
                "write \(name) for ring\(elsewhere.link)_addr"
                + (oneLink.map { ": \($0)" } ?? ", or give every node both")
        }
        return error
    }
}
