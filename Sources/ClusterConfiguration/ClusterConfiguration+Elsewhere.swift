import Basics

/// A configuration that is looked at, not started with.
extension ClusterConfiguration {
    /// The configuration as the first of its nodes reads it, wherever this is: every host name has an address, and the node
    /// has those of its section.
    ///
    /// - Throws: what keeps every node from starting, such as a missing node list; not what depends on the machine.
    public static func elsewhere(_ document: ConfigurationDocument) throws(ConfigurationError) -> ClusterConfiguration {
        var host = HostFacts(hostName: "", interfaces: [])
        let list: NodeList
        do throws(ConfigurationError) {
            list = try NodeList.read(document.entries)
        } catch {
            throw document.record.explaining(error)
        }
        let names = pretendedNames(document.entries, list)
        if let node = list.nodes.first(where: { !$0.addresses.isEmpty }) {
            host.hostName = node.name ?? ""
            for (index, written) in node.addresses.enumerated() {
                guard let address = IPAddress(literal: written.text) ?? names.addresses[written.text]?.first else {
                    continue
                }
                host.interfaces.append(
                    InterfaceAddress(
                        interface: "link\(written.link)", address: address, netmask: nil, isUp: true,
                        index: UInt32(truncatingIfNeeded: index + 1)))
            }
        }
        return try ClusterConfiguration(document, host: host, names: names)
    }

    /// Whether `host` is one of the document's nodes, as far as it can be told without asking a name server.
    public static func names(_ host: HostFacts, in document: ConfigurationDocument) -> Bool {
        guard let list = try? NodeList.read(document.entries) else { return false }
        return LocalNodeFinder(host: host, names: NameTable()).find(in: list) != nil
    }

    /// An address for everything that can be a host name, each another one, of the family the file's addresses have.
    private static func pretendedNames(_ entries: ConfigurationEntries, _ list: NodeList) -> NameTable {
        let written = list.nodes.flatMap(\.addresses).map(\.text)
        let only = FamilyPreference(rawValue: entries.text("totem.ip_version") ?? "")?.only
        let family = only ?? written.lazy.compactMap { IPAddress(literal: $0)?.family }.first ?? .v4
        var table = NameTable()
        for (index, text) in written.enumerated() where IPAddress(literal: text) == nil {
            if let address = AddressText.otherSpelling(text) {
                table.addresses[text] = [address]
                continue
            }
            guard AddressText.fault(in: text) == nil else { continue }
            // 198.18.0.0/15 and 2001:2::/48 are for measuring devices: no cluster has them.
            let number = UInt32(truncatingIfNeeded: index + 1)
            table.addresses[text] =
                switch family {
                case .v4: [.v4(0xC612_0000 | (number & 0xFFFF))]
                case .v6: [.v6(high: 0x2001_0002_0000_0000, low: UInt64(number))]
                }
        }
        return table
    }
}
