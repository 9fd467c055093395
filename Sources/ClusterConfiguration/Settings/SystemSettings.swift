import Basics

/// How the daemon runs as a process (spec: configuration.md 3.5).
public struct SystemSettings: Sendable, Hashable {
    public enum IPCType: String, Sendable, Hashable {
        case native, shm, socket
    }

    public enum RootControlGroup: String, Sendable, Hashable {
        case yes, no, auto
    }

    public var ipcType: IPCType
    public var usesRealTimeScheduling: Bool
    public var moveToRootControlGroup: RootControlGroup
    public var allowsKnetHandleFallback: Bool
    public var stateDirectory: String

    public static let standardStateDirectory = "/var/lib/corosync"
    /// In the state directory: the highest number of expected votes seen.
    public static let trackingFile = "ev_tracking"

    /// In the state directory: the sequence of the last ring a node has been on (spec: configuration.md 9.1).
    public static func ringIDFile(of node: NodeID) -> String { "ringid_\(node.rawValue)" }

    /// - Parameter standard: the state directory where the file names none.
    public init(_ document: ConfigurationDocument, stateDirectory standard: String = standardStateDirectory) {
        let entries = document.entries
        ipcType = IPCType(rawValue: entries.text("system.qb_ipc_type") ?? "native") ?? .native
        usesRealTimeScheduling = entries.text("system.sched_rr") != "no"
        moveToRootControlGroup =
            RootControlGroup(rawValue: entries.text("system.move_to_root_cgroup") ?? "auto") ?? .auto
        allowsKnetHandleFallback = entries.text("system.allow_knet_handle_fallback") == "yes"
        stateDirectory = entries.text("system.state_dir") ?? standard
    }
}
