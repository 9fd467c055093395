import Basics
import ClusterMap
import ClusterServices
import Totem

/// Keys that clients change to make the daemon do something (spec: configuration.md 8.1).
struct MapWatches: Sendable {
    private(set) var forceGather: TrackerID?
    private(set) var confirmedDown: TrackerID?
    private(set) var totem: TrackerID?
    private(set) var logging: TrackerID?
    private(set) var resources: TrackerID?
    /// Keys the services look at.
    private(set) var services: [TrackerID] = []

    mutating func start(_ map: inout ClusterMap) {
        forceGather = try? map.track("runtime.force_gather", .everything)
        confirmedDown = try? map.track(ClusterEngine.confirmedDownKey, [.add, .modify])
        totem = try? map.track("totem.", [.add, .modify, .delete, .prefix])
        resources = try? map.track("resources.", [.add, .modify, .delete, .prefix])
        logging = try? map.track("logging.", [.add, .modify, .delete, .prefix])
        services = ["quorum.", "nodelist.", "config."].compactMap { prefix in
            try? map.track(prefix, [.add, .modify, .delete, .prefix])
        }
    }
}

extension ClusterEngine {
    mutating func createRuntimeKeys() {
        setInMap("runtime.blackbox.dump_flight_data", .text("no"))
        setInMap("runtime.blackbox.dump_state", .text("no"))
        setInMap("runtime.force_gather", .text("no"))
    }

    /// Does what changed keys ask for.
    mutating func reactToMap(now: Instant) {
        guard map.hasNotifications(for: .daemon) else { return }
        var timingsChanged = false
        var loggingChanged = false
        for notification in map.takeNotifications(for: .daemon) {
            switch notification.tracker {
            case watches.forceGather: forceGather(notification, now: now)
            case watches.confirmedDown: confirmDown(notification, now: now)
            case watches.totem:
                services.mapChanged(notification.name, to: notification.new, in: map)
                timingsChanged = timingsChanged || notification.name != "totem.config_version"
            case watches.logging: loggingChanged = true
            case watches.resources: services.resourceChanged(notification.name, to: notification.new, now: now)
            default: services.mapChanged(notification.name, to: notification.new, in: map)
            }
        }
        if timingsChanged { retime() }
        if loggingChanged { directives.append(.loggingChanged) }
        carryOutOutputs(now: now)
    }

    /// What `EngineDirective.measure` asked for.
    public mutating func measured(_ resource: MonitoredResource, _ value: Double, now: Instant) {
        services.measured(resource, value, now: now)
        carryOutOutputs(now: now)
    }

    /// Any text but `no` asks for a new ring; the key goes back to `no`. Anything that is not text is ignored.
    private mutating func forceGather(_ notification: MapNotification, now: Instant) {
        guard let text = notification.new?.text, text != "no" else { return }
        setInMap("runtime.force_gather", .text("no"))
        _ = map.takeNotifications(for: .daemon)
        ring.forceGather(now: now)
    }
}
