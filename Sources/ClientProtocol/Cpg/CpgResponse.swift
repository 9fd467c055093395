import Basics
import ClusterMap
import TotemWire

/// A process of a group as clients see it. Reasons: 0 none, 1 join, 2 leave, 3 node down, 4 node up, 5 process down.
public struct CpgAddress: Sendable, Equatable {
    public var node: NodeID
    public var process: UInt32
    public var reason: UInt32

    public init(node: NodeID, process: UInt32, reason: UInt32 = 0) {
        self.node = node
        self.process = process
        self.reason = reason
    }
}

/// A response to libcpg (spec: ipc.md 6.1). A multicast has none.
public enum CpgResponse: Sendable, Equatable {
    case join(ClientError?)
    case leave(ClientError?)
    /// At most 384 are shown.
    case membership([CpgAddress])
    case noMembership(ClientError)
    case localNode(NodeID)
    case iterationStarted(handle: UInt64)
    case iterationRefused(ClientError)
    /// In a walk over names, node and process are zero.
    case iterated(group: [UInt8], node: NodeID, process: UInt32)
    case iterationEnded(ClientError)
    case endIteration(ClientError?)
    case finalize
    case fragment(ClientError?)
    /// To the allocation or the end of a shared buffer; libcpg does not look at the error.
    case buffer(ClientError?)
    case bufferMulticast(ClientError?)
    /// What later versions, which share no buffers, answer.
    case noBuffer

    private static let membershipLimit = 384
    private static let membershipSize = 9248

    /// Writes the whole response; the writer's earlier content is forgotten.
    public func encode(into writer: inout ByteWriter) {
        switch self {
        case .join(let error): writer.headerOnly(0, error: error)
        case .leave(let error): writer.headerOnly(1, error: error)
        case .membership(let members):
            let shown = members.prefix(Self.membershipLimit)
            writer.begin(3, size: Self.membershipSize)
            writer.slot(UInt32(shown.count))
            for member in shown { writer.cpgAddress(member) }
            writer.fill(to: Self.membershipSize)
        case .noMembership(let error):
            writer.begin(3, size: Self.membershipSize, error: error)
            writer.fill(to: Self.membershipSize)
        case .localNode(let node):
            writer.begin(7, size: 32)
            writer.slot(node.rawValue)
        case .iterationStarted(let handle):
            writer.begin(9, size: 32)
            writer.u64(handle)
        case .iterationRefused(let error):
            writer.begin(9, size: 32, error: error)
            writer.fill(to: 32)
        case .iterated(let group, let node, let process):
            writer.begin(10, size: 168)
            writer.cpgName(group)
            writer.nodeID(node)
            writer.u32(process)
        case .iterationEnded(let error):
            writer.begin(10, size: 168, error: error)
            writer.fill(to: 168)
        case .endIteration(let error): writer.headerOnly(11, error: error)
        case .finalize: writer.headerOnly(12, error: nil)
        case .fragment(let error): writer.headerOnly(18, error: error)
        case .buffer(let error): writer.headerOnly(0, error: error)
        case .bufferMulticast(let error): writer.headerOnly(2, error: error)
        case .noBuffer: writer.headerOnly(14, error: .notSupported)
        }
    }
}
