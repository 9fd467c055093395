import Basics
import ClusterConfiguration
import Testing
import TotemWire

@testable import Demonstration

@Suite("Measuring the heartbeat")
struct HeartbeatMeterTests {
    @Test("rotations before the token is held are not heartbeats, those after are")
    func rest() {
        var meter = HeartbeatMeter(rotationsBeforeHold: 3, holdMilliseconds: 100)
        meter.beginRest()
        var now: UInt64 = 0
        for _ in 0..<5 {
            meter.visit(NodeID(1), at: time(now))
            now += 1
        }
        for length: UInt64 in [100, 101, 103] {
            now += length
            meter.visit(NodeID(1), at: time(now - 1))
        }
        let spread = meter.rest.spread
        #expect(spread?.count == 3)
        #expect(spread?.median == .milliseconds(101))
        #expect(spread?.minimum == .milliseconds(100))
        #expect(spread?.maximum == .milliseconds(103))
        #expect(meter.motion.isEmpty)
    }

    @Test("when messages flow, a held token is no rotation")
    func motion() {
        var meter = HeartbeatMeter(rotationsBeforeHold: 3, holdMilliseconds: 100)
        for now: UInt64 in [0, 2, 4, 104, 106] { meter.visit(NodeID(1), at: time(now)) }
        #expect(meter.motion.count == 3)
        #expect(meter.rest.isEmpty)
    }

    @Test("the time without a ring is not an interval")
    func forgotten() {
        var meter = HeartbeatMeter(rotationsBeforeHold: 0, holdMilliseconds: 100)
        meter.visit(NodeID(1), at: time(0))
        meter.forget(NodeID(1))
        meter.visit(NodeID(1), at: time(5000))
        #expect(meter.interval(NodeID(1)) == nil)
    }
}
