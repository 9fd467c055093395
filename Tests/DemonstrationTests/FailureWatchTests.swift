import Basics
import ClusterConfiguration
import Testing
import TotemWire

@testable import Demonstration

@Suite("The steps from a death to the new ring")
struct FailureWatchTests {
    private let one = NodeID(1)
    private let two = NodeID(2)

    private func gathered() -> FailureWatch {
        var watch = FailureWatch(death: time(1000), survivors: ids(1...2))
        watch.observe(.tokenLost, of: two, at: time(1300))
        watch.observe(.gather, of: two, at: time(1300))
        watch.observe(.gather, of: one, at: time(1301))
        watch.observe(.consensusExpired, of: two, at: time(1660))
        watch.observe(.gather, of: two, at: time(1660))
        return watch
    }

    private func finish(_ watch: inout FailureWatch, at start: UInt64) {
        watch.observe(.commit, of: one, at: time(start))
        watch.observe(.commit, of: two, at: time(start + 1))
        watch.observe(.recovery, of: one, at: time(start + 2))
        watch.observe(.recovery, of: two, at: time(start + 3))
        watch.observe(.operational, of: one, at: time(start + 4))
        watch.observe(.operational, of: two, at: time(start + 5))
    }

    @Test("each step ends when the last node it concerns has done it")
    func steps() {
        var watch = gathered()
        finish(&watch, at: 1670)
        #expect(watch.current == nil)
        #expect(watch.steps.map(\.kind) == [.silence, .gather, .consensus, .agreement, .commit, .recovery])
        #expect(watch.steps.map { $0.over.count / 1000 } == [300, 301, 660, 670, 673, 675])
        #expect(watch.steps.first?.node == two)
        // Its own timer, not what the other node needed.
        #expect(watch.steps[2].lasted == .milliseconds(360))
    }

    @Test("an attempt that fails is measured anew from the consensus on")
    func again() {
        var watch = gathered()
        watch.observe(.commit, of: one, at: time(1670))
        watch.observe(.recovery, of: one, at: time(1672))
        watch.observe(.gather, of: two, at: time(1700))
        #expect(watch.current == .agreement)
        finish(&watch, at: 1800)
        #expect(watch.current == nil)
        #expect(watch.attempts == 2)
        #expect(watch.steps.last?.over == .milliseconds(805))
    }

    @Test("what the dead node is said to do does not count")
    func dead() {
        var watch = FailureWatch(death: time(0), survivors: ids(1...2))
        watch.observe(.tokenLost, of: NodeID(3), at: time(10))
        #expect(watch.steps.isEmpty)
    }

    @Test("a lone survivor goes through everything at once")
    func alone() {
        var watch = FailureWatch(death: time(0), survivors: [two])
        watch.observe(.tokenLost, of: two, at: time(300))
        watch.observe(.gather, of: two, at: time(300))
        for event in [NodeEvent.consensusExpired, .gather, .commit, .recovery, .operational] {
            watch.observe(event, of: two, at: time(660))
        }
        #expect(watch.current == nil)
        #expect(watch.steps.last?.over == .milliseconds(660))
    }
}
