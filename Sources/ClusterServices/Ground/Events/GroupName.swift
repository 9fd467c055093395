import TotemWire

/// The name of a process group: 0 to 128 arbitrary bytes (spec: services.md 5.1).
///
/// Names are equal when length and bytes are equal (`alpha` and `alpha` with a NUL are two groups) and sort by bytes,
/// a prefix before what it begins.
public struct GroupName: Sendable, Hashable, Comparable {
    /// Longest name in bytes.
    public static let limit = 128
    /// Bytes on the wire.
    static let encodedLength = 136

    public let bytes: [UInt8]

    /// - Returns: `nil` when the name is longer than 128 bytes.
    public init?(_ bytes: [UInt8]) {
        guard bytes.count <= Self.limit else { return nil }
        self.bytes = bytes
    }

    public static func < (a: GroupName, b: GroupName) -> Bool { a.bytes.lexicographicallyPrecedes(b.bytes) }

    /// A copy of a name that is known to be short enough.
    init(checked name: Span<UInt8>) { bytes = copy(name, from: 0, count: min(name.count, Self.limit)) }

    @_lifetime(reader: copy reader)
    init(reading reader: inout ByteReader) throws(WireError) {
        self.init(checked: try Self.span(reading: &reader))
    }

    /// The next name, not copied; at most 128 bytes.
    @_lifetime(reader: copy reader)
    @_lifetime(copy reader)
    static func span(reading reader: inout ByteReader) throws(WireError) -> Span<UInt8> {
        let length = try reader.slot32("group name length")
        guard length <= UInt32(Self.limit) else {
            throw WireError.invalid(field: "group name length", value: UInt64(length), allowed: "at most 128")
        }
        let name = try reader.span(Int(length), "group name")
        try reader.skip(Self.limit - Int(length), "group name")
        return name
    }

    func matches(_ other: Span<UInt8>) -> Bool {
        guard bytes.count == other.count else { return false }
        let own = bytes.span
        for index in own.indices where own[index] != other[index] { return false }
        return true
    }

    func encode(into writer: inout ByteWriter) {
        writer.slot32(UInt32(clamping: bytes.count))
        writer.padded(bytes, width: Self.limit)
    }

    /// For log lines.
    var text: String { printable(bytes) }
}
