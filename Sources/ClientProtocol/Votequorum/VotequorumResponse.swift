import Basics
import ClusterMap
import TotemWire

/// The votes as one node's record shows them.
public struct VoteRecordInfo: Sendable, Equatable {
    public var node: NodeID
    /// 1 member, 2 dead, 3 leaving.
    public var state: UInt32 = 0
    public var votes: UInt32 = 0
    public var expectedVotes: UInt32 = 0
    public var highestExpected: UInt32 = 0
    public var totalVotes: UInt32 = 0
    public var quorum: UInt32 = 0
    /// Bits as of spec ipc.md 10.
    public var flags: UInt32 = 0
    public var deviceVotes: UInt32 = 0
    /// At most 254 bytes.
    public var deviceName: [UInt8] = []

    public init(node: NodeID) { self.node = node }
}

/// A response to libvotequorum (spec: ipc.md 10).
public enum VotequorumResponse: Sendable, Equatable {
    case info(VoteRecordInfo)
    /// The full struct, all zero: the library copies its name without a look at the error (spec: ipc.md 4.4).
    case noInfo(ClientError)
    /// For every request but info, at once or late.
    case status(ClientError?)
    case deviceInformation([UInt8])
    /// The library copies as many bytes as it says, without a look at the error.
    case noDeviceInformation(ClientError)

    private static let infoSize = 320
    private static let nameCapacity = 255

    /// Writes the whole response; the writer's earlier content is forgotten.
    public func encode(into writer: inout ByteWriter) {
        switch self {
        case .status(let error): writer.headerOnly(0, error: error)
        case .noInfo(let error):
            writer.begin(1, size: Self.infoSize, error: error)
            writer.fill(to: Self.infoSize)
        case .info(let info):
            writer.begin(1, size: Self.infoSize)
            writer.nodeID(info.node)
            for field in [
                info.state, info.votes, info.expectedVotes, info.highestExpected, info.totalVotes, info.quorum,
                info.flags, info.deviceVotes,
            ] {
                writer.u32(field)
            }
            writer.bytes(Array(info.deviceName.prefix(Self.nameCapacity - 1)))
            writer.fill(to: Self.infoSize)
        case .deviceInformation(let bytes): Self.encode(bytes, error: nil, into: &writer)
        case .noDeviceInformation(let error): Self.encode([], error: error, into: &writer)
        }
    }

    private static func encode(_ information: [UInt8], error: ClientError?, into writer: inout ByteWriter) {
        let size = 32 + information.count
        writer.begin(6, size: size, error: error)
        writer.u32(UInt32(clamping: information.count))
        writer.bytes(information)
        writer.fill(to: size)
    }
}

/// What libvotequorum's trackers are told (spec: ipc.md 10). Each function writes a whole event; `context` is what the
/// client gave when it began to track.
extension ByteWriter {
    /// A decision. Node 0 is the quorum device.
    public mutating func votequorumDecision(
        isQuorate: Bool, context: UInt64, nodes: [(node: NodeID, state: UInt32)]
    ) {
        begin(3, size: 48 + 8 * nodes.count)
        slot(isQuorate ? 1 : 0)
        u64(context)
        slot(UInt32(nodes.count))
        for (node, state) in nodes {
            nodeID(node)
            u32(state)
        }
    }

    /// A new membership is being synchronised.
    public mutating func votequorumNodeList(context: UInt64, ring: RingID, members: [NodeID]) {
        begin(5, size: 56 + 4 * members.count)
        u64(context)
        ringSlot(ring)
        slot(UInt32(members.count))
        nodes(members)
    }

    /// What a node's quorum device wants known; empty for nothing any more.
    public mutating func votequorumDeviceInformation(_ information: [UInt8], of node: NodeID, context: UInt64) {
        begin(7, size: 48 + information.count)
        u64(context)
        slot(node.rawValue)
        slot(UInt32(clamping: information.count))
        bytes(information)
    }

    public mutating func votequorumExpectedVotes(_ expected: UInt32, context: UInt64) {
        begin(4, size: 40)
        u64(context)
        slot(expected)
    }
}
