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

    /// Loses a share of all frames on the way to each of the nodes (all by default); 0 ends it.
    public func lose(percent: Double, toNodes: [Int]? = nil) throws {
        try wiring.change { faults in
            for port in toNodes ?? nodes.map(\.number) { faults.loss[port] = Int((percent * 100).rounded()) }
        }
    }
}
