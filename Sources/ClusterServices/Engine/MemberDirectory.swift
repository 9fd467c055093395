import Basics
import TotemWire

/// Who is in the ring, for the keys `runtime.members.*` (spec: services.md 1.5).
struct MemberDirectory: Sendable {
    private var joinCounts: [NodeID: UInt32] = [:]

    func left(_ node: NodeID, address: String, _ out: inout ServiceOutputs) {
        out.map("runtime.members.\(node).status", .text("left"))
        out.log(.debug, .main, "Member left: \(address)")
    }

    mutating func joined(_ node: NodeID, address: String, _ out: inout ServiceOutputs) {
        let prefix = "runtime.members.\(node)."
        if joinCounts[node] == nil { out.map(prefix + "ip", .text(address)) }
        let count = (joinCounts[node] ?? 0) &+ 1
        joinCounts[node] = count
        out.map(prefix + "join_count", .u32(count))
        out.map(prefix + "status", .text("joined"))
        out.log(.debug, .main, "Member joined: \(address)")
    }
}
