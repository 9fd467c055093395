import Basics
import TotemWire

/// What every process has sent, and how packets look: any byte of them follows from who sent them and their number.
struct PacketLedger: Sendable {
    struct Packet: Sendable {
        var length: Int
        var fingerprint: UInt64
        /// Nil: everybody.
        var receiver: Int?
    }

    /// Bytes of a ring's header, in which the only destination stands from `targetOffset` on.
    static let targetOffset = 9
    private static let headerSize = 13
    /// Bytes of the shortest.
    static let least = headerSize + 16

    /// By node, life and number, from 1.
    private var packets: [[[Packet]]]

    init(nodes: Int) { packets = Array(repeating: [], count: nodes) }

    mutating func beginLife(_ node: Int) { packets[node].append([]) }

    mutating func add(_ packet: Packet, node: Int) { packets[node][packets[node].count - 1].append(packet) }

    /// The last one was not sent.
    mutating func removeLast(_ node: Int) { packets[node][packets[node].count - 1].removeLast() }

    subscript(packet: PacketOrigin) -> Packet? {
        guard packet.sender < packets.count, packet.life < packets[packet.sender].count, packet.number > 0,
            packet.number <= packets[packet.sender][packet.life].count
        else { return nil }
        return packets[packet.sender][packet.life][Int(packet.number) - 1]
    }

    /// The bytes of a packet, but for the target in its header.
    ///
    /// - Parameter isMonotonous: most of them are the same.
    static func fill(
        _ bytes: inout [UInt8], length: Int, node: Int, life: Int, number: UInt64, isMonotonous: Bool = false
    ) {
        bytes.removeAll(keepingCapacity: true)
        bytes.append(addingCapacity: length) { output in
            for _ in 0..<headerSize { output.append(0) }
        }
        bytes.appendU64(UInt64(node) << 32 | UInt64(life))
        bytes.appendU64(number)
        var word = UInt64(node) << 56 ^ UInt64(life) << 40 ^ number
        while bytes.count + 8 <= length, !isMonotonous {
            word = word &* 0x5851_F42D_4C95_7F2D &+ 0x1405_7B7E_F767_814F
            bytes.appendU64(word ^ word >> 29)
        }
        while bytes.count < length {
            bytes.append(UInt8(truncatingIfNeeded: isMonotonous ? Int(number % 251) + bytes.count / 200 : bytes.count))
        }
    }

    static func setTarget(_ bytes: inout [UInt8], _ target: NodeID) {
        var value = target.rawValue
        if ByteOrder.native == .big { value = value.byteSwapped }
        for index in 0..<4 { bytes[targetOffset + index] = UInt8(truncatingIfNeeded: value >> UInt32(8 * index)) }
    }

    /// Who says in a packet's bytes that it has sent it; nil when it is too short.
    static func origin(_ bytes: Span<UInt8>) -> PacketOrigin? {
        guard bytes.count >= least else { return nil }
        let who = bytes.word(at: headerSize)
        return PacketOrigin(
            kind: .data, sender: Int(clamping: who >> 32), life: Int(who & 0xFFFF_FFFF),
            number: bytes.word(at: headerSize + 8))
    }
}
