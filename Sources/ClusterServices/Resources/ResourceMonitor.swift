import Basics
import ClusterMap

/// Service 6: measures what has a limit, and says in the map when it is exceeded (spec: services.md 8).
struct ResourceMonitor: Sendable {
    /// Milliseconds between two measurements that a client may ask for, and those it gets otherwise.
    static let periods: ClosedRange<UInt64> = 500...120_000
    static let defaultPeriod = ResourceDefault.pollPeriod

    enum State: String, Sendable {
        case stopped
        case running
        /// The limit was exceeded; lasts until the limit or the period is changed.
        case failed
    }

    private struct Gauge: Sendable {
        let resource: MonitoredResource
        var state = State.stopped
        var period = defaultPeriod
        /// `nil`: not measured.
        var limit: Double?
        var due: Instant?
    }

    private var gauges = MonitoredResource.allCases.map { Gauge(resource: $0) }

    /// Kept rather than found: it is asked for in every turn of the main loop.
    private(set) var nextDeadline: Instant?

    /// - Parameter entries: the keys below `resources.` that the configuration brought.
    mutating func load(_ entries: [MapEntry], _ now: Instant, _ out: inout ServiceOutputs) {
        for index in gauges.indices {
            let prefix = gauges[index].resource.prefix
            out.map(prefix + "current", gauges[index].resource.value(0))
            out.map(prefix + "last_updated", .u64(0))
            out.map(prefix + "state", .text(State.stopped.rawValue))
            // The file's value counts for nothing, as in Corosync.
            out.map(prefix + "poll_period", .u64(Self.defaultPeriod))
        }
        for entry in entries where !entry.name.hasSuffix(".poll_period") {
            changed(entry.name, to: entry.value, now, &out)
        }
    }

    /// The keys that others may watch, as they are now.
    var entries: [MapEntry] {
        gauges.flatMap { gauge in
            [
                MapEntry(name: gauge.resource.prefix + "state", value: .text(gauge.state.rawValue)),
                MapEntry(name: gauge.resource.prefix + "last_updated", value: .u64(0)),
                MapEntry(name: gauge.resource.prefix + "poll_period", value: .u64(gauge.period)),
            ]
        }
    }

    /// A key below `resources.` has changed; `nil` when it is gone.
    mutating func changed(_ name: String, to value: MapValue?, _ now: Instant, _ out: inout ServiceOutputs) {
        guard let index = gauges.firstIndex(where: { name.hasPrefix($0.resource.prefix) }) else { return }
        let resource = gauges[index].resource
        switch name.dropFirst(resource.prefix.utf8.count) {
        case "max":
            let text = value?.text
            gauges[index].limit = text.flatMap { Double($0) }
            if let text, gauges[index].limit == nil {
                out.log(
                    .warning, .monitoring, "\(name) is '\(printable(text.utf8))', not a number: nothing is measured")
            }
        case "poll_period":
            guard let wanted = value?.unsigned ?? value?.text.flatMap({ UInt64($0) }) else { return }
            guard wanted != gauges[index].period else { return }
            guard Self.periods.contains(wanted) else {
                return out.log(
                    .warning, .monitoring,
                    "Could NOT use poll_period:\(wanted) ms for resource \(resource.rawValue); allowed are 500 to 120000"
                )
            }
            out.log(.debug, .monitoring, "poll_period changing from:\(gauges[index].period) to \(wanted).")
            gauges[index].period = wanted
        default: return
        }
        let running = gauges[index].limit != nil
        enter(running ? .running : .stopped, because: "config_changed", index, &out)
        gauges[index].due = running ? now : nil
        nextDeadline = gauges.reduce(nil) { earliest($0, $1.due) }
    }

    /// Asks for what is due to be measured.
    mutating func advance(_ now: Instant, _ out: inout ServiceOutputs) {
        guard let nextDeadline, nextDeadline <= now else { return }
        for index in gauges.indices {
            guard let due = gauges[index].due, due <= now else { continue }
            gauges[index].due = now.adding(milliseconds: gauges[index].period)
            out.event(.measure(gauges[index].resource))
        }
        self.nextDeadline = gauges.reduce(nil) { earliest($0, $1.due) }
    }

    mutating func measured(
        _ resource: MonitoredResource, _ value: Double, _ now: Instant, _ out: inout ServiceOutputs
    ) {
        guard let index = gauges.firstIndex(where: { $0.resource == resource }), let limit = gauges[index].limit else {
            return
        }
        out.map(resource.prefix + "current", resource.value(value))
        out.map(resource.prefix + "last_updated", .u64(now.nanoseconds))
        if value > limit, gauges[index].state == .running { enter(.failed, because: "failure", index, &out) }
    }

    private mutating func enter(_ state: State, because event: String, _ index: Int, _ out: inout ServiceOutputs) {
        let gauge = gauges[index]
        guard state != gauge.state else { return }
        out.log(
            .info, .monitoring,
            "Fsm:\(gauge.resource.rawValue) event \"\(event)\", state \"\(gauge.state.rawValue)\" --> "
                + "\"\(state.rawValue)\"")
        gauges[index].state = state
        out.map(gauge.resource.prefix + "state", .text(state.rawValue))
    }
}
