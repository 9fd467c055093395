import Basics
import ClientProtocol
import ClusterConfiguration
import ClusterMap

/// A new configuration for a running node (spec: configuration.md 6).
extension ClusterEngine {
    /// Key prefixes that belong to the file: what a new file does not say is removed.
    private static let filePrefixes = [
        "logging.", "totem.", "nodelist.", "quorum.", "uidgid.config.", "nozzle.", "rondo.",
        "runtime.config.totem.interface.",
    ]

    /// Puts a checked configuration in force and answers the clients that asked for it. Keys that a running node cannot
    /// change have their old values in it.
    ///
    /// - Parameter fault: what of it could not be put in force all the same, for `config.reload_error_message`.
    public mutating func reconfigure(_ new: EngineConfiguration, fault: String? = nil, now: Instant) {
        var new = new
        new.keepPacketSize(of: configuration)
        beginReload()
        if let fault { setInMap(Self.reloadFault, .text(fault)) }
        let wanted = new.entries
        for prefix in Self.filePrefixes {
            for entry in map.entries(withPrefix: prefix) where !wanted.contains(where: { $0.name == entry.name }) {
                try? map.delete(entry.name)
            }
        }
        for entry in wanted { setInMap(entry.name, entry.value) }
        configuration.nodes = new.nodes
        configuration.status = new.status
        configuration.timingInputs = new.timingInputs
        configuration.rondo = new.rondo
        configuration.waitingLimits = new.waitingLimits
        backPressure.limit = new.waitingLimits.holdBack
        configuration.ring = new.ring
        configuration.blocksUnlistedAddresses = new.blocksUnlistedAddresses
        losses.names = .init(configuration)
        for node in new.nodes {
            if let text = new.services.memberAddresses[node] { services.setAddress(text, of: node) }
        }
        reconfigureLinks(new.links, now: now)
        ring.reconfigure(parameters: new.ring, configured: new.nodes)
        endReload(.i32(1), error: nil, now: now)
    }

    /// The new configuration could not be read or is not valid: nothing has changed. The reason is in the map, too:
    /// corosync-cfgtool of 3.1.9 and later looks nowhere else.
    public mutating func reloadFailed(_ reason: String? = nil, now: Instant) {
        beginReload()
        if let reason { setInMap(Self.reloadFault, .text(reason)) }
        endReload(.i32(Int32(ClientError.invalidParameter.rawValue)), error: .invalidParameter, now: now)
    }

    private static let reloadFault = "config.reload_error_message"

    private mutating func beginReload() {
        try? map.delete(Self.reloadFault)
        setInMap("config.totemconfig_reload_in_progress", .u8(1))
        setInMap("config.reload_in_progress", .u8(1))
    }

    private mutating func endReload(_ status: MapValue, error: ClientError?, now: Instant) {
        setInMap("config.reload_status", status)
        setInMap("config.totemconfig_reload_in_progress", .u8(0))
        setInMap("config.reload_in_progress", .u8(0))
        reactToMap(now: now)
        for request in reloadsDue {
            guard let index = reloads.firstIndex(where: { $0.request == request }) else { continue }
            cfg.reloadFinished(reloads.remove(at: index).ticket, error: error)
        }
        reloadsDue = []
        carryOutClientActions(now: now)
        takeClientEvents()
    }
}
