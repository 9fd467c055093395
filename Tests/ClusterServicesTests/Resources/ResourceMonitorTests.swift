import Basics
import ClusterMap
import Testing
import TotemWire

@testable import ClusterServices

@Suite("Resource monitor")
struct ResourceMonitorTests {
    private static let memory = "resources.system.memory_used."

    private func node(_ keys: [(String, String)]) throws -> Node {
        try Node(1, of: [1]) { $0.resources = keys.map { MapEntry(name: $0.0, value: .text($0.1)) } }
    }

    private func measures(_ node: Node) -> [MonitoredResource] {
        node.events.compactMap {
            guard case .measure(let resource) = $0 else { return nil }
            return resource
        }
    }

    @Test("Without limits nothing is measured, and the keys are there")
    func idle() throws {
        var node = try node([])
        node.advance(milliseconds: 10_000)
        #expect(measures(node).isEmpty)
        #expect(node.map[Self.memory + "state"] == .text("stopped"))
        #expect(node.map[Self.memory + "poll_period"] == .u64(3000))
        #expect(node.map[Self.memory + "current"] == .u32(0))
        #expect(node.map["resources.system.load_15min.current"] == .double(0))
    }

    @Test("What has a limit is measured at once and every 3 s; beyond the limit it has failed until that is changed")
    func failure() throws {
        var node = try node([(Self.memory + "max", "80")])
        node.advance(milliseconds: 0)
        #expect(measures(node) == [.memory])
        func report(_ value: Double) {
            node.engine.measured(.memory, value, now: node.now)
            node.collect()
        }
        report(80.9)
        #expect(node.map[Self.memory + "current"] == .u32(80))
        #expect(node.map[Self.memory + "state"] == .text("failed"))
        node.advance(milliseconds: 2999)
        #expect(measures(node).count == 1)
        node.advance(milliseconds: 1)
        #expect(measures(node).count == 2)
        report(10)
        #expect(node.map[Self.memory + "last_updated"] == .u64(3_000_000_000))
        #expect(node.map[Self.memory + "state"] == .text("failed"))
        node.engine.resourceChanged(Self.memory + "max", to: .text("90"), now: node.now)
        node.advance(milliseconds: 0)
        #expect(node.map[Self.memory + "state"] == .text("running"))
        #expect(
            node.texts(.monitoring) == [
                "Fsm:memory_used event \"config_changed\", state \"stopped\" --> \"running\"",
                "Fsm:memory_used event \"failure\", state \"running\" --> \"failed\"",
                "Fsm:memory_used event \"config_changed\", state \"failed\" --> \"running\"",
            ])
        node.engine.resourceChanged(Self.memory + "max", to: nil, now: node.now)
        node.advance(milliseconds: 10_000)
        #expect(node.map[Self.memory + "state"] == .text("stopped"))
        #expect(measures(node).count == 3)
    }

    @Test("Clients may change the period within bounds, as text or number")
    func period() throws {
        var node = try node([(Self.memory + "max", "80")])
        node.advance(milliseconds: 0)
        for bad in [MapValue.text("499"), .u64(120_001), .text("soon"), .text("-1")] {
            node.engine.resourceChanged(Self.memory + "poll_period", to: bad, now: node.now)
        }
        node.engine.resourceChanged(Self.memory + "poll_period", to: .text("500"), now: node.now)
        node.advance(milliseconds: 0)
        node.advance(milliseconds: 500)
        node.advance(milliseconds: 500)
        #expect(measures(node).count == 4)
    }

    @Test("A limit that is no number stops the measuring and is named")
    func nonsense() throws {
        let node = try node([(Self.memory + "max", "much")])
        #expect(measures(node).isEmpty)
        #expect(node.texts(.monitoring).first?.contains("'much', not a number") == true)
    }
}
