import Basics
import TotemWire

/// What libcpg's requests are answered (spec: ipc.md 6.1).
extension Answer {
    /// To `CpgRequest.localNode`.
    public func cpgLocalNode() throws(WireError) -> NodeID { NodeID(try u32(24, "nodeid")) }

    /// To `CpgRequest.startIteration`: the handle.
    public func cpgIteration() throws(WireError) -> UInt64 { try u64(24, "iteration_handle") }

    /// To `CpgRequest.iterate`.
    public func cpgIterationEntry() throws(WireError) -> (group: [UInt8], node: NodeID, process: UInt32) {
        (try cpgName(24), NodeID(try u32(160, "nodeid")), try u32(164, "pid"))
    }

    func cpgName(_ offset: Int) throws(WireError) -> [UInt8] {
        let length = try u32(offset, "group name length")
        guard length <= UInt32(CpgName.capacity) else {
            throw .invalid(field: "group name length", value: UInt64(length), allowed: "at most 128")
        }
        return try array(offset + 8, count: UInt64(length), "group name")
    }

    func cpgAddress(_ offset: Int) throws(WireError) -> CpgAddress {
        CpgAddress(
            node: NodeID(try u32(offset, "nodeid")), process: try u32(offset + 8, "pid"),
            reason: try u32(offset + 16, "reason"))
    }
}

/// What a member of a group is told (spec: ipc.md 6.1).
public enum CpgNotice: Sendable, Equatable {
    case change(members: [CpgAddress], left: [CpgAddress], joined: [CpgAddress])
    case message(node: NodeID, process: UInt32, payload: [UInt8])
    case fragment(
        node: NodeID, process: UInt32, messageLength: UInt32, position: CpgFragmentPosition, payload: [UInt8])
    case ring(RingID, members: [NodeID])

    private static let addressSize = 24

    /// - Returns: nil for an event of another kind.
    /// - Throws: when it is shorter than what it says it holds.
    public init?(_ event: Answer) throws(WireError) {
        switch event.id {
        case 4:
            let members = try event.u32(160, "member count")
            let joined = try event.u32(168, "joined count")
            let left = try event.u32(176, "left count")
            func addresses(_ offset: inout Int, _ count: UInt32) throws(WireError) -> [CpgAddress] {
                let found = try event.list(offset, count: count, stride: Self.addressSize) { at throws(WireError) in
                    try event.cpgAddress(at)
                }
                offset += Self.addressSize * found.count
                return found
            }
            var offset = 184
            self = .change(
                members: try addresses(&offset, members), left: try addresses(&offset, left),
                joined: try addresses(&offset, joined))
        case 5:
            self = .message(
                node: NodeID(try event.u32(168, "nodeid")), process: try event.u32(176, "pid"),
                payload: try event.array(184, count: UInt64(try event.u32(160, "msglen")), "message"))
        case 13:
            self = .ring(try event.ring(24), members: try event.nodes(44, count: try event.u32(40, "member count")))
        case 17:
            let number = try event.u32(192, "type")
            guard let position = CpgFragmentPosition(rawValue: number) else {
                throw .invalid(field: "type", value: UInt64(number), allowed: "1 to 3")
            }
            self = .fragment(
                node: NodeID(try event.u32(176, "nodeid")), process: try event.u32(184, "pid"),
                messageLength: try event.u32(160, "msglen"), position: position,
                payload: try event.array(200, count: UInt64(try event.u32(168, "fraglen")), "fragment"))
        default: return nil
        }
    }
}
