import Basics
import TotemWire

/// A request of libvotequorum (spec: ipc.md 10). Device names are their bytes before the NUL; whether a name is
/// possible (1 to 254 bytes) is for the service to say.
public enum VotequorumRequest: Sendable, Equatable {
    /// Node 0 is the local one.
    case info(NodeID)
    case setExpected(UInt32)
    case setVotes(UInt32, of: NodeID)
    /// `context` comes back in every event. Flags: 1 the present state once, 2 that and every change, 4 changes only.
    case track(context: UInt64, flags: UInt32)
    case stopTracking
    case registerDevice(name: [UInt8])
    case unregisterDevice(name: [UInt8])
    case renameDevice(from: [UInt8], to: [UInt8])
    case pollDevice(name: [UInt8], castsVote: Bool, ring: RingID)
    case setMasterWins(name: [UInt8], allowed: Bool)
    /// What the device wants everybody to know; this one and the next since Corosync's main line of 2026.
    case setDeviceInformation([UInt8])
    case deviceInformation(of: NodeID)

    private static let nameCapacity = 255

    /// - Throws: when the request is shorter than its struct, or its id is none of votequorum's.
    public init(decoding bytes: Span<UInt8>) throws(WireError) {
        let fields = try RequestFields(bytes)
        switch fields.id {
        case 0:
            try fields.require(24)
            self = .info(NodeID(try fields.u32(16, "nodeid")))
        case 1:
            try fields.require(24)
            self = .setExpected(try fields.u32(16, "expected_votes"))
        case 2:
            try fields.require(24)
            self = .setVotes(try fields.u32(16, "votes"), of: NodeID(try fields.u32(20, "nodeid")))
        case 3:
            try fields.require(32)
            self = .track(context: try fields.u64(16, "context"), flags: try fields.u32(24, "flags"))
        case 4: self = .stopTracking
        case 5:
            try fields.require(272)
            self = .registerDevice(name: try Self.name(fields, 16))
        case 6:
            try fields.require(272)
            self = .unregisterDevice(name: try Self.name(fields, 16))
        case 7:
            try fields.require(528)
            self = .renameDevice(from: try Self.name(fields, 16), to: try Self.name(fields, 271))
        case 8:
            try fields.require(296)
            let ring = RingID(
                representative: NodeID(try fields.u32(280, "ring_id nodeid")),
                sequence: try fields.u64(288, "ring_id seq"))
            self = .pollDevice(
                name: try Self.name(fields, 16), castsVote: try fields.u32(272, "cast_vote") != 0, ring: ring)
        case 9:
            try fields.require(280)
            self = .setMasterWins(name: try Self.name(fields, 16), allowed: try fields.u32(272, "allow") != 0)
        case 10:
            try fields.require(24)
            let count = try fields.u32(16, "ei_size")
            self = .setDeviceInformation(try fields.array(20, count: UInt64(count), "extra_info"))
        case 11:
            try fields.require(24)
            self = .deviceInformation(of: NodeID(try fields.u32(16, "nodeid")))
        default: throw .invalid(field: "id", value: UInt64(fields.id), allowed: "0 to 11")
        }
    }

    private static func name(_ fields: borrowing RequestFields, _ offset: Int) throws(WireError) -> [UInt8] {
        try fields.text(offset, capacity: nameCapacity, "device name")
    }
}
