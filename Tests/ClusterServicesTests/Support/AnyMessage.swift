import TotemWire

@testable import ClusterServices

/// Every message of group `services` behind one face, for tests that treat them alike.
enum AnyMessage: Equatable {
    case configVersion(ConfigVersionMessage)
    case kill(KillNode)
    case shutdown(Shutdown)
    case reload(ReloadConfiguration)
    case crypto(CryptoReconfiguration)
    case join(ProcessJoin)
    case leave(ProcessLeave)
    case joinList(JoinList)
    case multicast(GroupMulticast)
    case downList(DownList)
    case fragment(GroupFragment)
    case nodeInfo(NodeInfo)
    case reconfigure(Reconfigure)
    case registration(DeviceRegistration)
    case rename(DeviceRename)
    case information(DeviceInformation)

    init?(_ bytes: [UInt8], order: ByteOrder = .little) throws(WireError) {
        let header = try ServiceHeader(decoding: bytes.span, order: order)
        switch (header.service, header.function) {
        case (0, 0): self = .configVersion(try ConfigVersionMessage(decoding: bytes.span, order: order))
        case (1, 1): self = .kill(try KillNode(decoding: bytes.span, order: order))
        case (1, 2): self = .shutdown(try Shutdown(decoding: bytes.span, order: order))
        case (1, 3): self = .reload(try ReloadConfiguration(decoding: bytes.span, order: order))
        case (1, 4): self = .crypto(try CryptoReconfiguration(decoding: bytes.span, order: order))
        case (2, 0): self = .join(try ProcessJoin(decoding: bytes.span, order: order))
        case (2, 1): self = .leave(try ProcessLeave(decoding: bytes.span, order: order))
        case (2, 2): self = .joinList(try JoinList(decoding: bytes.span, order: order))
        case (2, 3): self = .multicast(try GroupMulticast(decoding: bytes.span, order: order))
        case (2, 5): self = .downList(try DownList(decoding: bytes.span, order: order))
        case (2, 6): self = .fragment(try GroupFragment(decoding: bytes.span, order: order))
        case (5, 0): self = .nodeInfo(try NodeInfo(decoding: bytes.span, order: order))
        case (5, 1): self = .reconfigure(try Reconfigure(decoding: bytes.span, order: order))
        case (5, 2): self = .registration(try DeviceRegistration(decoding: bytes.span, order: order))
        case (5, 3): self = .rename(try DeviceRename(decoding: bytes.span, order: order))
        case (5, 4): self = .information(try DeviceInformation(decoding: bytes.span, order: order))
        default: return nil
        }
    }

    func encoded(_ order: ByteOrder = .little) -> [UInt8] {
        var writer = ByteWriter(order: order)
        switch self {
        case .configVersion(let message): message.encode(into: &writer)
        case .kill(let message): message.encode(into: &writer)
        case .shutdown(let message): message.encode(into: &writer)
        case .reload(let message): message.encode(into: &writer)
        case .crypto(let message): message.encode(into: &writer)
        case .join(let message): message.encode(into: &writer)
        case .leave(let message): message.encode(into: &writer)
        case .joinList(let message): message.encode(into: &writer)
        case .multicast(let message): message.encode(into: &writer)
        case .downList(let message): message.encode(into: &writer)
        case .fragment(let message): message.encode(into: &writer)
        case .nodeInfo(let message): message.encode(into: &writer)
        case .reconfigure(let message): message.encode(into: &writer)
        case .registration(let message): message.encode(into: &writer)
        case .rename(let message): message.encode(into: &writer)
        case .information(let message): message.encode(into: &writer)
        }
        return writer.bytes
    }
}
