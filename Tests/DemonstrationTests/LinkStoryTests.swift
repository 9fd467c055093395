import Basics
import ClusterConfiguration
import Testing
import TotemWire

@testable import Demonstration

@Suite("A link that is cut, and comes back")
struct LinkStoryTests {
    private func watch(waitsForUp: Bool) -> LinkWatch {
        LinkWatch(0, waitsForUp: waitsForUp, nodes: ids(1...3), began: time(1000))
    }

    private func paths(_ body: (NodeID, NodeID) -> Void) {
        for from in ids(1...3) {
            for to in ids(1...3) where to != from { body(from, to) }
        }
    }

    @Test("it is down when the last of its ends says so")
    func fall() {
        var watch = watch(waitsForUp: false)
        var last = time(1000)
        paths { from, to in
            #expect(!watch.isDone)
            last = last.adding(milliseconds: 100)
            watch.observe(0, from: from, to: to, isUp: false, at: last)
        }
        #expect(watch.isDone)
        #expect(watch.took == Microseconds(600_000))
    }

    @Test("what the other link does is not counted, and an end that comes up again is waited for")
    func flapping() {
        var watch = watch(waitsForUp: true)
        paths { watch.observe(1, from: $0, to: $1, isUp: true, at: time(1100)) }
        #expect(!watch.isDone)
        watch.observe(0, from: NodeID(1), to: NodeID(2), isUp: true, at: time(1200))
        watch.observe(0, from: NodeID(1), to: NodeID(2), isUp: false, at: time(1300))
        paths { from, to in
            if (from, to) != (NodeID(1), NodeID(2)) { watch.observe(0, from: from, to: to, isUp: true, at: time(1400)) }
        }
        #expect(!watch.isDone)
        watch.observe(0, from: NodeID(1), to: NodeID(2), isUp: true, at: time(1500))
        #expect(watch.isDone)
        #expect(watch.took == Microseconds(500_000))
    }

    // MARK: The director

    private static let ring = RingID(representative: NodeID(1), sequence: 8)

    private func statuses(_ ring: RingID) -> [NodeStatus] {
        ids(1...3).map {
            NodeStatus(
                id: $0, phase: .operational, ring: ring, members: ids(1...3), isSynchronized: true, isQuorate: true)
        }
    }

    /// A director whose link 0 has just been cut, at 10 s.
    private func cutDirector() throws -> Director {
        var options = shortOptions()
        options.network = .knet(isSealed: false)
        let plan = try RingPlan(options)
        var director = Director(
            plan: plan, schedule: try Schedule(plan, seconds: nil), options: options, port: 5405, now: time(0))
        for id in plan.nodes { director.observe(.group(.changed(plan.nodes)), of: id, at: time(1)) }
        director.cutLink(time(10_000), statuses(Self.ring))
        return director
    }

    private func end(_ director: inout Director, in ring: RingID) {
        paths { director.observe(.link(0, to: $1, isUp: false), of: $0, at: time(10_150)) }
        director.advance(time(10_150), statuses(ring))
        for now: UInt64 in [10_200, 10_420] { director.observe(.tokenVisit, of: NodeID(2), at: time(now)) }
        director.advance(time(10_650), statuses(ring))
        director.advance(time(10_650), statuses(ring))
    }

    @Test(
        "a ring that stays the same is told as such, with the longest time without the token; then the link is mended")
    func kept() throws {
        var director = try cutDirector()
        #expect(director.commands == [.cut(0, true)])
        #expect(director.part == .cutting)
        end(&director, in: Self.ring)
        let cut = try #require(director.summary.linkCut)
        #expect(cut.keptRing)
        #expect(cut.fell == Microseconds(150_000))
        #expect(cut.longestPause == Microseconds(220_000))
        #expect(director.lines.contains { $0.tone == .success && $0.text.contains("still ring 1.8 of nodes 1 2 3") })
        #expect(director.commands.contains(.cut(0, false)))
        paths { director.observe(.link(0, to: $1, isUp: true), of: $0, at: time(10_900)) }
        director.advance(time(10_900), statuses(Self.ring))
        #expect(director.summary.linkCut?.rose == Microseconds(250_000))
        #expect(director.part == .dying)
    }

    @Test("a ring that formed anew is a warning, whatever its members")
    func broken() throws {
        var director = try cutDirector()
        end(&director, in: RingID(representative: NodeID(1), sequence: 12))
        #expect(director.summary.linkCut?.keptRing == false)
        #expect(director.lines.contains { $0.tone == .warning })
        #expect(!director.lines.contains { $0.text.contains("still ring") })
    }

    @Test("a link that nobody gives up is a failure")
    func stuck() throws {
        var director = try cutDirector()
        director.advance(time(60_000), statuses(Self.ring))
        #expect(director.summary.failures.count == 1)
        #expect(director.part == .done)
    }
}
