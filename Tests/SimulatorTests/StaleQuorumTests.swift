import Basics
import Testing
import TotemWire

@testable import Simulator

/// For how long somebody may be quorate whom the others have parted with.
@Suite("Stale quorum")
struct StaleQuorumTests {
    private let ids = [NodeID(1), NodeID(2), NodeID(3)]

    private func decision(_ sequence: UInt64, _ members: [UInt32], isQuorate: Bool = true) -> QuorumRecords.Decision {
        .init(
            isQuorate: isQuorate, ring: RingID(representative: NodeID(members[0]), sequence: sequence),
            members: members.map { NodeID($0) })
    }

    @Test("The time begins with the others' decision, ends with the own one, and is judged then")
    func course() {
        var stale = StaleQuorum(nodes: 3)
        let all = decision(4, [1, 2, 3])
        let look1 = stale.look(at: [all, all, all], ids, now: 10, bound: 50)
        #expect(look1 == nil)
        let rest = decision(8, [1, 2])
        let look2 = stale.look(at: [rest, rest, all], ids, now: 100, bound: 50)
        #expect(look2 == nil)
        let alone = decision(8, [3], isQuorate: false)
        let look3 = stale.look(at: [rest, rest, alone], ids, now: 140, bound: 50)
        #expect(look3 == nil)
        #expect(stale.longest == 40)
        let look4 = stale.look(at: [rest, rest, alone], ids, now: 900, bound: 50)
        #expect(look4 == nil)
    }

    @Test("Whoever is late is named, also while it goes on")
    func late() throws {
        var stale = StaleQuorum(nodes: 3)
        let decisions = [decision(8, [1, 2]), decision(8, [1, 2]), decision(4, [1, 2, 3])]
        let look5 = stale.look(at: decisions, ids, now: 100, bound: 50)
        #expect(look5 == nil)
        let look = stale.look(at: decisions, ids, now: 151, bound: 50)
        let found = try #require(look)
        #expect(found.node == 2 && found.time == 51)
    }

    @Test("Time in which a node stands still does not count, nor does a ring that has not been left")
    func pauses() {
        var stale = StaleQuorum(nodes: 3)
        let decisions = [decision(8, [1, 2]), decision(8, [1, 2]), decision(4, [1, 2, 3])]
        stale.paused(2)
        let look6 = stale.look(at: decisions, ids, now: 100, bound: 50)
        #expect(look6 == nil)
        let look7 = stale.look(at: decisions, ids, now: 1000, bound: 50)
        #expect(look7 == nil)
        stale.resumed(2)
        let look8 = stale.look(at: decisions, ids, now: 1010, bound: 50)
        #expect(look8 == nil)
        let look9 = stale.look(at: decisions, ids, now: 1050, bound: 50)
        #expect(look9 == nil)
        #expect(stale.longest == 40)
        let joined = decision(12, [1, 2, 3])
        let look10 = stale.look(at: [joined, joined, decisions[2]], ids, now: 2000, bound: 5000)
        #expect(look10 == nil)
        let look11 = stale.look(at: [joined, joined, decisions[2]], ids, now: 9000, bound: 50)
        #expect(look11 == nil)
    }
}
