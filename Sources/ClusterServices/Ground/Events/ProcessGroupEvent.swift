import Basics
import TotemWire

/// A process as members of its groups see it.
public struct GroupMember: Sendable, Hashable {
    public var nodeID: NodeID
    public var pid: UInt32
    /// Why it is in a list of joined or left members; undefined in a list of members.
    public var reason: ChangeReason

    public init(nodeID: NodeID, pid: UInt32, reason: ChangeReason = .undefined) {
        self.nodeID = nodeID
        self.pid = pid
        self.reason = reason
    }
}

/// A change of a group's membership.
public struct GroupChange: Sendable, Equatable {
    public var group: GroupName
    /// All members now, ascending by node id and pid.
    public var members: [GroupMember]
    public var left: [GroupMember]
    public var joined: [GroupMember]
}

/// What the process group service tells its local clients (spec: ipc.md 6).
public enum ProcessGroupEvent: Sendable, Equatable {
    case change(GroupChange)
    case message(group: GroupName, nodeID: NodeID, pid: UInt32, payload: [UInt8])
    case fragment(
        group: GroupName, nodeID: NodeID, pid: UInt32, messageLength: UInt32, position: FragmentPosition,
        payload: [UInt8])
    /// The ring itself has changed.
    case ring(RingID, members: [NodeID])
}

/// A process in a group, as iterations list it.
public struct GroupProcess: Sendable, Hashable {
    public var nodeID: NodeID
    public var pid: UInt32
    public var group: GroupName

    public init(nodeID: NodeID, pid: UInt32, group: GroupName) {
        self.nodeID = nodeID
        self.pid = pid
        self.group = group
    }
}

/// What an iteration over the process table yields.
public enum GroupIteration: Sendable, Equatable {
    /// One entry per group, with node id and pid zero.
    case names
    case oneGroup(GroupName)
    case all
}

/// Why the membership of a group changed (spec: services.md 5.1).
public struct ChangeReason: RawRepresentable, Sendable, Hashable {
    public var rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let undefined = ChangeReason(rawValue: 0)
    public static let join = ChangeReason(rawValue: 1)
    public static let leave = ChangeReason(rawValue: 2)
    public static let nodeDown = ChangeReason(rawValue: 3)
    public static let nodeUp = ChangeReason(rawValue: 4)
    public static let processDown = ChangeReason(rawValue: 5)
}

/// Which piece it is of a message that is too long for one.
public enum FragmentPosition: UInt32, Sendable {
    case first = 1
    case continued = 2
    case last = 3
}
