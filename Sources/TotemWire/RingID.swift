import Basics

/// The identity of one ring: the node that created it and a sequence that only grows.
///
/// Two rings are the same ring when both parts are equal (spec: totem.md 2). A new ring takes the highest sequence
/// that any of its members has heard of, plus 4.
public struct RingID: Hashable, Sendable, CustomStringConvertible {
    /// The node that created the ring's commit token: the lowest node id of its members.
    public var representative: NodeID
    public var sequence: UInt64

    @inlinable
    public init(representative: NodeID, sequence: UInt64) {
        self.representative = representative
        self.sequence = sequence
    }

    /// "No ring yet": what a node that has never been operational reports as its old ring.
    @inlinable
    public static var none: RingID { RingID(representative: .none, sequence: 0) }

    /// `rep.seq`, both in lower-case hexadecimal, as Corosync's logs and corosync-quorumtool print it.
    public var description: String {
        String(representative.rawValue, radix: 16) + "." + String(sequence, radix: 16)
    }
}
