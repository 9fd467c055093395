import TotemWire

/// A request about a buffer that a program shares with the daemon instead of sending its message through the ring
/// ("zero copy"; spec: ipc.md 6.1, 6.5).
///
/// The buffer is a file of the program's. Its first fields are the size and the address by which the daemon knows it;
/// behind them stand a multicast request's header and the message.
public enum CpgBufferRequest: Sendable, Equatable {
    /// `path` is what the client says: whoever opens it has to look closely.
    case allocate(path: [UInt8], size: UInt64)
    case free(address: UInt64)
    case multicast(address: UInt64)

    /// Where in the file the daemon writes the address.
    public static let addressOffset = 8
    /// Where in the file the multicast request stands.
    public static let requestOffset = 16
    /// Where in the file the message stands; a smaller file is no buffer.
    public static let payloadOffset = 56
    /// Bytes of the longest message.
    public static let longestPayload = 1_047_552

    /// Bytes of a multicast request as the client sends it.
    public static let multicastSize = 24

    /// Layout of a multicast request to which the message was attached: this is what the service sees.
    static let attachedLength = 24
    static let attachedPayload = 32
    private static let pathCapacity = 128

    /// - Returns: nil when the request is none of these.
    /// - Throws: when it is shorter than its struct.
    public init?(decoding bytes: Span<UInt8>) throws(WireError) {
        let fields = try RequestFields(bytes)
        switch fields.id {
        case 9:
            try fields.require(24 + Self.pathCapacity)
            self = .allocate(
                path: try fields.text(24, capacity: Self.pathCapacity, "path"), size: try fields.u64(16, "map_size"))
        case 10: self = .free(address: try fields.u64(24, "server_address"))
        case 11: self = .multicast(address: try fields.u64(16, "server_address"))
        default: return nil
        }
    }

    /// Length of the message, from the multicast request in the buffer.
    ///
    /// - Parameter header: the buffer's bytes between `requestOffset` and `payloadOffset`.
    public static func payloadLength(header: Span<UInt8>) throws(WireError) -> Int {
        var reader = ByteReader(header, order: .native, at: 32)
        let length = try reader.u32("msglen")
        guard length <= UInt32(longestPayload) else {
            throw .invalid(field: "msglen", value: UInt64(length), allowed: "at most 1047552")
        }
        return Int(length)
    }

    /// Writes the request that carries the message itself; the writer's earlier content is forgotten.
    public static func attach(_ payload: [UInt8], into request: inout ByteWriter) {
        request.removeAll()
        request.u32(11)
        request.u32(0)
        request.u32(UInt32(clamping: attachedPayload + payload.count))
        request.zeros(attachedLength - 12)
        request.u64(UInt64(payload.count))
        request.bytes(payload)
    }
}
