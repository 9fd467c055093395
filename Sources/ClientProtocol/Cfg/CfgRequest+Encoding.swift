import Basics
import TotemWire

extension CfgRequest: ClientRequest {
    /// Bytes of the longest reason to end a node.
    public static let longestReason = 255

    public func encode(into writer: inout ByteWriter) {
        switch self {
        case .ringStatus: writer.request(0)
        case .ringReenable: writer.request(1)
        case .killNode(let node, let reason):
            writer.request(2, size: 288)
            writer.slot(node.rawValue)
            writer.u16(UInt16(clamping: min(reason.utf8.count, Self.longestReason) + 1))
            writer.text(reason, capacity: Self.longestReason + 1)
            writer.fill(to: 288)
        case .tryShutdown(let kind): Self.encode(3, kind.rawValue, into: &writer)
        case .replyToShutdown(let agrees): Self.encode(4, agrees ? 1 : 0, into: &writer)
        case .nodeAddresses(let node): Self.encode(5, node.rawValue, into: &writer)
        case .localNode: writer.request(6)
        case .reload: writer.request(7)
        case .reopenLogs: writer.request(8)
        case .nodeStatus(let node, let version):
            writer.request(9, size: 32)
            writer.slot(node.rawValue)
            writer.slot(version)
        case .trackShutdown: Self.encode(10, 0, into: &writer)
        case .stopTracking: writer.request(11)
        }
    }

    private static func encode(_ id: UInt32, _ number: UInt32, into writer: inout ByteWriter) {
        writer.request(id, size: 24)
        writer.slot(number)
    }
}
