import Basics

/// The node list that a file of Corosync 1 or 2 would need: made of the addresses its interface and member sections name,
/// which nothing uses any more (spec: configuration.md 3.6, 4).
struct NodeListDraft {
    let entries: ConfigurationEntries
    let host: HostFacts

    /// The addresses of member sections, in the order of the file.
    private var members: [ConfigurationEntry] {
        entries.all.filter { $0.key.hasPrefix("totem.interface.") && $0.key.contains(".member.") }
            .sorted { ($0.origin?.line ?? 0) < ($1.origin?.line ?? 0) }
    }

    private var network: ConfigurationEntry? {
        (0..<LinkNumber.limit).lazy.compactMap { entries["totem.interface.\($0).bindnetaddr"] }.first {
            $0.origin != nil
        }
    }

    /// This machine's address in the network the file binds to.
    private var ownAddress: IPAddress? {
        network?.value.text.flatMap { IPAddress($0) }.flatMap {
            InterfaceAddress.carrying($0, among: host.interfaces)?.address
        }
    }

    private var addresses: [String] {
        let listed = members.compactMap(\.value.text)
        return listed.isEmpty ? ownAddress.map { ["\($0)"] } ?? [] : listed
    }

    var origin: Origin? { members.first?.origin ?? network?.origin }

    /// What else the reader may have taken for the list of nodes.
    var obsoleteAddresses: String {
        var parts: [String] = []
        if let network { parts.append("bindnetaddr \(network.value), line \(network.origin?.line ?? 0)") }
        if let first = members.first?.origin { parts.append("memberaddr from line \(first.line) on") }
        guard !parts.isEmpty else { return "" }
        return
            "; addresses in interface and member sections (\(parts.joined(separator: "; "))) are of Corosync 1 and 2 and "
            + "not used any more"
    }

    /// Whom the sections are about.
    var subject: String {
        members.isEmpty
            ? "\(addresses.joined(separator: ", ")) and every other node" : addresses.joined(separator: ", ")
    }

    /// The section, line by line; empty when the file names nobody.
    var lines: [String] {
        guard !addresses.isEmpty else { return [] }
        var lines = ["nodelist {"]
        for (index, address) in addresses.enumerated() {
            lines += ["    node {", "        ring0_addr: \(address)"]
            let isOwn = IPAddress(address).map { own in host.interfaces.contains { $0.address == own } } ?? false
            if isOwn { lines.append("        name: \(host.hostName.prefix { $0 != "." })") }
            let given = isOwn ? entries.u32("totem.nodeid").flatMap { $0 == 0 ? nil : $0 } : nil
            lines += ["        nodeid: \(given ?? UInt32(index + 1))", "    }"]
        }
        return lines + ["}"]
    }
}
