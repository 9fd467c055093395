import ClientProtocol

/// Reads the events of process groups: messages are whole when the program sees them.
struct GroupReader: EventReader {
    private var assembly = CpgAssembly()

    mutating func read(
        _ event: Answer, on _: ServiceConnection<GroupEvent>
    ) throws -> (event: GroupEvent, weight: Int)? {
        guard let news = try CpgNotice(event).flatMap({ assembly.take($0) }) else { return nil }
        switch news {
        case .message(let node, let process, let payload):
            let sender = GroupMember(node: NodeID(node.rawValue), process: process)
            return (.message(GroupMessage(sender: sender, bytes: payload)), payload.count)
        case .change(let members, let left, let joined):
            let membership = GroupMembership(
                members: members.map { GroupMember($0) }.sorted(), joined: joined.map(GroupMembership.Change.init),
                left: left.map(GroupMembership.Change.init))
            return (.membership(membership), 0)
        case .ring(let ring, let members):
            return (.ring(GroupRing(id: RingID(ring), nodes: members.map { NodeID($0.rawValue) })), 0)
        case .fragment: return nil
        }
    }
}

extension GroupMembership.Change {
    init(_ address: CpgAddress) {
        self.init(member: GroupMember(address), reason: GroupMembership.Reason(address.reason))
    }
}

extension GroupMember {
    init(_ address: CpgAddress) { self.init(node: NodeID(address.node.rawValue), process: address.process) }
}
