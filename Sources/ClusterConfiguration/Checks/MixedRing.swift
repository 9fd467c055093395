import Basics

/// Numbers that all nodes of a ring must agree on, but that Corosync 3.1.7 reads differently out of the same file.
struct MixedRing {
    let document: ConfigurationDocument

    /// A node without any key but its address is entered twice when its id is made of that address, and the token is
    /// scaled with both (spec: configuration.md 4.1).
    var warnings: [ConfigurationWarning] {
        guard let transport = try? Transport.read(document.entries), transport != .knet,
            let list = try? NodeList.read(document.entries)
        else { return [] }
        var keys: [Substring: Int] = [:]
        for entry in document.entries.all where entry.key.hasPrefix("nodelist.node.") {
            keys[entry.key.dropFirst(14).prefix { $0 != "." }, default: 0] += 1
        }
        let twice = list.members(ofLink: 0).filter { node in
            node.nodeID == nil && node.addresses.count == 1 && keys["\(node.position)"] == 1
        }
        guard let first = twice.first else { return [] }
        var inputs = TimingInputs(document.entries, transport: transport, nodes: list)
        let own = DerivedTimings(inputs).totem
        inputs.nodeCount += UInt32(truncatingIfNeeded: twice.count)
        let other = DerivedTimings(inputs).totem
        guard own.token != other.token else { return [] }
        let consensus =
            own.consensus == other.consensus
            ? "" : ", consensus \(other.consensus) ms in place of \(own.consensus) ms"
        return [
            ConfigurationWarning(
                "Corosync 3.1.7 counts nodes twice that have neither nodeid nor name: it reads a token timeout of "
                    + "\(other.token) ms out of this file where Rondo reads \(own.token) ms\(consensus). Nodes of one ring "
                    + "must agree.", key: "totem.token", origin: first.origin, remedy: "give every node a nodeid")
        ]
    }
}
