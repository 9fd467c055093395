import ClusterMap
import TotemWire

/// A request of libquorum (spec: ipc.md 9).
public enum QuorumRequest: Sendable, Equatable {
    case isQuorate
    /// Flags: 1 the present state once, 2 that and every change, 4 changes only.
    case track(flags: UInt32)
    case stopTracking
    case providerType
    /// Chooses how the connection is spoken to, 0 or 1; any other is to be refused.
    case selectModel(UInt32)

    /// - Throws: when the request is shorter than its struct, or its id is none of quorum's.
    public init(decoding bytes: Span<UInt8>) throws(WireError) {
        let fields = try RequestFields(bytes)
        switch fields.id {
        case 0: self = .isQuorate
        case 1:
            try fields.require(24)
            self = .track(flags: try fields.u32(16, "flags"))
        case 2: self = .stopTracking
        case 3: self = .providerType
        case 4:
            try fields.require(24)
            self = .selectModel(try fields.u32(16, "model"))
        default: throw .invalid(field: "id", value: UInt64(fields.id), allowed: "0 to 4")
        }
    }
}

/// A response to libquorum (spec: ipc.md 9).
public enum QuorumResponse: Sendable, Equatable {
    case isQuorate(Bool)
    case track(ClientError?)
    case stopTracking
    /// 0 without provider, 1 with one.
    case providerType(UInt32)
    /// The type is filled in for an error too.
    case selectModel(UInt32, ClientError?)

    /// Writes the whole response; the writer's earlier content is forgotten.
    public func encode(into writer: inout ByteWriter) {
        switch self {
        case .isQuorate(let quorate):
            writer.begin(0, size: 32)
            writer.slot(quorate ? 1 : 0)
        case .track(let error): writer.headerOnly(1, error: error)
        case .stopTracking: writer.headerOnly(2, error: nil)
        case .providerType(let type):
            writer.begin(4, size: 32)
            writer.slot(type)
        case .selectModel(let type, let error):
            writer.begin(5, size: 32, error: error)
            writer.slot(type)
        }
    }
}
