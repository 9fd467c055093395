import Basics
import TotemWire

/// A change of membership as extended virtual synchrony reports it (spec: totem.md 23).
///
/// Each change comes twice with the same (new) ring id: first `.transitional`, naming the members that came along from
/// the old ring, then, after the last old-ring messages, `.regular`. All lists ascend by node id.
public struct ConfigurationChange: Sendable, Equatable {
    public enum Kind: Sendable { case transitional, regular }

    public var kind: Kind
    public var ringID: RingID
    public var members: [NodeID]
    /// Members of the old ring that did not come along (`.transitional` only).
    public var left: [NodeID]
    /// Members of the new ring that did not come from mine (`.regular` only).
    public var joined: [NodeID]

    public init(kind: Kind, ringID: RingID, members: [NodeID], left: [NodeID] = [], joined: [NodeID] = []) {
        self.kind = kind
        self.ringID = ringID
        self.members = members
        self.left = left
        self.joined = joined
    }
}
