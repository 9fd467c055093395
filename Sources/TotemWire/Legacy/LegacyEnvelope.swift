import Basics

/// A generation of the wire format before 3.x (spec: totem.md 21.1).
public enum LegacyGeneration: String, Sendable, Hashable, CaseIterable {
    /// 1.x, and OpenAIS before it: no envelope, addresses of 44 bytes.
    case corosync1 = "Corosync 1.x"
    /// 2.0 and 2.1: cipher, hash and two zero bytes in front.
    case corosync20 = "Corosync 2.0/2.1"
    /// 2.2: ff ff 00 00 in front.
    case corosync22 = "Corosync 2.2"
    /// 2.3 and 2.4: fe fe 00 00 in front.
    case corosync23 = "Corosync 2.3/2.4"

    /// Bytes in front of the header.
    public var envelopeSize: Int { self == .corosync1 ? 0 : 4 }

    /// Bytes of a node's address in a packet: two IP addresses, from 2.0 on after their count.
    public var nodeAddressSize: Int { self == .corosync1 ? 44 : 45 }
}

/// The start of a packet of Corosync 1.x or 2.x: envelope and header (spec: totem.md 21.2).
public struct LegacyHeader: Sendable, Hashable {
    public var generation: LegacyGeneration
    public var order: ByteOrder
    public var type: PacketType
    /// See `Encapsulation`.
    public var encapsulated: UInt8
    /// Who sent this hop or originated it; `.none` in a leave. In 1.x by default the four bytes of the IP address, read
    /// in the sender's byte order.
    public var nodeID: NodeID

    /// Bytes of the header, the envelope not counted.
    public static let size = 8
    /// The number that tells the sender's byte order.
    public static let endianDetector: UInt16 = 0xFF22

    /// Where the header begins in the datagram, which the offsets of totem.md 21.2 count from.
    public var start: Int { generation.envelopeSize }

    /// Recognises the old formats by their first bytes.
    public init(decoding datagram: Span<UInt8>) throws(LegacyError) {
        guard datagram.count >= 4 else { throw .unrecognised }
        let (first, second) = (datagram[0], datagram[1])
        if first == 0xFE, second == 0xFE {
            generation = .corosync23
        } else if first == 0xFF, second == 0xFF {
            generation = .corosync22
        } else if first <= 5, LegacyHeader.detectedOrder(datagram, at: 2) != nil {
            generation = .corosync1
        } else if first <= 4, second <= 5, datagram[2] == 0, datagram[3] == 0,
            LegacyHeader.detectedOrder(datagram, at: 6) != nil
        {
            generation = .corosync20
        } else {
            throw .unrecognised
        }
        let start = generation.envelopeSize
        guard datagram.count >= start + LegacyHeader.size else {
            throw .tooShort(generation, needed: start + LegacyHeader.size, available: datagram.count)
        }
        guard let order = LegacyHeader.detectedOrder(datagram, at: start + 2) else { throw .encrypted(generation) }
        guard let type = PacketType(rawValue: datagram[start]) else { throw .wrongType(generation, datagram[start]) }
        self.order = order
        self.type = type
        encapsulated = datagram[start + 1]
        nodeID = NodeID(datagram.loadU32(at: start + 4, order))
    }

    private static func detectedOrder(_ datagram: Span<UInt8>, at offset: Int) -> ByteOrder? {
        guard datagram.count >= offset + 2 else { return nil }
        return switch (datagram[offset], datagram[offset + 1]) {
        case (0x22, 0xFF): .little
        case (0xFF, 0x22): .big
        default: nil
        }
    }
}

/// Why a datagram could not be decoded as one of Corosync 1.x or 2.x.
public enum LegacyError: Error, Equatable, CustomStringConvertible {
    /// None of the old formats starts like this, unless it is encrypted.
    case unrecognised
    /// The envelope is known but no header follows in clear: encrypted, not decodable without the key.
    case encrypted(LegacyGeneration)
    case tooShort(LegacyGeneration, needed: Int, available: Int)
    case wrongType(LegacyGeneration, UInt8)
    case body(LegacyGeneration, PacketType, WireError)

    public var description: String {
        switch self {
        case .unrecognised: "not a packet of Corosync 1.x or 2.x, unless it is encrypted"
        case .encrypted(let generation): "\(generation.rawValue), encrypted: not decodable without the key"
        case .tooShort(let generation, let needed, let available):
            "\(generation.rawValue): the header needs \(needed) bytes, the packet has \(available)"
        case .wrongType(let generation, let type): "\(generation.rawValue): type \(type), allowed is 0...5"
        case .body(let generation, let type, let error): "\(generation.rawValue) \(type.logName): \(error)"
        }
    }
}
