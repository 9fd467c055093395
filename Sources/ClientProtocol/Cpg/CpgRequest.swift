import TotemWire

/// Where a piece of a long message stands (spec: ipc.md 6.1).
public enum CpgFragmentPosition: UInt32, Sendable {
    case first = 1
    case middle = 2
    case last = 3
}

/// Which processes a walk shows.
public enum CpgIterationKind: UInt32, Sendable {
    case names = 1
    case oneGroup = 2
    case all = 3
}

/// A request of libcpg (spec: ipc.md 6.1). Group names are any bytes; a length above 128 is for the service to refuse.
public enum CpgRequest: Sendable, Equatable {
    /// `wantsRing`: the client wants the ring's membership after its first event.
    case join(group: CpgName, process: UInt32, wantsRing: Bool)
    /// The process and group the client claims; its connection's own are what counts.
    case leave(group: CpgName, process: UInt32)
    /// Has no response.
    case multicast(payload: [UInt8])
    case membership(group: CpgName)
    case localNode
    case startIteration(CpgIterationKind, group: CpgName)
    case iterate(handle: UInt64)
    case endIteration(handle: UInt64)
    /// Nothing more is to be delivered on the connection.
    case finalize
    /// A message that was read from the client's shared buffer; unlike other multicasts it is answered.
    case bufferMulticast(payload: [UInt8])
    /// Concerns a shared buffer that nobody keeps (spec: ipc.md 6.5, 12).
    case noBuffer
    case fragment(position: CpgFragmentPosition, messageLength: UInt32, payload: [UInt8])

    /// - Throws: when the request is shorter than its struct with its payload, a fragment is longer than its message,
    ///   or its id is none of cpg's.
    public init(decoding bytes: Span<UInt8>) throws(WireError) {
        let fields = try RequestFields(bytes)
        switch fields.id {
        case 0:
            try fields.require(168)
            self = .join(
                group: try CpgName(fields, at: 16), process: try fields.u32(152, "pid"),
                wantsRing: try fields.u32(160, "flags") & 1 != 0)
        case 1:
            try fields.require(160)
            self = .leave(group: try CpgName(fields, at: 16), process: try fields.u32(152, "pid"))
        case 2:
            let length = try fields.u32(32, "msglen")
            self = .multicast(payload: try fields.array(40, count: UInt64(length), "message"))
        case 3:
            try fields.require(152)
            self = .membership(group: try CpgName(fields, at: 16))
        case 4: self = .localNode
        case 5:
            try fields.require(160)
            let number = try fields.u32(152, "iteration_type")
            guard let kind = CpgIterationKind(rawValue: number) else {
                throw .invalid(field: "iteration_type", value: UInt64(number), allowed: "1 to 3")
            }
            // What is no group's name is garbage.
            self = .startIteration(kind, group: kind == .oneGroup ? try CpgName(fields, at: 16) : CpgName([]))
        case 6: self = .iterate(handle: try fields.u64(16, "iteration_handle"))
        case 7: self = .endIteration(handle: try fields.u64(16, "iteration_handle"))
        case 8: self = .finalize
        case 11 where fields.size >= CpgBufferRequest.attachedPayload:
            let length = try fields.u64(CpgBufferRequest.attachedLength, "message length")
            self = .bufferMulticast(
                payload: try fields.array(CpgBufferRequest.attachedPayload, count: length, "message"))
        case 9, 10, 11: self = .noBuffer
        case 12: self = try Self.fragment(fields)
        default: throw .invalid(field: "id", value: UInt64(fields.id), allowed: "0 to 12")
        }
    }

    /// What a multicast carries, not copied; nil when the request is another one or malformed. It is the request of
    /// which there are many.
    @_lifetime(copy bytes)
    public static func multicastPayload(of bytes: Span<UInt8>) -> Span<UInt8>? {
        guard let fields = try? RequestFields(bytes), fields.id == 2, let length = try? fields.u32(32, "msglen") else {
            return nil
        }
        return try? fields.span(40, count: UInt64(length), "message")
    }

    private static func fragment(_ fields: borrowing RequestFields) throws(WireError) -> CpgRequest {
        let messageLength = try fields.u32(32, "msglen")
        let length = try fields.u32(40, "fraglen")
        guard length <= messageLength else {
            throw .invalid(field: "fraglen", value: UInt64(length), allowed: "at most msglen")
        }
        let number = try fields.u32(48, "type")
        guard let position = CpgFragmentPosition(rawValue: number) else {
            throw .invalid(field: "type", value: UInt64(number), allowed: "1 to 3")
        }
        return .fragment(
            position: position, messageLength: messageLength,
            payload: try fields.array(56, count: UInt64(length), "fragment"))
    }
}

/// A group's name as libcpg lays it out: a length and 128 bytes.
public struct CpgName: Sendable, Equatable {
    public static let capacity = 128

    /// The name's bytes; those of an impossible length are kept as that length says, cut at 128, with
    /// `isTooLong` set.
    public var bytes: [UInt8]
    public var isTooLong: Bool

    public init(_ bytes: [UInt8]) {
        self.bytes = Array(bytes.prefix(Self.capacity))
        isTooLong = bytes.count > Self.capacity
    }

    init(_ fields: borrowing RequestFields, at offset: Int) throws(WireError) {
        let length = try fields.u32(offset, "group name length")
        isTooLong = length > UInt32(Self.capacity)
        bytes = try fields.array(offset + 8, count: UInt64(min(length, UInt32(Self.capacity))), "group name")
    }
}
