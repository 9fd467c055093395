/// What happens in a group. All members that stay together see the same events in the same order, their own messages
/// included; messages sent before a membership change are delivered before it or after it, on all of them alike.
public enum GroupEvent: Hashable, Sendable {
    /// A member's message.
    case message(GroupMessage)
    /// Processes joined or left the group.
    case membership(GroupMembership)
    /// The ring of nodes below the group is another one. Comes once after joining, and after the membership changes the
    /// new ring brings.
    case ring(GroupRing)
}

/// A message delivered to the group.
public struct GroupMessage: Hashable, Sendable {
    /// Who sent it; this process sees its own messages too.
    public let sender: GroupMember
    /// As they were sent.
    public let bytes: [UInt8]

    /// A message, for tests of what handles it.
    public init(sender: GroupMember, bytes: [UInt8]) {
        self.sender = sender
        self.bytes = bytes
    }
}

/// Who is in the group now, and what changed.
public struct GroupMembership: Hashable, Sendable {
    /// Why a process is in the group, or no more.
    public enum Reason: Hashable, Sendable {
        /// It joined.
        case joined
        /// It left on its own.
        case left
        /// Its node is no more in the ring: dead, stopped or cut off.
        case nodeDown
        /// Its node came into the ring and the process had been in the group there.
        case nodeUp
        /// It ended without leaving.
        case processDown
        /// Of a later engine.
        case other(UInt32)
    }

    /// A process that came or went.
    public struct Change: Hashable, Sendable {
        /// Who came or went.
        public let member: GroupMember
        /// Why.
        public let reason: Reason

        /// A change, for tests of what handles it.
        public init(member: GroupMember, reason: Reason) {
            self.member = member
            self.reason = reason
        }
    }

    /// Everybody who is in the group from here on, ascending.
    public let members: [GroupMember]
    /// Who is new in `members`.
    public let joined: [Change]
    /// Who is no more in `members`.
    public let left: [Change]

    /// A membership, for tests of what handles it.
    public init(members: [GroupMember], joined: [Change] = [], left: [Change] = []) {
        self.members = members
        self.joined = joined
        self.left = left
    }
}

/// The ring of nodes that carries the group.
public struct GroupRing: Hashable, Sendable {
    /// Its name.
    public let id: RingID
    /// Its nodes, whether or not they have members of the group.
    public let nodes: [NodeID]

    /// A ring, for tests of what handles it.
    public init(id: RingID, nodes: [NodeID]) {
        self.id = id
        self.nodes = nodes
    }
}

extension GroupMembership.Reason {
    /// - Parameter number: As libcpg has it, `cpg_reason_t`.
    init(_ number: UInt32) {
        self =
            switch number {
            case 1: .joined
            case 2: .left
            case 3: .nodeDown
            case 4: .nodeUp
            case 5: .processDown
            default: .other(number)
            }
    }
}
