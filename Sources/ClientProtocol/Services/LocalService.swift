/// A service programs on this machine can connect to, by its number (spec: ipc.md 1).
public enum LocalService: UInt32, Sendable, CaseIterable {
    case cmap = 0
    case cfg = 1
    case cpg = 2
    case quorum = 3
    case votequorum = 5

    /// The name of its socket.
    public var name: String {
        switch self {
        case .cmap: "cmap"
        case .cfg: "cfg"
        case .cpg: "cpg"
        case .quorum: "quorum"
        case .votequorum: "votequorum"
        }
    }

    /// Requests have ids from zero to below this.
    public var requestCount: UInt32 {
        switch self {
        case .cmap: 10
        case .cfg: 12
        case .cpg: 13
        case .quorum: 5
        case .votequorum: 12
        }
    }

    /// Whether a request needs room in the ring's send queue and no synchronisation running (spec: ipc.md 2.5).
    ///
    /// The ring status (cfg 0) is not among them, although Corosync counts it so: its library takes an error for an
    /// answer (spec: ipc.md 4.4), and reading a status needs no ring.
    public func isFlowControlled(_ request: UInt32) -> Bool {
        switch self {
        case .cfg: [1, 2, 3, 4, 7, 10, 11].contains(request)
        case .cpg: [0, 1, 2, 8, 9, 10, 11, 12].contains(request)
        case .cmap, .quorum, .votequorum: false
        }
    }

    /// Whether the library waits for a response: all requests have one but the process groups' multicast.
    public func isAnswered(_ request: UInt32) -> Bool { !(self == .cpg && request == 2) }
}
