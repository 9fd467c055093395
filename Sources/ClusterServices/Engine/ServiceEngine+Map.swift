import Basics
import ClusterMap
import TotemWire

/// What changes of the configuration map mean for the services (spec: services.md 3, 6.9).
extension ServiceEngine {
    private static let reloadKey = "config.totemconfig_reload_in_progress"
    private static let reloadStatusKey = "config.reload_status"
    private static let cancelKey = "quorum.cancel_wait_for_all"

    /// Some key was set or removed, by whomever. Keys that mean nothing to the services are ignored.
    ///
    /// Call it for every change, in order: changes during a reload take effect together at its end.
    ///
    /// - Parameter value: what the key holds now, `nil` when it was removed.
    public mutating func mapChanged(_ name: String, to value: MapValue?, in map: ClusterMap) {
        switch name {
        case ConfigVersionMessage.key:
            mapService.versionChanged(to: value?.unsigned, &out)
        case Self.reloadKey:
            isReloading = value?.unsigned == 1
            if !isReloading, value != nil, map[Self.reloadStatusKey] == .i32(1) { readQuorumConfiguration(map) }
        case Self.cancelKey:
            guard !isReloading, let wanted = value?.unsigned, wanted != 0 else { return }
            out.map(Self.cancelKey, .u8(0))
            readQuorumConfiguration(map)
            voteQuorum?.cancelWaitForAll(&out)
        default:
            guard name.hasPrefix("nodelist.") || name.hasPrefix("quorum."), !isReloading else { return }
            readQuorumConfiguration(map)
        }
    }

    private mutating func readQuorumConfiguration(_ map: ClusterMap) {
        guard voteQuorum != nil else { return }
        configuration.quorum = QuorumConfiguration(
            map: map, storedTrackingBarrier: configuration.quorum.storedTrackingBarrier)
        voteQuorum?.reconfigure(configuration.quorum, &out)
    }

    /// Text for `runtime.members.N.ip` of a node that becomes a member later.
    public mutating func setAddress(_ text: String, of node: NodeID) { configuration.memberAddresses[node] = text }
}

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
