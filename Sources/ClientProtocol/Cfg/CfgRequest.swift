import Basics
import TotemWire

/// What a client that wants the cluster to shut down asks for (spec: ipc.md 7.1).
///
/// Numbers without a name here ask like `request` does, and trackers see them as they are.
public struct ShutdownKind: RawRepresentable, Sendable, Equatable {
    public var rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Every tracker is asked, and one refusal prevents it.
    public static let request = ShutdownKind(rawValue: 0)
    /// Every tracker is asked, and no answer prevents it.
    public static let regardless = ShutdownKind(rawValue: 1)
    /// Nobody is asked.
    public static let immediate = ShutdownKind(rawValue: 2)
}

/// A request of libcfg (spec: ipc.md 7.1).
public enum CfgRequest: Sendable, Equatable {
    case ringStatus
    case ringReenable
    case killNode(NodeID, reason: String)
    case tryShutdown(ShutdownKind)
    case replyToShutdown(agrees: Bool)
    /// Node 0 is the local one.
    case nodeAddresses(NodeID)
    case localNode
    case reload
    case reopenLogs
    case nodeStatus(NodeID, version: UInt32)
    case trackShutdown
    case stopTracking

    /// - Throws: when the request is shorter than its struct, or its id is none of cfg's.
    public init(decoding bytes: Span<UInt8>) throws(WireError) {
        let fields = try RequestFields(bytes)
        switch fields.id {
        case 0: self = .ringStatus
        case 1: self = .ringReenable
        case 2:
            try fields.require(288)
            let reason = try fields.text(26, capacity: 256, "reason")
            self = .killNode(NodeID(try fields.u32(16, "nodeid")), reason: String(decoding: reason, as: UTF8.self))
        case 3:
            try fields.require(24)
            // Whatever is neither of the other two asks politely.
            self = .tryShutdown(ShutdownKind(rawValue: try fields.u32(16, "flags")))
        case 4:
            try fields.require(24)
            self = .replyToShutdown(agrees: try fields.u32(16, "response") == 1)
        case 5:
            try fields.require(24)
            self = .nodeAddresses(NodeID(try fields.u32(16, "nodeid")))
        case 6: self = .localNode
        case 7: self = .reload
        case 8: self = .reopenLogs
        case 9:
            try fields.require(32)
            self = .nodeStatus(
                NodeID(try fields.u32(16, "nodeid")), version: try fields.u32(24, "version"))
        case 10:
            try fields.require(24)
            self = .trackShutdown
        case 11: self = .stopTracking
        default: throw .invalid(field: "id", value: UInt64(fields.id), allowed: "0 to 11")
        }
    }
}
