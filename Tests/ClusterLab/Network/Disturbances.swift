/// What can be done to the network while engines run.
extension Laboratory {
    /// Splits the network: nodes hear each other only within one set. Nodes in no set hear nobody.
    public func partition(_ sets: [[Int]]) throws {
        let ports = nodes.map(\.number)
        try wiring.change { faults in
            faults.cut = []
            for from in ports {
                for to in ports where from != to && !sets.contains(where: { $0.contains(from) && $0.contains(to) }) {
                    faults.cut.insert([from, to])
                }
            }
        }
    }

    /// Lets nothing pass from one node to another; the way back stays open.
    public func cut(from: Int, to: Int) throws {
        try wiring.change { $0.cut.insert([from, to]) }
    }

    /// Undoes every partition and cut.
    public func heal() throws {
        try wiring.change { $0.cut = [] }
    }

    /// Lets no IP packet of more bytes pass to a node, as a tunnel does whose MTU nobody knows of; nil lets all pass.
    public func limit(bytes: Int?, toNode number: Int) throws {
        try wiring.change { $0.largest[number] = bytes }
    }

    /// The MTU of every node's interface.
    public func setMTU(_ bytes: Int) throws {
        for node in nodes {
            try mustRun(node.machine.entrance + ["ip", "link", "set", "eth0", "mtu", "\(bytes)"])
        }
    }

    /// Loses a share of all frames on the way to each of the nodes (all by default); 0 ends it.
    public func lose(percent: Double, toNodes: [Int]? = nil) throws {
        try wiring.change { faults in
            for port in toNodes ?? nodes.map(\.number) { faults.loss[port] = Int((percent * 100).rounded()) }
        }
    }
}

/// What can be done to the network connection of one node while its engine runs.
extension Laboratory {
    /// Pulls a node's cable at the switch, or plugs it in again. The node's own interface stays up.
    public func plug(_ number: Int, in connected: Bool) throws {
        try wiring.inside("ip link set p\(number) \(connected ? "up" : "down")")
    }
}

extension Node {
    /// Takes the node's interface down or up, as an administrator does. Its IPv6 address goes with it for good.
    public func setInterface(up: Bool) throws {
        try mustSucceed(["ip", "link", "set", "eth0", up ? "up" : "down"])
    }

    /// Takes the node's IPv4 address away, or gives it back.
    public func setAddress(present: Bool) throws {
        try mustSucceed(["ip", "address", present ? "add" : "del", "\(address)/24", "dev", "eth0"])
    }

    private func mustSucceed(_ words: [String]) throws {
        let result = try run(words: words)
        guard result.succeeded else {
            throw LabError.commandFailed(
                command: result.command, status: "\(result.status)", output: result.output + result.errors)
        }
    }
}
