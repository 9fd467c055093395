/// Bytes written as in the dumps of spec ipc.md 14: an offset and a colon may precede a line, everything after the
/// bytes is a remark, and a line `*` stands for zero lines up to the next offset.
func hex(_ dump: String) -> [UInt8] {
    var bytes: [UInt8] = []
    for line in dump.split(separator: "\n") {
        var rest = line[...]
        if let colon = line.firstIndex(of: ":"), let offset = Int(line[..<colon], radix: 16) {
            while bytes.count < offset { bytes.append(0) }
            rest = line[line.index(after: colon)...]
        }
        for word in rest.split(separator: " ") {
            guard let byte = UInt8(word, radix: 16), word.count == 2 else { break }
            bytes.append(byte)
        }
    }
    return bytes
}

/// A request under construction: fields at their offsets, as a client library would fill its struct.
struct RequestBytes {
    var bytes: [UInt8]

    init(id: UInt32, size: Int) {
        bytes = [UInt8](repeating: 0, count: max(16, size))
        set(0, id)
        set(8, UInt32(truncatingIfNeeded: size))
    }

    mutating func set<Number: FixedWidthInteger>(_ offset: Int, _ number: Number) {
        for index in 0..<(Number.bitWidth / 8) {
            bytes[offset + index] = UInt8(truncatingIfNeeded: number >> (8 * index))
        }
    }

    mutating func set(_ offset: Int, text: String) {
        for (index, byte) in text.utf8.enumerated() { bytes[offset + index] = byte }
    }

    mutating func setName(_ name: String) {
        set(16, UInt16(name.utf8.count))
        set(24, text: name)
    }
}

/// Reads fields of a response.
struct ResponseFields {
    let bytes: [UInt8]

    func u32(_ offset: Int) -> UInt32 {
        guard offset + 4 <= bytes.count else { return .max }
        return (0..<4).reduce(0) { $0 | UInt32(bytes[offset + $1]) << (8 * UInt32($1)) }
    }

    func u64(_ offset: Int) -> UInt64 { UInt64(u32(offset)) | UInt64(u32(offset + 4)) << 32 }

    func text(_ offset: Int) -> String {
        String(decoding: bytes.dropFirst(offset).prefix { $0 != 0 }, as: UTF8.self)
    }

    var id: UInt32 { u32(0) }
    var size: Int { Int(u32(8)) }
    var error: UInt32 { u32(16) }
}

/// A number generator with a seed, so that a failing run can be repeated.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    init(seed: UInt64) { state = seed &+ 0x9e37_79b9_7f4a_7c15 }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
