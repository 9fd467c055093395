import Basics

/// Why no other node can reach this one under the address that the node list gives for it.
public enum AddressFault: Sendable, Hashable {
    /// No interface has it; `substitute` is in the same network and is used instead.
    case absent(substitute: InterfaceAddress?)
    /// It is the machine's own for itself, while other nodes are elsewhere.
    case loopback
}

/// Whether the first link's addresses can carry a ring, as this machine sees it. Corosync 3.1.7 says nothing and waits for
/// ever: it does not hear itself (spec: transports.md 3.10).
struct AddressCheck {
    let link: Link?
    let local: ClusterNode
    let nodes: NodeList
    let host: HostFacts

    private var others: [Link.Member] { (link?.members ?? []).filter { $0.nodeID != local.nodeID } }

    /// Nil for a node that is alone in its list: nobody needs to reach it.
    var fault: AddressFault? { others.isEmpty ? nil : unusable }

    private var unusable: AddressFault? {
        guard let address = link?.localAddress else { return nil }
        if address.isLoopback {
            return others.contains { !$0.address.isLoopback } ? .loopback : nil
        }
        guard !host.interfaces.contains(where: { $0.address == address }) else { return nil }
        return .absent(substitute: InterfaceAddress.carrying(address, among: host.interfaces))
    }

    var warnings: [ConfigurationWarning] { impossible + [own].compactMap { $0 } + loopbacks + shared }

    /// Addresses that no machine has.
    private var impossible: [ConfigurationWarning] {
        (link?.members ?? []).compactMap { member in
            AddressText.unusable(member.address).map {
                warning(
                    of: member, "\(member.address) of node \(member.nodeID) is \($0): no node can be reached there.",
                    remedy: "write the node's own address in the cluster's network")
            }
        }
    }

    /// Of this node's own address.
    var own: ConfigurationWarning? {
        guard let unusable, let link, let address = link.localAddress, AddressText.unusable(address) == nil else {
            return nil
        }
        let written = local.address(onLink: link.number)
        let name = written.map { "\($0.text)" } ?? "\(address)"
        let said = name == "\(address)" ? name : "\(name) (\(address) by /etc/hosts or the name server)"
        func warning(_ text: String, remedy: String) -> ConfigurationWarning {
            ConfigurationWarning(
                text, key: "nodelist.node.\(local.position).ring\(link.number)_addr", origin: written?.origin,
                remedy: remedy)
        }
        let consequence = others.isEmpty ? "" : " No other node can reach it there: it forms no ring of its own."
        switch unusable {
        case .absent(let substitute):
            let instead = substitute.map { "; \($0.address) of \($0.interface) is used instead" } ?? ""
            return warning(
                "ring\(link.number)_addr \(said) of this node is on no interface of this machine\(instead).\(consequence)",
                remedy: substitute.map {
                    "write \($0.address) on all nodes if that was meant, or add the address to \($0.interface)"
                } ?? "correct the address on all nodes, or add it to an interface")
        case .loopback:
            return warning(
                "ring\(link.number)_addr \(said) of this node is a loopback address, while other nodes are elsewhere."
                    + consequence,
                remedy: IPAddress(name) == nil
                    ? "let \(name) stand for the address of the cluster's network in /etc/hosts, and restart"
                    : "write the address of the cluster's network on all nodes")
        }
    }

    /// Other nodes that this one can look for only on itself.
    private var loopbacks: [ConfigurationWarning] {
        guard let link, let address = link.localAddress, !address.isLoopback else { return [] }
        return others.filter(\.address.isLoopback).map { member in
            warning(
                of: member,
                "\(member.text == "\(member.address)" ? "" : "\(member.text) is ")\(member.address), a loopback address: node "
                    + "\(member.nodeID) cannot be reached there.",
                remedy: IPAddress(member.text) == nil
                    ? "let \(member.text) stand for its address in the cluster's network in /etc/hosts of this machine"
                    : "write its address in the cluster's network")
        }
    }

    /// Two nodes with one address.
    private var shared: [ConfigurationWarning] {
        var first: [IPAddress: Link.Member] = [:]
        var found: [ConfigurationWarning] = []
        for member in link?.members ?? [] {
            if let other = first[member.address] {
                found.append(
                    warning(
                        of: member,
                        "nodes \(other.nodeID) and \(member.nodeID) have the same address, \(member.address).",
                        remedy: "give every node an address of its own"))
            } else {
                first[member.address] = member
            }
        }
        return found
    }

    private func warning(of member: Link.Member, _ text: String, remedy: String) -> ConfigurationWarning {
        let node = nodes.nodes.first { $0.nodeID == member.nodeID }
        let number = link?.number ?? 0
        return ConfigurationWarning(
            text, key: "nodelist.node.\(node?.position ?? 0).ring\(number)_addr",
            origin: node?.address(onLink: number)?.origin, remedy: remedy)
    }
}
