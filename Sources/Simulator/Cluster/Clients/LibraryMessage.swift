import Basics
import TotemWire

/// An answer or event as a client library finds it in memory: fields at their offsets (spec: ipc.md 4.1, 6 to 10).
///
/// A field beyond the end reads as the highest number there is, which no check takes for right.
struct LibraryMessage {
    let bytes: [UInt8]

    func u32(_ offset: Int) -> UInt32 {
        guard offset >= 0, offset + 4 <= bytes.count else { return .max }
        return UInt32(bytes[offset]) | UInt32(bytes[offset + 1]) << 8 | UInt32(bytes[offset + 2]) << 16
            | UInt32(bytes[offset + 3]) << 24
    }

    func u64(_ offset: Int) -> UInt64 { UInt64(u32(offset)) | UInt64(u32(offset + 4)) << 32 }

    var id: UInt32 { u32(0) }
    /// 1 is success.
    var error: UInt32 { u32(16) }
    var isSuccess: Bool { error == 1 }

    /// Whether the header tells the true length.
    var isWhole: Bool { bytes.count >= 24 && u32(8) == UInt32(clamping: bytes.count) }

    func ring(_ offset: Int) -> RingID { RingID(representative: NodeID(u32(offset)), sequence: u64(offset + 8)) }

    /// `count` node ids; nil when they are not all there.
    func nodes(_ offset: Int, count: UInt32) -> [NodeID]? {
        guard let count = Int(exactly: count), offset + count * 4 <= bytes.count else { return nil }
        return (0..<count).map { NodeID(u32(offset + $0 * 4)) }
    }

    /// A group's name.
    func groupName(_ offset: Int) -> [UInt8]? {
        let length = u32(offset)
        guard length <= 128, offset + 136 <= bytes.count else { return nil }
        return Array(bytes[(offset + 8)..<(offset + 8 + Int(length))])
    }
}

/// A process of a group.
struct GroupProcessID: Hashable, Comparable, Sendable, CustomStringConvertible {
    var node: UInt32
    var pid: UInt32

    static func < (a: GroupProcessID, b: GroupProcessID) -> Bool { (a.node, a.pid) < (b.node, b.pid) }

    var description: String { "\(node)/\(pid)" }
}

/// What libcpg tells its program (spec: ipc.md 6.1).
enum GroupNews {
    case change(group: [UInt8], members: [GroupProcessID], left: [Entry], joined: [Entry])
    case message(group: [UInt8], sender: GroupProcessID, payload: Range<Int>)
    case fragment(group: [UInt8], sender: GroupProcessID, length: Int, position: UInt32, payload: Range<Int>)
    case ring(RingID, members: [NodeID])

    struct Entry: Equatable, Sendable {
        var process: GroupProcessID
        var reason: UInt32
    }

    /// - Returns: nil when a library could not make sense of it.
    init?(_ message: LibraryMessage) {
        guard message.isWhole else { return nil }
        switch message.id {
        case 4:
            guard let group = message.groupName(24) else { return nil }
            let counts = [message.u32(160), message.u32(176), message.u32(168)]
            guard counts.allSatisfy({ $0 <= 128 }) else { return nil }
            let total = counts.reduce(0) { $0 + Int($1) }
            guard message.bytes.count == 184 + 24 * total else { return nil }
            let all = (0..<total).map { Self.entry(message, 184 + 24 * $0) }
            let (members, left) = (Int(counts[0]), Int(counts[1]))
            self = .change(
                group: group, members: all[..<members].map(\.process),
                left: Array(all[members..<(members + left)]), joined: Array(all[(members + left)...]))
        case 5:
            guard let group = message.groupName(24), message.bytes.count == 184 + Int(message.u32(160)) else {
                return nil
            }
            self = .message(
                group: group, sender: GroupProcessID(node: message.u32(168), pid: message.u32(176)),
                payload: 184..<message.bytes.count)
        case 17:
            guard let group = message.groupName(24), message.bytes.count == 200 + Int(message.u32(168)) else {
                return nil
            }
            self = .fragment(
                group: group, sender: GroupProcessID(node: message.u32(176), pid: message.u32(184)),
                length: Int(message.u32(160)), position: message.u32(192), payload: 200..<message.bytes.count)
        case 13:
            guard let members = message.nodes(44, count: message.u32(40)) else { return nil }
            self = .ring(message.ring(24), members: members)
        default: return nil
        }
    }

    private static func entry(_ message: LibraryMessage, _ offset: Int) -> Entry {
        Entry(
            process: GroupProcessID(node: message.u32(offset), pid: message.u32(offset + 8)),
            reason: message.u32(offset + 16))
    }
}
