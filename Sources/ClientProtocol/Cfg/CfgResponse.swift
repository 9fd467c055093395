import Basics
import ClusterMap
import TotemWire

/// A response to libcfg (spec: ipc.md 7.1).
public enum CfgResponse: Sendable, Equatable {
    /// Name and state of each link of the local node, at most 16.
    case ringStatus([RingInterface])
    case ringReenable
    case killNode(ClientError?)
    case tryShutdown(ClientError?)
    case replyToShutdown(ClientError?)
    /// All of one family.
    case nodeAddresses(family: NodeAddress.Family, [NodeAddress])
    case noNodeAddresses(ClientError)
    case localNode(NodeID)
    case reload(ClientError?)
    case reopenLogs(ClientError?)
    case nodeStatus(NodeStatusRecord)
    case noNodeStatus(ClientError)
    case trackShutdown
    case stopTracking

    /// Writes the whole response; the writer's earlier content is forgotten.
    public func encode(into writer: inout ByteWriter) {
        switch self {
        case .ringStatus(let interfaces): RingInterface.encode(interfaces, into: &writer)
        case .ringReenable: writer.headerOnly(1, error: .notSupported)
        case .killNode(let error): writer.headerOnly(8, error: error)
        case .tryShutdown(let error): writer.headerOnly(9, error: error)
        case .replyToShutdown(let error): writer.headerOnly(13, error: error)
        case .nodeAddresses(let family, let addresses):
            writer.begin(11, size: 32 + 16 * addresses.count)
            writer.u32(family.rawValue)
            writer.u32(UInt32(addresses.count))
            for address in addresses {
                let end = writer.count + 16
                writer.bytes(Array(address.bytes.prefix(16)))
                writer.fill(to: end)
            }
        case .noNodeAddresses(let error):
            writer.begin(11, size: 32, error: error)
            writer.fill(to: 32)
        case .localNode(let node):
            writer.begin(12, size: 32)
            writer.nodeID(node)
            writer.fill(to: 32)
        case .reload(let error): writer.headerOnly(14, error: error)
        case .reopenLogs(let error): writer.headerOnly(15, error: error)
        case .nodeStatus(let record): record.encode(into: &writer)
        case .noNodeStatus(let error):
            writer.begin(16, size: 32, error: error)
            writer.fill(to: 32)
        case .trackShutdown: writer.headerOnly(2, error: nil)
        case .stopTracking: writer.headerOnly(3, error: nil)
        }
    }
}

extension ByteWriter {
    /// A whole event that asks a tracker whether the cluster may shut down (spec: ipc.md 7.1).
    public mutating func testShutdown(_ kind: ShutdownKind) {
        begin(10, size: 32)
        slot(kind.rawValue)
    }
}
