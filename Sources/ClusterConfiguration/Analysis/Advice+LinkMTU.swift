import Basics

extension ClusterConfiguration {
    /// A link of this node, and what its interface carries.
    private typealias Carried = (link: Int, interface: String, mtu: UInt32)

    /// What the MTUs of this machine's interfaces say of knet's packets.
    ///
    /// - Parameter host: the machine of the node; links of which it does not know the MTU are left out.
    public func linkMTUAdvice(_ host: HostFacts) -> [Advice] {
        guard transport == .knet else { return [] }
        let known = links.compactMap { link -> Carried? in
            guard let found = host.interfaces.first(where: { $0.address == link.localAddress }), let mtu = found.mtu
            else { return nil }
            return (link.number, found.interface, mtu)
        }
        guard let narrowest = known.min(by: { $0.mtu < $1.mtu }) else { return [] }
        let given = entries.u32("totem.knet_mtu") ?? 0
        return [given == 0 ? unlikeMTUs(known, narrowest) : tooLarge(given, narrowest)].compactMap(\.self)
    }

    /// A packet is cut for the narrowest link that is in use, whichever it leaves by (spec: knet.md 9).
    private func unlikeMTUs(_ known: [Carried], _ narrowest: Carried) -> Advice? {
        guard known.contains(where: { $0.mtu != narrowest.mtu }) else { return nil }
        let list = known.map { "link \($0.link) on \($0.interface) \($0.mtu)" }.joined(separator: ", ")
        return Advice(
            .note, "nodelist",
            "the links' interfaces have unlike MTUs (\(list)): packets are cut for link \(narrowest.link), also where they "
                + "leave by another.",
            remedy: "give all interfaces of the ring one MTU, on all nodes, as large as the switches between them carry"
        )
    }

    /// Nothing probes a path whose size is configured (spec: knet.md 9).
    private func tooLarge(_ given: UInt32, _ narrowest: Carried) -> Advice? {
        guard given > narrowest.mtu else { return nil }
        return Advice(
            .warning, "totem.knet_mtu", origin: entries["totem.knet_mtu"]?.origin,
            "knet_mtu \(given) is more than \(narrowest.interface) of link \(narrowest.link) carries (\(narrowest.mtu)): the "
                + "kernel refuses full packets there, and they are lost.",
            remedy: "remove totem.knet_mtu, so that it is found out, or set it to at most \(narrowest.mtu)")
    }
}
