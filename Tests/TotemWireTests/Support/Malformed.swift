import TotemWire

/// Packets that no correct node sends, made of correct ones.
enum Malformed {
    /// `bytes` with the little-endian number `value` at `offset`.
    static func patch(_ bytes: [UInt8], at offset: Int, _ value: UInt32) -> [UInt8] {
        var patched = bytes
        for index in 0..<4 { patched[offset + index] = UInt8(truncatingIfNeeded: value >> (8 * UInt32(index))) }
        return patched
    }

    /// Why `bytes` are refused; nil when they are not.
    static func error(_ bytes: [UInt8]) -> PacketError? {
        do throws(PacketError) {
            _ = try Packet(decoding: bytes.span)
            return nil
        } catch {
            return error
        }
    }

    /// What Corosync's log says about `bytes`; nil when they are a packet.
    static func logText(_ bytes: [UInt8]) -> String? {
        switch error(bytes) {
        case nil: nil
        case .header(let error): error.logText(from: "10.0.0.9")
        case .body(let type, let error): error.logText(for: type)
        }
    }
}

/// A small deterministic generator (SplitMix64), so that a failing mutation can be made again from its seed.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
