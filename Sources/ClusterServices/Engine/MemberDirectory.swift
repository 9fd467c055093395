import TotemWire

/// Who is in the ring, for the keys `runtime.members.*` (spec: services.md 1.5).
struct MemberDirectory: Sendable {
    private var joinCounts: [NodeID: UInt32] = [:]
    private var present: Set<NodeID> = []

    func contains(_ node: NodeID) -> Bool { present.contains(node) }

    mutating func left(_ node: NodeID, address: String, _ out: inout ServiceOutputs) {
        present.remove(node)
        out.map("runtime.members.\(node).status", .string("left"))
        out.log(.debug, .main, "Member left: \(address)")
    }

    mutating func joined(_ node: NodeID, address: String, _ out: inout ServiceOutputs) {
        present.insert(node)
        let prefix = "runtime.members.\(node)."
        if joinCounts[node] == nil { out.map(prefix + "ip", .string(address)) }
        let count = (joinCounts[node] ?? 0) &+ 1
        joinCounts[node] = count
        out.map(prefix + "join_count", .uint32(count))
        out.map(prefix + "status", .string("joined"))
        out.log(.debug, .main, "Member joined: \(address)")
    }
}
