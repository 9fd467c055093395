/// The names of the groups a whole message is for, which stand before its data (spec: totem.md 13.1).
///
/// Corosync uses two groups, always one a message: `a` for every service, `sync` for the synchronisation protocol.
public struct GroupAddress: Sendable, Hashable {
    /// Whether one of the names is `a`.
    public let includesServices: Bool
    /// Whether one of the names is `sync`.
    public let includesSynchronization: Bool
    public let groupCount: Int
    /// Where the names begin in the message; their lengths stand before.
    public let namesOffset: Int
    /// Where the data begins in the message.
    public let dataOffset: Int

    /// The name `a`.
    public static let servicesGroup: [UInt8] = [UInt8(ascii: "a")]
    /// The name `sync`.
    public static let synchronizationGroup: [UInt8] = [
        UInt8(ascii: "s"), UInt8(ascii: "y"), UInt8(ascii: "n"), UInt8(ascii: "c"),
    ]

    /// Reads the head of a whole message, refusing names beyond its end (spec: totem.md 22.6).
    public init(decoding message: Span<UInt8>, order: ByteOrder) throws(WireError) {
        try message.require(2, "group_count")
        let count = Int(message.loadU16(at: 0, order))
        try message.require(2 + 2 * count, "group_len")
        var offset = 2 + 2 * count
        namesOffset = offset
        var services = false
        var synchronization = false
        for index in 0..<count {
            let length = Int(message.loadU16(at: 2 + 2 * index, order))
            try message.require(offset + length, "group name")
            services = services || message.matches(GroupAddress.servicesGroup, at: offset, length: length)
            synchronization =
                synchronization || message.matches(GroupAddress.synchronizationGroup, at: offset, length: length)
            offset += length
        }
        includesServices = services
        includesSynchronization = synchronization
        groupCount = count
        dataOffset = offset
    }

    /// Appends the head of a message for the one group `name`.
    public static func encode(_ name: [UInt8], into writer: inout ByteWriter) {
        writer.u16(1)
        writer.u16(UInt16(clamping: name.count))
        writer.bytes(Array(name.prefix(Int(UInt16.max))))
    }
}

extension Span<UInt8> {
    /// Whether the `length` bytes at `offset`, which the caller has checked to be there, are `name`.
    fileprivate func matches(_ name: [UInt8], at offset: Int, length: Int) -> Bool {
        guard length == name.count else { return false }
        for index in 0..<length where self[offset + index] != name[index] { return false }
        return true
    }
}
