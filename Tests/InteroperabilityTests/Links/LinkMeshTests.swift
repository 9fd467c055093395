import ClusterLab
import Glibc
import Testing

extension Interoperability.LinkTests {
    /// Corosync forms anew for ever there, and its programs get nothing (spec: knet.md 18).
    @Test("Where two of three nodes do not hear each other, two are a ring in the end, which stays and serves programs")
    func partialMesh() throws {
        let ring = LinkRing(.rondoAlone, .knet(links: 1, token: 1000, sealed: .usual), "a partial mesh")
        let lab = try [ring].rings()[0]
        defer { lab.close() }
        try lab.awaitSettledLinks()
        let start = lab.marks
        try lab.cut(from: 1, to: 2)
        try lab.cut(from: 2, to: 1)

        // Attempts to unite all three become rarer each time.
        var changes: [Int] = []
        var last = ContinuousClock.now
        try lab.wait(for: "a ring of two that has not changed for eight seconds", within: .seconds(120)) {
            let now = lab.membershipChanges(after: start)
            if now != changes { (changes, last) = (now, ContinuousClock.now) }
            let members = try lab.node(3).map(under: "runtime.members.").joinedMembers
            return members.count == 2 && ContinuousClock.now - last > .seconds(8)
        }
        let members = try lab.node(3).map(under: "runtime.members.").joinedMembers
        let partner = Int(members.min() ?? 0)
        try lab.announce(version: 7, from: partner)
        try lab.wait(for: "what node \(partner) has sent at node 3", within: .seconds(5)) {
            try lab.node(3).map(under: "runtime.members.").number("runtime.members.\(partner).config_version") == 7
        }
        Summary.add(
            "links      \(ring.testDescription): \(changes) changes of the ring of nodes 1, 2 and 3 until it stayed, and healed"
        )
        try lab.heal()
        // The next attempt may be as far away as they have become rare.
        try lab.awaitRing([1, 2, 3], within: .seconds(60))
    }
}
