import ClusterMap

/// What the resource monitor can measure on its machine.
public enum MonitoredResource: String, Sendable, CaseIterable {
    /// Processes ready to run, averaged over 15 minutes.
    case load = "load_15min"
    /// Memory in use, in percent.
    case memory = "memory_used"

    var prefix: String { "resources.system.\(rawValue)." }

    /// The measured value as its key holds it.
    func value(_ measured: Double) -> MapValue {
        switch self {
        case .load: .double(measured)
        case .memory: .u32(UInt32(exactly: measured.rounded(.down)) ?? 0)
        }
    }
}

/// What the shell does with the machine's watchdog, or with the machine.
public enum WatchdogOrder: Sendable, Equatable {
    /// Open the device; it resets the machine when it is not kept alive for so long.
    case open(device: String, seconds: UInt32)
    case keepAlive
    /// Disarm and close it: the node stops in order.
    case close
    case reboot
    case powerOff
}
