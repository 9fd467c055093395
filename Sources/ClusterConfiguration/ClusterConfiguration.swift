import Basics
import TotemWire

/// A whole configuration, checked and with everything derived: what a daemon starts with.
///
/// Built in the order in which a daemon learns things, so that it can log and change directory in between:
/// `ConfigurationDocument` (the text), `LoggingSettings` and `SystemSettings` (of the document), then this.
public struct ClusterConfiguration: Sendable {
    public let document: ConfigurationDocument
    public let transport: Transport
    /// Empty when none is given.
    public let clusterName: String
    /// 0 when none is given.
    public let configVersion: UInt64
    /// By position; every node with an address has an id.
    public let nodes: [ClusterNode]
    /// The node this machine is.
    public let localNode: ClusterNode
    public let localNodeID: NodeID
    /// By number; one for udp and udpu.
    public let links: [Link]
    public let crypto: CryptoSettings
    /// Bytes of a packet before the room for two message headers is subtracted: `totem.netmtu`, or what fits the ring's
    /// addresses and this machine's interface (spec: transports.md 6).
    public let mtu: UInt32
    /// The differentiated services code point of the ring's packets, 0 for none (`totem.ip_dscp`).
    public let serviceCodePoint: UInt8
    public let derivedTimings: DerivedTimings
    public let system: SystemSettings
    public let rondo: RondoSettings
    public let users: UserLists
    /// Every key to store in the configuration map at start: those of the file, and those the daemon finds out.
    public let entries: ConfigurationEntries
    /// What the nodes make of the document on this machine, where it works, but hardly as meant.
    /// `ConfigurationDocument.warnings` has what the text alone shows.
    public let warnings: [ConfigurationWarning]
    /// Why no other node can reach this one; nil when they can, as far as this machine knows.
    public let addressFault: AddressFault?
    /// What is said of this node's own address, as one of `warnings`; never nil where there is a fault.
    public let addressWarning: ConfigurationWarning?

    public var timings: TotemTimings { derivedTimings.totem }
    /// Whether the highest number of expected votes is kept in a file.
    public var tracksExpectedVotes: Bool { entries.u8(QuorumOption.expectedVotesTracking.key) ?? 0 != 0 }

    /// Derives everything from `document` and checks it in Corosync's order (spec: configuration.md 1, 4.4).
    ///
    /// - Parameters:
    ///   - host: the machine's name and addresses.
    ///   - names: resolves host names; asked only for what is not an address literal.
    /// - Throws: the first error, with exit status 8.
    public init(
        _ document: ConfigurationDocument, host: HostFacts, names: some NameService
    ) throws(ConfigurationError) {
        do throws(ConfigurationError) {
            try self.init(checking: document, host: host, names: names)
        } catch {
            throw document.record.explaining(error)
        }
    }

    private init(
        checking document: ConfigurationDocument, host: HostFacts, names: some NameService
    ) throws(ConfigurationError) {
        let written = document.entries
        let transport = try Transport.read(written)
        let crypto = try CryptoSettings.read(written)
        let linkMode = try LinkMode.readText(written)
        let rondo = try RondoSettings.read(written)
        let (list, known, links) = try Self.readMembers(written, transport, host, names)
        let timings = DerivedTimings(TimingInputs(written, transport: transport, nodes: list))

        let missing = MissingMembers(
            record: document.record, entries: written, transport: transport, nodes: list, links: links)
        guard let known, let localNodeID = known.nodeID else { throw missing.localNodeUnknown(host) }
        try StructureCheck(
            record: document.record, entries: written, transport: transport, nodes: list, local: known, links: links,
            linkMode: linkMode, crypto: crypto, timings: timings, missing: missing
        ).all()

        self.document = document
        self.transport = transport
        self.crypto = crypto
        self.links = links
        nodes = list.nodes
        localNode = known
        self.localNodeID = localNodeID
        clusterName = written.text("totem.cluster_name") ?? ""
        configVersion = written.u64("totem.config_version") ?? 0
        let packets = PacketSize(written, transport: transport, local: links.first?.localAddress, host: host)
        mtu = packets.mtu
        serviceCodePoint = written.u8("totem.ip_dscp") ?? 0
        derivedTimings = timings
        system = SystemSettings(document)
        self.rondo = rondo
        users = UserLists(written)
        let addresses = AddressCheck(
            links: links, transport: transport, local: known, nodes: list, host: host)
        addressFault = addresses.fault
        addressWarning = addresses.own
        warnings = list.unreachable + addresses.warnings + [packets.warning].compactMap { $0 }
        entries = written.completed(
            transport: transport, nodes: list, local: known, links: links, timings: timings)
    }
}

extension ClusterConfiguration {
    /// Nodes, this node among them, and links. What is wrong here is marked as such: a reload reports it in other words.
    private static func readMembers(
        _ written: ConfigurationEntries, _ transport: Transport, _ host: HostFacts, _ names: some NameService
    ) throws(ConfigurationError) -> (nodes: NodeList, local: ClusterNode?, links: [Link]) {
        do throws(ConfigurationError) {
            var list = try NodeList.read(written)
            let local = LocalNodeFinder(host: host, names: names).find(in: list)
            let preference =
                FamilyPreference(rawValue: written.text("totem.ip_version") ?? "")
                ?? (transport == .udp ? .ipv4 : .ipv6First)
            let identity = NodeIdentity(
                transport: transport, clearsHighBit: written.text("totem.clear_node_high_bit") == "yes", names: names)
            if let local { list.replace(try identity.identify(local, isLocal: true)) }
            for node in list.nodes { list.replace(try identity.identify(node, isLocal: false)) }
            let known = local.flatMap { found in list.nodes.first { $0.position == found.position } }
            let links = try LinkReader(
                entries: written, transport: transport, nodes: list, local: known, preference: preference, names: names
            ).read()
            return (list, known, links)
        } catch {
            var error = error
            error.isAboutMembers = true
            throw error
        }
    }
}

extension NodeList {
    fileprivate mutating func replace(_ node: ClusterNode) {
        guard let index = nodes.firstIndex(where: { $0.position == node.position }) else { return }
        nodes[index] = node
    }
}

extension ConfigurationEntries {
    /// With the keys the daemon finds out at start (spec: configuration.md 8.1).
    fileprivate func completed(
        transport: Transport, nodes: NodeList, local: ClusterNode, links: [Link], timings: DerivedTimings
    ) -> ConfigurationEntries {
        var entries = self
        entries.set("nodelist.local_node_pos", .u32(local.position))
        for node in nodes.nodes {
            let key = "nodelist.node.\(node.position).nodeid"
            if entries.u32(key) ?? 0 == 0, let nodeID = node.nodeID { entries.set(key, .u32(nodeID.rawValue)) }
        }
        for link in links {
            let prefix = "totem.interface.\(link.number)"
            if let address = local.address(onLink: link.number) {
                entries.set("\(prefix).bindnetaddr", .text(address.text))
            }
            if transport == .knet { entries.set("runtime.config.\(prefix).mcastport", .u16(link.port)) }
            guard transport == .udp else { continue }
            if let address = link.multicastAddress, entries["\(prefix).mcastaddr"] == nil {
                entries.set("\(prefix).mcastaddr", .text(address.description))
            }
            if entries["\(prefix).mcastport"] == nil { entries.set("\(prefix).mcastport", .u16(link.port)) }
        }
        for entry in timings.runtimeEntries { entries.set(entry.key, entry.value) }
        return entries
    }
}
