import ClusterMap

/// Whether a program may connect, and if not, what it is told (spec: ipc.md 2.3).
public enum AccessDecision: Sendable, Equatable {
    case accept
    /// The first synchronisation is not complete: the library reports "try again".
    case notYet
    /// The service has been stopped.
    case serviceGone
    case lowOnDescriptors
    case denied
}

/// Who may connect. There is no finer right: whoever is in may use every request of every service.
public enum AccessPolicy {
    /// - Parameters:
    ///   - user: the real user id of the connecting process, as the kernel attests it.
    ///   - group: its real group id; supplementary groups do not count.
    ///   - isSynchronized: whether the first synchronisation of this daemon's life has completed.
    ///   - map: read at each connect, so that keys set at run time count at once.
    public static func decide(
        user: UInt32, group: UInt32, isSynchronized: Bool, isServiceRunning: Bool = true,
        isLowOnDescriptors: Bool, map: ClusterMap
    ) -> AccessDecision {
        guard isSynchronized else { return .notYet }
        guard isServiceRunning else { return .serviceGone }
        guard !isLowOnDescriptors else { return .lowOnDescriptors }
        if user == 0 || group == 0 { return .accept }
        let keys = [
            "uidgid.uid.\(user)", "uidgid.config.uid.\(user)", "uidgid.gid.\(group)", "uidgid.config.gid.\(group)",
        ]
        return keys.contains { map[$0] == .u8(1) } ? .accept : .denied
    }
}
