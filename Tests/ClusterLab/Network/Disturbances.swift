/// What can be done to the network while engines run: to all links, or to one where it is named.
extension Laboratory {
    /// Splits the network: nodes hear each other only within one set, on no link. Nodes in no set hear nobody.
    public func partition(_ sets: [[Int]]) throws {
        try wiring.change { faults in
            faults.cut = separating(sets)
        }
    }

    /// Lets nothing pass from one node to another; the way back stays open.
    public func cut(from: Int, to: Int, link: Int? = nil) throws {
        try wiring.change { faults in
            for link in chosen(link) { faults.cut.insert(Way(link: link, from: from, to: to)) }
        }
    }

    /// Lets nothing pass on a link, either way: between any nodes, or to and from one.
    public func cut(link: Int, ofNode number: Int? = nil) throws {
        try wiring.change { faults in
            for way in ways(link) where number == nil || number == way.from.node || number == way.to.node {
                faults.cut.insert(way)
            }
        }
    }

    /// Undoes every partition and cut.
    public func heal(link: Int? = nil) throws {
        try wiring.change { faults in
            faults.cut = faults.cut.filter { way in link.map { $0 != way.from.link } ?? false }
        }
    }

    /// Lets no IP packet of more bytes pass to a node, as a tunnel does whose MTU nobody knows of; nil lets all pass.
    public func limit(bytes: Int?, toNode number: Int, link: Int? = nil) throws {
        try sendWholeFrames()
        try wiring.change { faults in
            for link in chosen(link) { faults.largest[Port(node: number, link: link)] = bytes }
        }
    }

    /// The MTU of every node's interface.
    public func setMTU(_ bytes: Int, link: Int? = nil) throws {
        for node in nodes {
            for link in chosen(link) {
                try mustRun(node.machine.entrance + ["ip", "link", "set", "eth\(link)", "mtu", "\(bytes)"])
            }
        }
    }

    /// Loses a share of all frames on the way to each of the nodes (all by default); 0 ends it.
    public func lose(percent: Double, toNodes: [Int]? = nil, link: Int? = nil) throws {
        try sendWholeFrames()
        try wiring.change { faults in
            for node in toNodes ?? nodes.map(\.number) {
                for link in chosen(link) {
                    faults.loss[Port(node: node, link: link)] = Int((percent * 100).rounded())
                }
            }
        }
    }

    /// Has every packet travel as a frame of its own from now on. Between machines of one kernel, packets that a program hands
    /// over together otherwise pass the switch as one, which would be lost as one, and be too large.
    private func sendWholeFrames() throws {
        for node in nodes {
            for link in chosen(nil) {
                try mustRun(node.machine.entrance + ["ip", "link", "set", "dev", "eth\(link)", "gso_max_segs", "1"])
            }
        }
    }

    /// The link that is named, or all.
    private func chosen(_ link: Int?) -> Range<Int> { link.map { $0..<$0 + 1 } ?? 0..<wiring.links }

    /// Every way between two nodes on a link.
    private func ways(_ link: Int) -> [Way] {
        nodes.flatMap { from in
            nodes.filter { $0.number != from.number }.map { Way(link: link, from: from.number, to: $0.number) }
        }
    }

    /// What a partition cuts.
    private func separating(_ sets: [[Int]]) -> Set<Way> {
        let all = chosen(nil).flatMap(ways)
        return Set(all.filter { way in !sets.contains { $0.contains(way.from.node) && $0.contains(way.to.node) } })
    }
}

/// What can be done to the network connection of one node while its engine runs.
extension Laboratory {
    /// Pulls a node's cable at the switch, or plugs it in again. The node's own interface stays up.
    public func plug(_ number: Int, in connected: Bool, link: Int = 0) throws {
        try wiring.inside("ip link set \(Port(node: number, link: link).name) \(connected ? "up" : "down")")
    }

    /// Takes a node's interface away for good, as a driver that is removed does: with its addresses, and the cable with it.
    public func removeInterface(ofNode number: Int, link: Int = 0) throws {
        try mustRun(node(number).machine.entrance + ["ip", "link", "del", Port(node: number, link: link).interface])
    }

    /// Gives a node another interface in place of the one that was removed: of the same name and addresses, with a number
    /// of its own.
    public func renewInterface(ofNode number: Int, link: Int = 0) throws {
        try wiring.plug(node(number), onLink: link)
    }
}

extension Node {
    /// Takes the node's interface down or up, as an administrator does. Its IPv6 address goes with it for good.
    public func setInterface(up: Bool, link: Int = 0) throws {
        try mustSucceed(["ip", "link", "set", "eth\(link)", up ? "up" : "down"])
    }

    /// Takes the node's IPv4 address away, or gives it back.
    public func setAddress(present: Bool, link: Int = 0) throws {
        try mustSucceed([
            "ip", "address", present ? "add" : "del", "\(address(onLink: link))/24", "dev", "eth\(link)",
        ])
    }

    private func mustSucceed(_ words: [String]) throws {
        let result = try run(words: words)
        guard result.succeeded else {
            throw LabError.commandFailed(
                command: result.command, status: "\(result.status)", output: result.output + result.errors)
        }
    }
}
