import TotemWire

/// What a client's library says first (spec: ipc.md 3.1).
public struct ConnectRequest: Sendable, Equatable {
    public static let size = 24
    static let id: UInt32 = .max

    /// Bytes of the largest message either way, as the client wants it.
    public var largestMessage: UInt32

    public init(largestMessage: UInt32) { self.largestMessage = largestMessage }

    /// - Returns: nil when it is none.
    public init?(decoding bytes: Span<UInt8>) {
        guard bytes.count == Self.size else { return nil }
        var reader = ByteReader(bytes, order: .native)
        guard let id = try? reader.u32("id"), id == Self.id, (try? reader.skip(12, "size")) != nil,
            let largest = try? reader.u32("largest message")
        else { return nil }
        largestMessage = largest
    }

    public func encode(into writer: inout ByteWriter) {
        writer.slot32(Self.id)
        writer.slot32(UInt32(Self.size))
        writer.slot32(largestMessage)
    }

    /// What it gets: as much as it wants, but no less than the answer to this takes, which the libraries grant themselves
    /// too, and no more than any library uses.
    public var granted: Int { min(max(Int(largestMessage), ConnectAnswer.size), Self.limit) }

    /// Bytes of the largest message that anybody gets: three rings of this size are made for each connection.
    public static let limit = 1_048_576
}
