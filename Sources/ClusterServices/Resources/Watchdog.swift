import Basics
import ClusterMap

/// Service 7: keeps the machine's watchdog quiet as long as every watched resource is well (spec: services.md 8).
///
/// A resource is watched once it has a state and a recovery. It must report within one and a half times its period, and
/// its state must not be `failed`.
struct Watchdog: Sendable {
    /// Seconds the device may be set to, and those it is set to otherwise.
    static let timeouts: ClosedRange<UInt64> = 2...120
    static let defaultTimeout = ResourceDefault.watchdogTimeout
    /// Milliseconds between two reports of a resource.
    static let periods: ClosedRange<UInt64> = 500...120_000
    static let defaultPeriod: UInt64 = 6000
    /// More than any machine has; bounds what a client can make the daemon keep.
    static let resourceLimit = 1024

    private(set) var resources: [WatchedResource] = []
    private(set) var timeout = defaultTimeout
    private var hasDevice = false
    /// `nil` without a device, and once a resource has failed: then the device is left alone and resets the machine.
    private var tickleDue: Instant?
    private var healthy = true

    /// Kept rather than found: it is asked for in every turn of the main loop.
    private(set) var nextDeadline: Instant?

    /// - Parameter entries: the keys below `resources.` that the configuration brought.
    mutating func load(_ entries: [MapEntry], _ now: Instant, _ out: inout ServiceOutputs) {
        func value(_ name: String) -> MapValue? { entries.last { $0.name == name }?.value }
        if let given = value("resources.watchdog_timeout")?.unsigned {
            if Self.timeouts.contains(given) {
                timeout = UInt32(clamping: given)
            } else {
                out.log(
                    .warning, .watchdog,
                    "Set watchdog_timeout is out of range (2..120): \(given) s; \(Self.defaultTimeout) s it is")
            }
        }
        out.map("resources.watchdog_timeout", .u32(timeout))
        out.log(.debug, .watchdog, "The Watchdog timeout is \(timeout) seconds")
        out.log(.debug, .watchdog, "The tickle timeout is \(tickleInterval) ms")
        switch value("resources.watchdog_device")?.text {
        case nil, "": out.log(.info, .watchdog, "Watchdog not enabled by configuration")
        case "off": out.log(.info, .watchdog, "Watchdog disabled by configuration")
        case let device?:
            hasDevice = true
            out.event(.watchdog(.open(device: device, seconds: timeout)))
        }
        for entry in entries { changed(entry.name, to: entry.value, now, &out) }
        if !resources.contains(where: \.isWatched) { out.log(.info, .watchdog, "no resources configured.") }
        if hasDevice { tickleDue = now.adding(milliseconds: tickleInterval) }
        updateDeadline()
    }

    /// The node stops in order: nobody needs to reset the machine any more.
    mutating func unload(_ out: inout ServiceOutputs) {
        tickleDue = nil
        resources = []
        updateDeadline()
        if hasDevice { out.event(.watchdog(.close)) }
    }

    private mutating func updateDeadline() {
        nextDeadline = resources.reduce(tickleDue) { earliest($0, $1.due) }
    }

    private var tickleInterval: UInt64 { UInt64(timeout) * 500 }

    /// A key below `resources.` has changed; `nil` when it is gone.
    mutating func changed(_ name: String, to value: MapValue?, _ now: Instant, _ out: inout ServiceOutputs) {
        guard let key = WatchedResource.Key(name) else { return }
        defer { updateDeadline() }
        let index: Int
        if let found = resources.firstIndex(where: { $0.prefix == key.prefix }) {
            index = found
        } else {
            guard value != nil, resources.count < Self.resourceLimit else { return }
            index = resources.endIndex
            resources.append(WatchedResource(key))
        }
        let wasWatched = resources[index].isWatched
        resources[index].set(key.field, value, &out)
        if resources[index].isEmpty { resources.remove(at: index) }
        guard resources.indices.contains(index), resources[index].prefix == key.prefix, resources[index].isWatched
        else {
            if wasWatched {
                out.log(.warning, .watchdog, "resource \"\(printable(key.name.utf8))\" deleted from cmap!")
            }
            return
        }
        if !wasWatched, resources[index].periodIsMissing {
            out.map(key.prefix + "poll_period", .u64(Self.defaultPeriod))
        }
        if key.field != .lastUpdated { resources[index].start(now, &out) }
    }

    mutating func advance(_ now: Instant, _ out: inout ServiceOutputs) {
        guard let nextDeadline, nextDeadline <= now else { return }
        defer { updateDeadline() }
        for index in resources.indices {
            guard let due = resources[index].due, due <= now else { continue }
            guard let failure = resources[index].check(now, &out) else { continue }
            switch failure {
            case "watchdog", "quit": healthy = false
            case "reboot": out.event(.watchdog(.reboot))
            case "shutdown": out.event(.watchdog(.powerOff))
            default: break
            }
        }
        if let due = tickleDue, due <= now {
            guard healthy else {
                tickleDue = nil
                return out.log(.alert, .watchdog, "NOT tickling the watchdog!")
            }
            tickleDue = now.adding(milliseconds: tickleInterval)
            out.event(.watchdog(.keepAlive))
        }
    }
}
