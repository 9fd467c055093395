import Basics
import ClusterMap

/// The services that look after the machine itself (spec: services.md 8).
extension ServiceEngine {
    /// A key below `resources.` was changed, by whomever, or removed.
    public mutating func resourceChanged(_ name: String, to value: MapValue?, now: Instant) {
        guard unloading == .no else { return }
        monitor.changed(name, to: value, now, &out)
        watchdog.changed(name, to: value, now, &out)
    }

    /// The answer to `ServiceEvent.measure`.
    public mutating func measured(_ resource: MonitoredResource, _ value: Double, now: Instant) {
        monitor.measured(resource, value, now, &out)
    }
}
