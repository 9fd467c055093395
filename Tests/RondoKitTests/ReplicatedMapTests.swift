import RondoKit
import Testing

@testable import replicated_map

/// The example's map, with a group made of arrays.
@Suite struct ReplicatedMapTests {
    /// Members that are all delivered the same.
    private struct Group {
        var maps: [GroupMember: ReplicatedMap] = [:]
        var members: [GroupMember] = []
        var ring: UInt64 = 1
        /// Sent and not yet delivered.
        var onTheWay: [GroupMessage] = []

        mutating func join(_ member: GroupMember) throws {
            maps[member] = ReplicatedMap(localMember: member)
            members = (members + [member]).sorted()
            let event = GroupEvent.membership(
                GroupMembership(members: members, joined: [.init(member: member, reason: .joined)]))
            for other in members { try deliver(event, to: other) }
            try deliver(.ring(GroupRing(id: id, nodes: [])), to: member)
        }

        mutating func lose(_ member: GroupMember) throws {
            maps[member] = nil
            members.removeAll { $0 == member }
            ring += 4
            for other in members {
                try deliver(
                    .membership(GroupMembership(members: members, left: [.init(member: member, reason: .nodeDown)])),
                    to: other)
                try deliver(.ring(GroupRing(id: id, nodes: [])), to: other)
            }
        }

        mutating func send(_ message: Message, from sender: GroupMember) throws {
            onTheWay.append(GroupMessage(sender: sender, bytes: try message.bytes()))
        }

        mutating func set(_ key: String, _ value: String?, from sender: GroupMember) throws {
            try send(.change(Change(key: key, value: value)), from: sender)
        }

        mutating func deliverOne() throws {
            let message = onTheWay.removeFirst()
            for member in members { try deliver(.message(message), to: member) }
        }

        mutating func deliverAll() throws { while !onTheWay.isEmpty { try deliverOne() } }

        private mutating func deliver(_ event: GroupEvent, to member: GroupMember) throws {
            if let answer = maps[member]?.handle(event) { try send(answer, from: member) }
        }

        var id: RingID { RingID(representative: 1, sequence: ring) }

        var areAlike: Bool {
            Set(maps.values.map(\.digest)).count == 1 && maps.values.allSatisfy(\.isSettled)
        }
    }

    private let one = GroupMember(node: 1, process: 10)
    private let two = GroupMember(node: 2, process: 20)
    private let three = GroupMember(node: 3, process: 30)

    @Test("Who comes is given the map, and changes delivered meanwhile are made on it")
    func stateTransfer() throws {
        var group = Group()
        try group.join(two)
        try group.join(three)
        try group.deliverAll()
        try group.set("a", "1", from: two)
        try group.set("b", "2", from: three)
        try group.deliverAll()
        try group.set("a", "3", from: three)
        try group.join(one)
        try group.set("c", "4", from: two)
        #expect(!group.areAlike)
        try group.deliverAll()
        #expect(group.areAlike)
        #expect(group.maps[one]?.entries == ["a": "3", "b": "2", "c": "4"])
        #expect(group.maps[one]?.version == 4)
    }

    @Test("The giver may die at any moment", arguments: 0...6)
    func deathOfGiver(_ delivered: Int) throws {
        var group = Group()
        try group.join(one)
        try group.join(two)
        try group.deliverAll()
        try group.set("a", "1", from: one)
        try group.deliverAll()
        try group.join(three)
        try group.set("b", "2", from: two)
        for _ in 0..<delivered where !group.onTheWay.isEmpty { try group.deliverOne() }
        // What the dead had sent and was not delivered is lost.
        group.onTheWay.removeAll { $0.sender == one }
        try group.lose(one)
        try group.deliverAll()
        #expect(group.areAlike)
        #expect(group.maps[three]?.entries == ["a": "1", "b": "2"])
    }

    @Test("Bytes that are no message of the map change nothing")
    func garbage() throws {
        var group = Group()
        try group.join(one)
        try group.deliverAll()
        group.onTheWay.append(GroupMessage(sender: two, bytes: [0xff, 0]))
        group.onTheWay.append(GroupMessage(sender: two, bytes: []))
        try group.deliverAll()
        #expect(group.areAlike)
        #expect(group.maps[one]?.version == 0)
    }
}
