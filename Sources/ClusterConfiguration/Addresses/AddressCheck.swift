import Basics

/// Why no other node can reach this one under the address that the node list gives for it.
public enum AddressFault: Sendable, Hashable {
    /// No interface has it; `substitute` is in the same network, and is used instead where links do not wait for theirs.
    case absent(substitute: InterfaceAddress?)
    /// It is the machine's own for itself, while other nodes are elsewhere.
    case loopback
}

/// Whether the links' addresses can carry a ring, as this machine sees it. Corosync 3.1.7 says nothing and waits for ever: it
/// does not hear itself (spec: transports.md 3.10).
struct AddressCheck {
    let links: [Link]
    let transport: Transport
    let local: ClusterNode
    let nodes: NodeList
    let host: HostFacts

    private var isIsolated: Bool { links.allSatisfy { check(of: $0).unusable != nil } }

    private func check(of link: Link, isIsolated: Bool = true) -> LinkAddressCheck {
        LinkAddressCheck(
            link: link, local: local, nodes: nodes, host: host, usesSubstitute: transport != .knet,
            isIsolated: isIsolated)
    }

    /// Nil while a link leads to this node, and for a node that is alone in its list: nobody needs to reach it.
    var fault: AddressFault? {
        guard let first = links.first.map({ check(of: $0) }), !first.others.isEmpty, isIsolated else { return nil }
        return first.unusable
    }

    /// Of this node's own address, on the first link where there is something to say.
    var own: ConfigurationWarning? {
        let isIsolated = isIsolated
        return links.lazy.compactMap { check(of: $0, isIsolated: isIsolated).own }.first
    }

    var warnings: [ConfigurationWarning] {
        let isIsolated = isIsolated
        return links.flatMap { check(of: $0, isIsolated: isIsolated).warnings }
            + SharedAddresses(links: links, nodes: nodes).warnings
            + SharedCables(links: links, local: local, host: host).warnings
    }
}

/// What of one link's addresses cannot be used.
private struct LinkAddressCheck {
    let link: Link
    let local: ClusterNode
    let nodes: NodeList
    let host: HostFacts
    /// An address of the same network takes the place of one that no interface has.
    let usesSubstitute: Bool
    /// No other link leads to this node.
    let isIsolated: Bool

    var others: [Link.Member] { link.members.filter { $0.nodeID != local.nodeID } }

    var unusable: AddressFault? {
        guard let address = link.localAddress else { return nil }
        if address.isLoopback {
            return others.contains { !$0.address.isLoopback } ? .loopback : nil
        }
        guard !host.interfaces.contains(where: { $0.address == address }) else { return nil }
        return .absent(substitute: InterfaceAddress.carrying(address, among: host.interfaces))
    }

    var warnings: [ConfigurationWarning] { impossible + [own].compactMap { $0 } + loopbacks }

    /// Addresses that no machine has.
    private var impossible: [ConfigurationWarning] {
        link.members.compactMap { member in
            AddressText.unusable(member.address).map {
                nodes.warning(
                    of: member, on: link,
                    "\(member.address) of node \(member.nodeID) is \($0): no node can be reached there.",
                    remedy: "write the node's own address in the cluster's network")
            }
        }
    }

    /// Of this node's own address.
    var own: ConfigurationWarning? {
        guard let unusable, let address = link.localAddress, AddressText.unusable(address) == nil else { return nil }
        let written = local.address(onLink: link.number)
        let name = written.map { "\($0.text)" } ?? "\(address)"
        let said = name == "\(address)" ? name : "\(name) (\(address) by /etc/hosts or the name server)"
        func warning(_ text: String, remedy: String) -> ConfigurationWarning {
            ConfigurationWarning(
                text, key: "nodelist.node.\(local.position).ring\(link.number)_addr", origin: written?.origin,
                remedy: remedy)
        }
        switch unusable {
        case .absent(let substitute):
            let used = usesSubstitute ? substitute : nil
            let instead = used.map { "; \($0.address) of \($0.interface) is used instead" } ?? ""
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

    private var consequence: String {
        guard !others.isEmpty else { return "" }
        return " No other node can reach it there: "
            + (isIsolated ? "it forms no ring of its own." : "link \(link.number) carries nothing.")
    }

    /// Other nodes that this one can look for only on itself.
    private var loopbacks: [ConfigurationWarning] {
        guard let address = link.localAddress, !address.isLoopback else { return [] }
        return others.filter(\.address.isLoopback).map { member in
            nodes.warning(
                of: member, on: link,
                "\(member.text == "\(member.address)" ? "" : "\(member.text) is ")\(member.address), a loopback address: node "
                    + "\(member.nodeID) cannot be reached there.",
                remedy: IPAddress(member.text) == nil
                    ? "let \(member.text) stand for its address in the cluster's network in /etc/hosts of this machine"
                    : "write its address in the cluster's network")
        }
    }
}

/// Addresses that two nodes have, or one node on two links.
private struct SharedAddresses {
    let links: [Link]
    let nodes: NodeList

    private struct Place {
        let link: Link
        let member: Link.Member
    }

    var warnings: [ConfigurationWarning] {
        var first: [IPAddress: Place] = [:]
        var found: [ConfigurationWarning] = []
        for link in links {
            var doubled: [(Place, earlier: Place)] = []
            for member in link.members {
                let place = Place(link: link, member: member)
                guard let earlier = first[member.address] else {
                    first[member.address] = place
                    continue
                }
                if earlier.link.number != link.number, earlier.member.nodeID == member.nodeID {
                    // On two interfaces they are two addresses.
                    if !member.address.isLinkLocal || earlier.member.text == member.text {
                        doubled.append((place, earlier))
                    }
                } else {
                    found.append(ofTwoNodes(place, earlier))
                }
            }
            if let (place, earlier) = doubled.first { found.append(onTwoLinks(place, earlier, count: doubled.count)) }
        }
        return found
    }

    private func ofTwoNodes(_ place: Place, _ earlier: Place) -> ConfigurationWarning {
        let (member, other) = (place.member, earlier.member)
        let text =
            place.link.number == earlier.link.number
            ? "nodes \(other.nodeID) and \(member.nodeID) have the same address, \(member.address)."
            : "\(key(place)) \(member.address) of node \(member.nodeID) is \(key(earlier)) of node \(other.nodeID), too."
        return nodes.warning(of: member, on: place.link, text, remedy: "give every node an address of its own")
    }

    /// - Parameter count: of nodes that have the same address on both links.
    private func onTwoLinks(_ place: Place, _ earlier: Place, count: Int) -> ConfigurationWarning {
        let line = nodes.address(of: earlier.member, on: earlier.link)?.origin.map { " (line \($0.line))" } ?? ""
        let others = count > 1 ? ", and so it is with \(count - 1) other node\(count > 2 ? "s" : "")" : ""
        return nodes.warning(
            of: place.member, on: place.link,
            "\(key(place)) \(place.member.text) of node \(place.member.nodeID) is the address of its "
                + "\(key(earlier))\(line), too\(others): what cuts one of the links cuts the other.",
            remedy: "give every node a \(key(place)) in another network, or remove it from all nodes")
    }

    private func key(_ place: Place) -> String { "ring\(place.link.number)_addr" }
}

/// Own addresses of two links that leave this machine by one interface.
private struct SharedCables {
    let links: [Link]
    let local: ClusterNode
    let host: HostFacts

    var warnings: [ConfigurationWarning] {
        links.indices.compactMap { index in
            links[..<index].lazy.compactMap { warning(links[index], $0) }.first
        }
    }

    private func holder(of link: Link) -> InterfaceAddress? {
        host.interfaces.first {
            $0.address == link.localAddress && !$0.address.isLoopback
                && (link.localInterface == nil || link.localInterface == $0.interface)
        }
    }

    private func warning(_ link: Link, _ earlier: Link) -> ConfigurationWarning? {
        guard let one = holder(of: earlier), let two = holder(of: link), one.address != two.address else { return nil }
        let written = local.address(onLink: link.number)
        let text: String
        if one.index == two.index {
            text = "are both of \(two.interface): what cuts one of the links cuts the other."
        } else if let netmask = two.netmask, one.address.isInNetwork(of: two.address, netmask: netmask),
            !two.address.isLinkLocal
        {
            text =
                "are in one network, though of \(one.interface) and \(two.interface): the kernel sends what is for it by one "
                + "of them, without rules to the contrary, and what cuts that cuts both links."
        } else {
            return nil
        }
        return ConfigurationWarning(
            "ring\(earlier.number)_addr \(one.address) and ring\(link.number)_addr \(two.address) of this node \(text)",
            key: "nodelist.node.\(local.position).ring\(link.number)_addr", origin: written?.origin,
            remedy: "give every node a ring\(link.number)_addr in another network, on an interface of its own")
    }
}

extension NodeList {
    fileprivate func address(of member: Link.Member, on link: Link) -> ClusterNode.LinkAddress? {
        nodes.first { $0.nodeID == member.nodeID }?.address(onLink: link.number)
    }

    fileprivate func warning(
        of member: Link.Member, on link: Link, _ text: String, remedy: String
    ) -> ConfigurationWarning {
        let position = nodes.first { $0.nodeID == member.nodeID }?.position ?? 0
        return ConfigurationWarning(
            text, key: "nodelist.node.\(position).ring\(link.number)_addr",
            origin: address(of: member, on: link)?.origin, remedy: remedy)
    }
}
