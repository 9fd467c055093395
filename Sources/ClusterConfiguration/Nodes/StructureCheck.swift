import Basics

/// What must fit together before a ring can start, in Corosync's order (spec: configuration.md 4.4).
struct StructureCheck {
    let record: TextRecord
    let entries: ConfigurationEntries
    let transport: Transport
    let nodes: NodeList
    let local: ClusterNode
    let links: [Link]
    let linkMode: String
    let crypto: CryptoSettings
    let timings: DerivedTimings
    let missing: MissingMembers

    func all() throws(ConfigurationError) {
        guard !links.isEmpty else { throw missing.noLinks() }
        for link in links { try check(link) }
        try checkVersion()
        try timings.validate()
        try checkNames()
        try checkLinkCounts()
        for link in links { try checkFamilies(link) }
        try nodes.checkUniqueIDs()
        try checkLinkMode()
        try checkLinkCount()
        try checkCrypto()
        for link in timings.totem.links { try checkPings(link) }
    }

    // MARK: One link

    private func check(_ link: Link) throws(ConfigurationError) {
        let prefix = "totem.interface.\(link.number)"
        func refusal(_ text: String, _ name: String, permitted: String? = nil, remedy: String) -> ConfigurationError {
            let entry = entries["\(prefix).\(name)"]
            return ConfigurationError(
                "parse error in config: \(text) for interface \(link.number)", origin: entry?.origin ?? place(of: link),
                key: "\(prefix).\(name)", value: entry?.value.description, permitted: permitted, remedy: remedy)
        }
        if transport == .udp, link.multicastAddress == nil {
            throw refusal(
                "No multicast address specified", "mcastaddr", permitted: "an address of 224.0.0.0/4 or ff00::/8",
                remedy: "set totem.cluster_name, from which an address is derived, or mcastaddr")
        }
        if link.port == 0 {
            if entries.matching(prefix: prefix + ".").isEmpty { throw missing.address(of: local, on: link) }
            throw refusal(
                "No multicast port specified", "mcastport", permitted: "1..65535",
                remedy: "give the local node a ring\(link.number)_addr, or set mcastport")
        }
        if link.ttl != 1, transport != .udp {
            throw refusal(
                "Can only set ttl on multicast transport types", "ttl", permitted: "1 with \(transport.rawValue)",
                remedy: "remove the line, or use transport udp")
        }
        if link.priority != 1, transport != .knet {
            throw refusal(
                "Can only set link priority on knet transport type", "knet_link_priority",
                permitted: "1 with \(transport.rawValue)",
                remedy: "remove the line, or use transport knet")
        }
        guard transport == .udp, !link.usesBroadcast, let group = link.multicastAddress else { return }
        if let local = link.localAddress, local.family != group.family {
            throw refusal(
                "Multicast address family does not match bind address family", "mcastaddr",
                permitted: "the family of \(local)", remedy: "choose a group of the other family")
        }
        if group.family == .v4, !group.isMulticast {
            throw refusal(
                "mcastaddr is not a correct multicast address", "mcastaddr", permitted: "224.0.0.0..239.255.255.255",
                remedy: "choose an address of 239.192.0.0/16, or remove the line to derive one")
        }
    }

    /// Where the file speaks of a link: a key of its section, or a node's address.
    private func place(of link: Link) -> Origin? {
        entries.all.first { $0.key.hasPrefix("totem.interface.\(link.number).") && $0.origin != nil }?.origin
            ?? nodes.nodes.compactMap { $0.address(onLink: link.number)?.origin }.first
    }

    /// What libknet refuses; a link would have no pings, or none in time. Corosync starts all the same up to 3.1.7.
    private func checkPings(_ link: TotemTimings.Link) throws(ConfigurationError) {
        guard transport == .knet, nodes.nodes.count > 1 else { return }
        let prefix = "totem.interface.\(link.number)"
        func refusal(_ text: String, _ name: String, permitted: String) -> ConfigurationError {
            let entry = entries["\(prefix).\(name)"]
            return ConfigurationError(
                "parse error in config: \(text) for interface \(link.number)", origin: entry?.origin,
                key: "\(prefix).\(name)", value: entry?.value.description, permitted: permitted,
                reason: "libknet refuses it, and so do Corosync from 3.1.8 on and Rondo",
                remedy: "remove the line for the default")
        }
        // libknet has room for one byte.
        if link.pongCount % 256 == 0 {
            throw refusal("Invalid knet_pong_count", "knet_pong_count", permitted: "1..255")
        }
        if link.pingInterval == 0 || link.pingTimeout == 0 {
            throw refusal(
                "The knet ping timers are 0", "knet_pong_count",
                permitted: "less than half of the token timeout, \(timings.totem.token) ms")
        }
        if links.first(where: { $0.number == link.number })?.knetPingPrecision == 0 {
            throw refusal("Invalid knet_ping_precision", "knet_ping_precision", permitted: "1 or more")
        }
    }

    // MARK: All of them

    private func checkVersion() throws(ConfigurationError) {
        let entry = entries["totem.version"]
        guard entry?.value.asU32 == 2 else {
            let meant = entry == nil ? record.section(meantAs: "totem") : nil
            let missing =
                meant.map { "the key is missing; was section \($0.path) of line \($0.origin.line) to be totem?" }
                ?? "the key is missing"
            throw ConfigurationError(
                "parse error in config: This totem parser can only parse version 2 configurations.",
                origin: entry?.origin ?? meant?.origin ?? record.sections.first { $0.path == "totem" }?.origin
                    ?? record.place,
                key: "totem.version", value: entry?.value.description, permitted: "2",
                reason: entry == nil ? missing : nil,
                remedy: meant.map { "write totem in line \($0.origin.line)" } ?? "write 'version: 2' in section totem")
        }
    }

    private func checkNames() throws(ConfigurationError) {
        guard links.count > 1, let nameless = nodes.nodes.first(where: { $0.name == nil }) else { return }
        throw ConfigurationError(
            "parse error in config: for a multi-link configuration, all nodes must have a 'name' attribute",
            origin: nameless.origin, key: "nodelist.node.\(nameless.position).name", reason: "the key is missing",
            remedy: "give every node a name")
    }

    private func checkLinkCounts() throws(ConfigurationError) {
        guard links.count > 1, let first = links.first else { return }
        guard let odd = links.first(where: { $0.members.count != first.members.count }) else { return }
        throw ConfigurationError(
            "parse error in config: Not all nodes have the same number of links",
            origin: nodes.nodes.first {
                $0.address(onLink: odd.number) == nil || $0.address(onLink: first.number) == nil
            }?
            .origin ?? entries.matching(prefix: "totem.interface.\(odd.number).").first?.origin,
            key: "nodelist",
            reason:
                "link \(first.number) has \(first.members.count) of the nodes, link \(odd.number) has \(odd.members.count)",
            remedy: "give every node a ringX_addr for the same links, and remove interface sections without a link")
    }

    private func checkFamilies(_ link: Link) throws(ConfigurationError) {
        guard let first = link.members.first else { return }
        guard let other = link.members.first(where: { $0.address.family != first.address.family }) else { return }
        // A name that leads to the loopback is the likelier mistake.
        let culprit = first.address.isLoopback ? first : other
        let node = nodes.nodes.first { $0.nodeID == culprit.nodeID }
        func described(_ member: Link.Member) -> String {
            let node = nodes.nodes.first { $0.nodeID == member.nodeID }
            let line = node?.address(onLink: link.number)?.origin.map { ", line \($0.line)" } ?? ""
            let name = member.text == "\(member.address)" ? node?.name ?? "node \(member.nodeID)" : member.text
            return "\(name) is \(member.address) (node \(member.nodeID)\(line))"
        }
        let isName = IPAddress(culprit.text) == nil
        throw ConfigurationError(
            "parse error in config: Nodes for link \(link.number) have different IP families "
                + "(compared \(other.address) with \(first.address))",
            origin: node?.address(onLink: link.number)?.origin,
            key: "nodelist.node.\(node?.position ?? 0).ring\(link.number)_addr", value: culprit.text,
            permitted: "addresses of one family on a link", reason: "\(described(first)), \(described(other))",
            remedy: isName
                ? "give \(culprit.text) an address of the other's family in /etc/hosts of every node, or choose the family "
                    + "with totem.ip_version: ipv4"
                : "write addresses of one family")
    }

    private func checkLinkMode() throws(ConfigurationError) {
        guard LinkMode(rawValue: linkMode) == nil else { return }
        throw ConfigurationError(
            "parse error in config: The Knet link mode \"\(linkMode)\" specified is invalid.  "
                + "It must be active, passive or rr.", origin: entries["totem.link_mode"]?.origin,
            key: "totem.link_mode", value: linkMode, permitted: "passive, active, rr",
            remedy: "correct the word, or remove the line for passive")
    }

    private func checkLinkCount() throws(ConfigurationError) {
        guard transport != .knet, links.count > 1 else { return }
        throw ConfigurationError(
            "parse error in config: \(links.count) is too many configured interfaces for non-Knet transport.",
            origin: entries["totem.transport"]?.origin, key: "totem.transport", value: transport.rawValue,
            permitted: "one link with \(transport.rawValue)",
            remedy: "keep only ring0_addr of each node, or use transport knet")
    }

    private func checkCrypto() throws(ConfigurationError) {
        guard transport != .knet, crypto.isOn else { return }
        let entry =
            entries["totem.crypto_cipher"] ?? entries["totem.crypto_hash"] ?? entries["totem.secauth"]
        throw ConfigurationError(
            "parse error in config: crypto_cipher & crypto_hash are only valid for the Knet transport.",
            origin: entry?.origin, key: entry?.key, value: entry?.value.description,
            permitted: "none with \(transport.rawValue)",
            remedy:
                "remove secauth, crypto_cipher and crypto_hash, and let nobody but the nodes into their network: with "
                + "\(transport.rawValue) packets are neither encrypted nor authenticated; or use transport knet, "
                + "which does both")
    }
}
