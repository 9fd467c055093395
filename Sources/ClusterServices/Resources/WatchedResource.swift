import Basics
import ClusterMap

/// A part of the system, or a process, that must report that it is well: the keys `resources.system.NAME.` or
/// `resources.process.NAME.` (spec: services.md 8).
struct WatchedResource: Sendable {
    enum Field: String, Sendable {
        case state
        case recovery
        case period = "poll_period"
        case lastUpdated = "last_updated"
    }

    /// A key of such a resource.
    struct Key {
        let prefix: String
        let name: String
        let field: Field

        init?(_ key: String) {
            let parts = key.split(separator: ".", omittingEmptySubsequences: false)
            guard parts.count == 4, parts[0] == "resources", parts[1] == "system" || parts[1] == "process",
                let field = Field(rawValue: String(parts[3]))
            else { return nil }
            name = String(parts[2])
            prefix = "resources.\(parts[1]).\(name)."
            self.field = field
        }
    }

    let prefix: String
    let name: String
    private var state: String?
    private var recovery: String?
    private var period = Watchdog.defaultPeriod
    private(set) var periodIsMissing = true
    /// Nanoseconds of the machine's monotonic clock; 0 before the first report, `nil` without the key.
    private var lastUpdated: UInt64?
    /// `running` or `failed` once it is watched.
    private var phase = "stopped"
    private(set) var due: Instant?

    init(_ key: Key) {
        prefix = key.prefix
        name = key.name
    }

    var isWatched: Bool { state != nil && recovery != nil }
    var isEmpty: Bool { state == nil && recovery == nil && periodIsMissing && lastUpdated == nil }

    mutating func set(_ field: Field, _ value: MapValue?, _ out: inout ServiceOutputs) {
        switch field {
        case .state:
            state = value?.text
            if state != nil, recovery == nil {
                out.log(.debug, .watchdog, "resource \(printable(name.utf8)) missing a recovery key.")
            }
        case .recovery: recovery = value?.text
        case .lastUpdated: lastUpdated = value?.unsigned
        case .period:
            periodIsMissing = value == nil
            guard let wanted = value?.unsigned, Watchdog.periods.contains(wanted) else {
                period = Watchdog.defaultPeriod
                guard let value, value != .u64(Watchdog.defaultPeriod) else { return }
                return out.log(
                    .warning, .watchdog,
                    "Could NOT use poll_period of resource \(printable(name.utf8)): allowed is a u64 from 500 to 120000 ms"
                )
            }
            period = wanted
        }
        if !isWatched {
            due = nil
            phase = "stopped"
        }
    }

    /// Watches from now on.
    mutating func start(_ now: Instant, _ out: inout ServiceOutputs) {
        enter("running", because: "config_changed", &out)
        due = now.adding(milliseconds: period)
    }

    /// - Returns: what to do, when the resource has failed; `nil` when it is well.
    mutating func check(_ now: Instant, _ out: inout ServiceOutputs) -> String? {
        guard !isWell(now, &out) else {
            due = now.adding(milliseconds: period)
            return nil
        }
        due = nil
        out.log(
            .critical, .watchdog,
            "\(printable((recovery ?? "").utf8)) resource \"\(printable(name.utf8))\" failed!")
        enter("failed", because: "failure", &out)
        return recovery
    }

    private func isWell(_ now: Instant, _ out: inout ServiceOutputs) -> Bool {
        guard let lastUpdated, state != "failed" else { return false }
        guard lastUpdated != 0 else { return true }
        let limit = Instant(nanoseconds: lastUpdated).adding(milliseconds: period + period / 2)
        guard limit < now else { return true }
        out.log(
            .error, .watchdog,
            "last_updated \(now.milliseconds(since: limit)) ms too late, period:\(period).")
        return false
    }

    private mutating func enter(_ new: String, because event: String, _ out: inout ServiceOutputs) {
        guard new != phase else { return }
        out.log(
            .info, .watchdog,
            "Fsm:\(printable(name.utf8)) event \"\(event)\", state \"\(phase)\" --> \"\(new)\"")
        phase = new
    }
}
