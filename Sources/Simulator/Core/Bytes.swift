import TotemWire

extension [UInt8] {
    mutating func append(copying bytes: Span<UInt8>) {
        append(addingCapacity: bytes.count) { output in
            for index in bytes.indices { output.append(bytes[index]) }
        }
    }

    mutating func appendU64(_ value: UInt64) {
        for shift in stride(from: UInt64(0), to: 64, by: 8) { append(UInt8(truncatingIfNeeded: value >> shift)) }
    }
}

extension Span<UInt8> {
    /// The little-endian number at `offset`; bytes beyond the end count as zero.
    func word(at offset: Int) -> UInt64 {
        guard offset + 8 <= count else {
            var value: UInt64 = 0
            var index = count - 1
            while index >= offset {
                value = value << 8 | UInt64(self[index])
                index -= 1
            }
            return value
        }
        return UInt64(self[offset]) | UInt64(self[offset + 1]) << 8 | UInt64(self[offset + 2]) << 16
            | UInt64(self[offset + 3]) << 24 | UInt64(self[offset + 4]) << 32 | UInt64(self[offset + 5]) << 40
            | UInt64(self[offset + 6]) << 48 | UInt64(self[offset + 7]) << 56
    }

    /// A number that tells contents apart; not for adversaries.
    var fingerprint: UInt64 {
        var digest = Digest()
        digest.mix(UInt64(count))
        var offset = 0
        while offset < count {
            digest.mix(word(at: offset))
            offset += 8
        }
        return digest.value
    }
}

/// A running fingerprint of numbers in order.
struct Digest: Sendable, Equatable {
    private(set) var value: UInt64 = 0x2545_F491_4F6C_DD1D

    mutating func mix(_ number: UInt64) {
        let product = (value ^ number).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
        value = product.high ^ product.low ^ number
    }
}
