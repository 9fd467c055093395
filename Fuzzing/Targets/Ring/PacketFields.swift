import TotemWire

/// Where the numbers of a packet are, for changes that keep its form.
enum PacketFields {
    /// A number's offset and its width in bytes.
    typealias Field = (offset: Int, width: Int)

    private static let header: [Field] = [(0, 2), (2, 1), (3, 1), (4, 1), (5, 4), (9, 4)]

    private static let bodies: [[Field]] = [
        [
            (13, 4), (17, 4), (21, 4), (25, 4), (29, 4), (33, 8), (41, 4), (45, 4), (49, 4), (53, 4), (57, 4), (61, 8),
            (69, 4),
        ],
        [(13, 4), (17, 4), (21, 4), (25, 4), (29, 8), (37, 4), (41, 4), (49, 1), (50, 1), (51, 2), (53, 2), (55, 2)],
        [(13, 4), (17, 4), (21, 8)],
        [(13, 4), (17, 4), (21, 4), (25, 8), (33, 4), (37, 4), (41, 4), (45, 4)],
        [
            (13, 4), (17, 4), (21, 8), (29, 4), (33, 4), (37, 4), (41, 4), (45, 4), (49, 4), (53, 8), (61, 4), (65, 4),
            (69, 4),
        ],
        [(13, 4), (17, 8)],
    ]

    /// One of the fields that a packet of its type has; every fourth choice is one of the header's.
    static func field(_ number: Int, of bytes: [UInt8]) -> Field? {
        guard bytes.count >= PacketHeader.size,
            let body = bodies.indices.contains(Int(bytes[3])) ? bodies[Int(bytes[3])] : nil
        else { return nil }
        let fields = number % 4 == 0 ? header : body
        let field = fields[number / 4 % fields.count]
        return field.offset + field.width <= bytes.count ? field : nil
    }

    static func read(_ field: Field, in bytes: [UInt8]) -> UInt64 {
        var value: UInt64 = 0
        for index in stride(from: field.width - 1, through: 0, by: -1) {
            value = value << 8 | UInt64(bytes[field.offset + index])
        }
        return value
    }

    static func write(_ value: UInt64, to field: Field, in bytes: inout [UInt8]) {
        for index in 0..<field.width {
            bytes[field.offset + index] = UInt8(truncatingIfNeeded: value >> (8 * UInt64(index)))
        }
    }
}
