import Basics
import TotemWire

extension VotequorumRequest: ClientRequest {
    public func encode(into writer: inout ByteWriter) {
        switch self {
        case .info(let node): Self.encode(0, node.rawValue, into: &writer)
        case .setExpected(let votes): Self.encode(1, votes, into: &writer)
        case .setVotes(let votes, let node):
            writer.request(2, size: 24)
            writer.u32(votes)
            writer.nodeID(node)
        case .track(let context, let flags):
            writer.request(3, size: 32)
            writer.u64(context)
            writer.slot(flags)
        case .stopTracking: writer.request(4)
        case .registerDevice(let name): Self.encode(5, size: 272, name, into: &writer)
        case .unregisterDevice(let name): Self.encode(6, size: 272, name, into: &writer)
        case .renameDevice(let former, let name):
            writer.request(7, size: 528)
            writer.deviceName(former, to: 271)
            writer.deviceName(name, to: 528)
        case .pollDevice(let name, let castsVote, let ring):
            writer.request(8, size: 296)
            writer.deviceName(name, to: 272)
            writer.slot(castsVote ? 1 : 0)
            writer.ringSlot(ring)
        case .setMasterWins(let name, let allowed):
            writer.request(9, size: 280)
            writer.deviceName(name, to: 272)
            writer.slot(allowed ? 1 : 0)
        case .setDeviceInformation(let information):
            writer.request(10, size: 24 + information.count)
            writer.u32(UInt32(clamping: information.count))
            writer.bytes(information)
            writer.fill(to: 24 + information.count)
        case .deviceInformation(let node): Self.encode(11, node.rawValue, into: &writer)
        }
    }

    private static func encode(_ id: UInt32, _ number: UInt32, into writer: inout ByteWriter) {
        writer.request(id, size: 24)
        writer.slot(number)
    }

    private static func encode(_ id: UInt32, size: Int, _ name: [UInt8], into writer: inout ByteWriter) {
        writer.request(id, size: size)
        writer.deviceName(name, to: size)
    }
}

extension ByteWriter {
    /// A device's name, cut so that a NUL remains behind it, and zeros up to an offset of the message.
    fileprivate mutating func deviceName(_ name: [UInt8], to end: Int) {
        bytes(Array(name.prefix(254)))
        fill(to: end)
    }
}
