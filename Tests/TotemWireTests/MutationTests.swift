import Testing
import TotemWire

/// Damaged packets by the tens of thousands: whatever they decode to, nothing traps, and what was accepted can be
/// written and read again.
struct MutationTests {
    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func noMutationTraps(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let originals = Vectors.names.map(Vectors.bytes)
        var accepted = 0
        for _ in 0..<6_000 {
            let original = originals[Int.random(in: 0..<originals.count, using: &random)]
            let bytes = Self.mutate(original, &random)
            accepted += Self.decodeAll(bytes) ? 1 : 0
            _ = try? LegacyPacket(decoding: bytes.span)
        }
        // The loop is worth its time only when it reaches past the header checks.
        #expect(accepted > 500)
    }

    /// Decodes `bytes` and all there is inside; true when they were taken for a packet.
    static func decodeAll(_ bytes: [UInt8]) -> Bool {
        guard let packet = try? Packet(decoding: bytes.span) else { return false }
        for order in [ByteOrder.little, .big] {
            let encoded = packet.encoded(order)
            #expect((try? Packet(decoding: encoded.span)) == packet.with(order: order))
        }
        guard case .mcast(let mcast) = packet else { return true }
        let payload = Array(bytes[McastHeader.size...])
        _ = decodeAll(payload)
        walk(payload, mcast.header.order)
        return true
    }

    static func walk(_ payload: [UInt8], _ order: ByteOrder) {
        guard let frame = try? Frame(decoding: payload.span, order: order) else { return }
        var cursor = Frame.Cursor()
        var end = Frame.fixedSize + 2 * frame.partCount
        while let range = frame.nextPart(&cursor) {
            #expect(range.lowerBound == end)
            end = range.upperBound
            let part = Array(payload[range])
            guard let group = try? GroupAddress(decoding: part.span, order: order) else { continue }
            #expect(group.dataOffset <= part.count)
        }
        #expect(end == payload.count)
    }

    /// One to four of: a flipped bit, an odd byte, an extreme count, a cut, an insertion, a doubled stretch.
    static func mutate(_ original: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
        var bytes = original
        let extremes: [UInt32] = [0, 1, 30, 31, 384, 385, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 0xFFFF_FFFE, 0x1_0000]
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            guard bytes.count > 4 else { return bytes }
            let place = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<6, using: &random) {
            case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 1: bytes[place] = .random(in: 0...255, using: &random)
            case 2:
                let extreme = extremes[Int.random(in: 0..<extremes.count, using: &random)]
                bytes = Malformed.patch(bytes, at: min(place, bytes.count - 4), extreme)
            case 3: bytes.removeLast(bytes.count - place)
            case 4: bytes.insert(.random(in: 0...255, using: &random), at: place)
            default: bytes += bytes[place...].prefix(64)
            }
        }
        return bytes
    }
}
