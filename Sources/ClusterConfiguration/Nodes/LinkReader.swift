import Basics
import TotemWire

/// Puts together the links from interface sections and the node list (spec: configuration.md 3.2, 4.3 to 4.5).
struct LinkReader<Names: NameService> {
    let entries: ConfigurationEntries
    let transport: Transport
    let nodes: NodeList
    let local: ClusterNode?
    let preference: FamilyPreference
    let names: Names

    /// All configured links, by number.
    func read() throws(ConfigurationError) -> [Link] {
        var links: [Link] = []
        for number in try configuredNumbers() { links.append(try link(number)) }
        return links
    }

    private func key(_ number: Int, _ name: String) -> String { "totem.interface.\(number).\(name)" }

    /// Links that any node has an address on or that have a section; of udp's sections only those that name a network.
    private func configuredNumbers() throws(ConfigurationError) -> [Int] {
        var numbers: Set<Int> = []
        for node in nodes.nodes { numbers.formUnion(node.addresses.map(\.link)) }
        for entry in entries.all where entry.key.hasPrefix("totem.interface.") {
            let parts = entry.key.split(separator: ".")
            guard parts.count >= 4, let number = Int(parts[2]) else { continue }
            guard number < LinkNumber.limit else {
                throw linkNumberTooLarge(number, key: "totem.interface.linknumber", origin: entry.origin)
            }
            if transport != .udp || entries[key(number, "bindnetaddr")] != nil { numbers.insert(number) }
        }
        return numbers.sorted()
    }

    private func link(_ number: Int) throws(ConfigurationError) -> Link {
        let usesBroadcast = transport == .udp && broadcastIsSet
        var link = Link(
            number: number, localAddress: try localAddress(number),
            localInterface: localInterface(number), port: port(number), multicastAddress: nil,
            usesBroadcast: usesBroadcast, ttl: entries.u8(key(number, "ttl")) ?? 1,
            priority: entries.u8(key(number, "knet_link_priority")) ?? 1, knetTransport: try knetTransport(number),
            knetPingPrecision: entries.u32(key(number, "knet_ping_precision")) ?? 2048, members: [])
        link.multicastAddress = try multicastAddress(link)
        for node in nodes.members(ofLink: number) {
            guard let nodeID = node.nodeID, let written = node.address(onLink: number) else { continue }
            guard let address = names.resolve(written.text, preference) else {
                throw unresolved(
                    "failed to parse node address '\(written.text)'", written.text,
                    key: "nodelist.node.\(node.position).ring\(number)_addr", origin: written.origin)
            }
            link.members.append(Link.Member(nodeID: nodeID, address: address, text: written.text))
        }
        return link
    }

    /// Broadcast is set in one interface section and holds for all.
    private var broadcastIsSet: Bool {
        (0..<LinkNumber.limit).contains { entries.text(key($0, "broadcast")) == "yes" }
    }

    private func port(_ number: Int) -> UInt16 {
        let step = transport == .udp && broadcastIsSet ? 2 : 1
        let standard = UInt16(truncatingIfNeeded: 5405 + step * number)
        let given = entries.u16(key(number, "mcastport"))
        let hasSection = entries.all.contains { $0.key.hasPrefix(key(number, "")) }
        guard hasSection || local?.address(onLink: number) != nil else { return 0 }
        guard local?.address(onLink: number) != nil else { return given ?? standard }
        return given == 0 ? UInt16(truncatingIfNeeded: 5405 + number) : given ?? standard
    }

    private func knetTransport(_ number: Int) throws(ConfigurationError) -> Link.KnetTransport {
        guard let entry = entries[key(number, "knet_transport")] else { return .udp }
        let word = entry.value.text ?? ""
        guard let transport = Link.KnetTransport(rawValue: word) else {
            throw ConfigurationError(
                "Unrecognised knet_transport. expected 'udp' or 'sctp'", origin: entry.origin, key: entry.key,
                value: word, permitted: "udp, sctp", remedy: "correct the word, or remove the line for udp")
        }
        return transport
    }

    private func localAddress(_ number: Int) throws(ConfigurationError) -> IPAddress? {
        let configured = entries[key(number, "bindnetaddr")]
        let written = local?.address(onLink: number)
        guard let text = written?.text ?? configured?.value.text else { return nil }
        guard let address = names.resolve(text, preference) else {
            throw unresolved(
                "failed to parse bindnet address '\(text)'", text,
                key: written == nil
                    ? key(number, "bindnetaddr") : "nodelist.node.\(local?.position ?? 0).ring\(number)_addr",
                origin: written?.origin ?? configured?.origin)
        }
        return address
    }

    private func localInterface(_ number: Int) -> String? {
        local?.address(onLink: number).flatMap { ZonedAddress($0.text)?.interface }
    }

    private func multicastAddress(_ link: Link) throws(ConfigurationError) -> IPAddress? {
        guard transport == .udp else { return nil }
        if let entry = entries[key(link.number, "mcastaddr")] {
            let text = entry.value.text ?? ""
            guard let address = names.resolve(text, preference) else {
                throw unresolved("failed to parse mcast address '\(text)'", text, key: entry.key, origin: entry.origin)
            }
            return link.usesBroadcast ? .v4(UInt32.max) : address
        }
        if link.usesBroadcast { return .v4(UInt32.max) }
        guard case .string(let name) = entries["totem.cluster_name"]?.value, let local = link.localAddress else {
            return nil
        }
        return MulticastAddress.derived(fromClusterName: name, link: link.number, family: local.family)
    }

    private func unresolved(_ message: String, _ text: String, key: String, origin: Origin?) -> ConfigurationError {
        let wanted =
            switch preference {
            case .ipv4: "an IPv4 address"
            case .ipv6: "an IPv6 address"
            case .ipv4First, .ipv6First: "an IP address"
            }
        return ConfigurationError(
            message, origin: origin, key: key, value: text,
            permitted: "\(wanted) or a name that resolves to one (totem.ip_version \(preference.rawValue))",
            reason: AddressText.fault(in: text)?.reason,
            remedy: "correct it, or enter the name in /etc/hosts of every node")
    }
}
