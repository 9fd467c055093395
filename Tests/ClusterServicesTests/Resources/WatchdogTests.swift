import Basics
import ClusterMap
import Testing
import TotemWire

@testable import ClusterServices

@Suite("Watchdog")
struct WatchdogTests {
    private func node(_ keys: [String: MapValue]) throws -> Node {
        try Node(1, of: [1]) { configuration in
            configuration.resources = keys.keys.sorted().compactMap { name in
                keys[name].map { MapEntry(name: "resources." + name, value: $0) }
            }
        }
    }

    private static let armed: [String: MapValue] = [
        "watchdog_device": .text("/dev/watchdog"), "watchdog_timeout": .u32(10),
    ]

    private func orders(_ node: Node) -> [WatchdogOrder] {
        node.events.compactMap {
            guard case .watchdog(let order) = $0 else { return nil }
            return order
        }
    }

    private func set(_ node: inout Node, _ name: String, _ value: MapValue?) {
        node.engine.resourceChanged("resources." + name, to: value, now: node.now)
        node.collect()
    }

    /// As libsam writes them.
    private func watch(_ node: inout Node, recovery: String, period: UInt64 = 1000) {
        set(&node, "process.77.recovery", .text(recovery))
        set(&node, "process.77.poll_period", .u64(period))
        set(&node, "process.77.last_updated", .u64(0))
        set(&node, "process.77.state", .text("running"))
    }

    @Test("Without a device nothing is opened", arguments: [nil, "", "off"])
    func off(device: String?) throws {
        var keys: [String: MapValue] = [:]
        if let device { keys["watchdog_device"] = .text(device) }
        var node = try node(keys)
        node.advance(milliseconds: 60_000)
        node.engine.unload(node.now)
        node.collect()
        #expect(orders(node).isEmpty)
        #expect(node.map["resources.watchdog_timeout"] == .u32(6))
    }

    @Test("It is opened at start, kept alive at half its time, and disarmed at an orderly stop")
    func life() throws {
        var node = try node(Self.armed)
        #expect(orders(node) == [.open(device: "/dev/watchdog", seconds: 10)])
        node.advance(milliseconds: 4999)
        #expect(orders(node).count == 1)
        node.advance(milliseconds: 1)
        node.advance(milliseconds: 5000)
        #expect(orders(node).dropFirst() == [.keepAlive, .keepAlive])
        node.engine.unload(node.now)
        node.collect()
        #expect(orders(node).last == .close)
        #expect(node.engine.nextDeadline == nil)
    }

    @Test("A timeout the device could not keep is replaced", arguments: [0, 1, 121, 4_000_000_000] as [UInt32])
    func timeouts(seconds: UInt32) throws {
        let node = try node(["watchdog_device": .text("/dev/w"), "watchdog_timeout": .u32(seconds)])
        #expect(orders(node) == [.open(device: "/dev/w", seconds: 6)])
        #expect(node.texts(.watchdog).contains { $0.contains("out of range (2..120)") })
    }

    @Test("A process that falls silent lets the watchdog bite", arguments: ["quit", "watchdog"])
    func silence(recovery: String) throws {
        var node = try node(Self.armed)
        watch(&node, recovery: recovery)
        for _ in 1...20 {
            node.advance(milliseconds: 900)
            set(&node, "process.77.last_updated", .u64(node.now.nanoseconds))
        }
        let kept = orders(node).filter { $0 == .keepAlive }.count
        #expect(kept == 3)
        for _ in 1...30 { node.advance(milliseconds: 1000) }
        #expect(orders(node).filter { $0 == .keepAlive }.count == kept)
        let texts = node.texts(.watchdog)
        #expect(texts.contains("\(recovery) resource \"77\" failed!"))
        #expect(texts.contains { $0.hasPrefix("last_updated ") && $0.hasSuffix(" ms too late, period:1000.") })
        #expect(texts.filter { $0 == "NOT tickling the watchdog!" }.count == 1)
    }

    @Test("reboot and shutdown are done at once, unknown recoveries not at all")
    func recoveries() throws {
        for (recovery, order) in [("reboot", .reboot), ("shutdown", .powerOff), ("pray", nil)]
            as [(String, WatchdogOrder?)]
        {
            var node = try node([:])
            watch(&node, recovery: recovery)
            set(&node, "process.77.state", .text("failed"))
            node.advance(milliseconds: 1000)
            #expect(orders(node) == (order.map { [$0] } ?? []))
        }
    }

    @Test("A process that ends in order takes its keys away and is no longer watched")
    func gone() throws {
        var node = try node(Self.armed)
        watch(&node, recovery: "quit")
        for field in ["last_updated", "poll_period", "recovery", "state"] { set(&node, "process.77.\(field)", nil) }
        #expect(node.texts(.watchdog).last == "resource \"77\" deleted from cmap!")
        #expect(node.engine.watchdog.resources.allSatisfy { $0.name != "77" })
        for _ in 1...4 { node.advance(milliseconds: 5000) }
        #expect(orders(node).filter { $0 == .keepAlive }.count == 4)
    }

    @Test("What the monitor measures can be watched too")
    func memory() throws {
        var node = try node([
            "system.memory_used.max": .text("80"), "system.memory_used.recovery": .text("reboot"),
        ])
        node.advance(milliseconds: 0)
        node.engine.measured(.memory, 95, now: node.now)
        node.collect()
        // The engine hears of what the monitor wrote into the map.
        set(&node, "system.memory_used.last_updated", .u64(1))
        set(&node, "system.memory_used.state", .text("failed"))
        node.advance(milliseconds: 6000)
        #expect(orders(node) == [.reboot])
    }

    @Test("Keys of other shapes and of too many resources are left alone")
    func hostile() throws {
        var node = try node([:])
        for name in ["process.", "process..state", "x.1.state", "process.1.state.x", "process.1.other"] {
            set(&node, name, .text("running"))
        }
        let before = node.engine.watchdog.resources.count
        #expect(before <= 3)
        for number in 0..<5000 { set(&node, "process.n\(number).state", .text("running")) }
        #expect(node.engine.watchdog.resources.count == Watchdog.resourceLimit)
        set(&node, "process.n1.recovery", .binary([0xff]))
        set(&node, "process.n1.last_updated", .text("yesterday"))
        set(&node, "process.n1.poll_period", .u64(.max))
        set(&node, "process.n1.recovery", .text("quit"))
        set(&node, "process.n1.last_updated", .u64(.max))
        node.advance(milliseconds: 6000)
        #expect(orders(node).isEmpty)
    }
}
