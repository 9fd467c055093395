import Basics
import TotemWire

/// What libcfg's requests are answered (spec: ipc.md 7.1).
extension Answer {
    /// To `CfgRequest.localNode`.
    public func cfgLocalNode() throws(WireError) -> NodeID { NodeID(try u32(24, "nodeid")) }

    /// To `CfgRequest.nodeAddresses`: 4 or 16 bytes each.
    public func cfgAddresses() throws(WireError) -> [[UInt8]] {
        let number = try u32(24, "family")
        guard let family = NodeAddress.Family(rawValue: number) else {
            throw .invalid(field: "family", value: UInt64(number), allowed: "2 or 10")
        }
        return try list(32, count: try u32(28, "address count"), stride: 16) { offset throws(WireError) in
            try array(offset, count: family == .inet ? 4 : 16, "address")
        }
    }

    /// To `CfgRequest.nodeStatus`; of a version that is not understood, nil.
    public func cfgNodeStatus() throws(WireError) -> NodeStatusRecord? {
        guard try u32(24, "version") == 1 else { return nil }
        return try NodeStatusRecord(self)
    }

    /// An event that asks whether this node may shut down; nil for one of another kind.
    public func cfgShutdownRequest() throws(WireError) -> ShutdownKind? {
        id == 10 ? ShutdownKind(rawValue: try u32(24, "flags")) : nil
    }
}
