import Basics

/// An IP address as it stood on the wire of Corosync 1.x and 2.x, 22 bytes (spec: totem.md 2, totem_ip_address).
public struct LegacyAddress: Sendable, Hashable {
    public enum Family: Sendable, Hashable {
        case unused
        case ipv4
        case ipv6
        case other(UInt16)
    }

    public var nodeID: NodeID
    public var family: Family
    /// The 16 bytes of the address field in network order; of an IPv4 address the first 4 mean something.
    public var bytes: [UInt8]

    public static let size = 22

    /// The number of an address family on Linux.
    private static let families: [UInt16: Family] = [0: .unused, 2: .ipv4, 10: .ipv6]

    /// Reads the 22 bytes at `offset`, which the caller has checked to be there.
    init(_ datagram: Span<UInt8>, at offset: Int, _ order: ByteOrder) {
        nodeID = NodeID(datagram.loadU32(at: offset, order))
        let number = datagram.loadU16(at: offset + 4, order)
        family = LegacyAddress.families[number] ?? .other(number)
        bytes = (0..<16).map { datagram[offset + 6 + $0] }
    }

    public var isUnused: Bool { family == .unused && nodeID == .none && bytes.allSatisfy { $0 == 0 } }

    /// What lies behind the four bytes of an IPv4 address: nothing (all zero), or leftovers of the sender's memory.
    public var leftovers: [UInt8] {
        guard family == .ipv4, bytes[4...].contains(where: { $0 != 0 }) else { return [] }
        return Array(bytes[4...])
    }

    /// Whether the node id is the one 1.x makes from the address: its bytes read in the sender's order.
    public func isNodeIDOfAddress(_ order: ByteOrder) -> Bool {
        family == .ipv4 && nodeID.rawValue == bytes.span.loadU32(at: 0, order)
    }
}

extension LegacyAddress: CustomStringConvertible {
    /// The address in its usual notation.
    public var description: String {
        switch family {
        case .unused: "none"
        case .ipv4: bytes[..<4].map(String.init).joined(separator: ".")
        case .ipv6:
            stride(from: 0, to: 16, by: 2).map {
                String(UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]), radix: 16)
            }.joined(separator: ":")
        case .other(let number): "address family \(number)"
        }
    }
}

/// All addresses of a node: what identifies it on the wire of 1.x and 2.x (`srp_addr`).
public struct LegacyNode: Sendable, Hashable {
    /// How many of `addresses` are in use; not on the wire of 1.x.
    public var addressCount: UInt8?
    /// Two, the second for a redundant ring.
    public var addresses: [LegacyAddress]

    /// Reads the 44 or 45 bytes at `offset`, which the caller has checked to be there.
    init(_ datagram: Span<UInt8>, at offset: Int, _ header: LegacyHeader) {
        let first = offset + header.generation.nodeAddressSize - 2 * LegacyAddress.size
        addressCount = first > offset ? datagram[offset] : nil
        addresses = [
            LegacyAddress(datagram, at: first, header.order),
            LegacyAddress(datagram, at: first + LegacyAddress.size, header.order),
        ]
    }

    /// The address of ring 0.
    public var primary: LegacyAddress { addresses[0] }
}

/// A ring's identity in 1.x and 2.x, 30 bytes. The representative is the lowest IP address of ring 0.
public struct LegacyRingID: Sendable, Hashable {
    public var representative: LegacyAddress
    public var sequence: UInt64

    public static let size = LegacyAddress.size + 8

    init(_ datagram: Span<UInt8>, at offset: Int, _ order: ByteOrder) {
        representative = LegacyAddress(datagram, at: offset, order)
        sequence = datagram.loadU64(at: offset + LegacyAddress.size, order)
    }
}
