/// The name of one ring: no two rings of a cluster have the same.
public struct RingID: Hashable, Codable, Sendable {
    /// The node that formed it.
    public let representative: NodeID
    /// Grows with each ring.
    public let sequence: UInt64

    /// The ring of this name.
    public init(representative: NodeID, sequence: UInt64) {
        self.representative = representative
        self.sequence = sequence
    }
}

extension RingID: CustomStringConvertible {
    /// As Corosync writes it: both parts hexadecimal.
    public var description: String {
        String(representative.rawValue, radix: 16) + "." + String(sequence, radix: 16)
    }
}
