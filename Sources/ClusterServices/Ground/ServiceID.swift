/// The services a node runs, with the facts by which logs, tools and other nodes know them (spec: services.md 1.1).
///
/// Id 4 belongs to the load generator, which Rondo leaves out: messages for it are those of a service that is not loaded.
public enum ServiceID: UInt16, Sendable, Hashable, CaseIterable {
    case map = 0
    case configuration = 1
    case processGroups = 2
    case quorum = 3
    case voteQuorum = 5
    case monitor = 6
    case watchdog = 7

    /// Name under which the service is loaded, as in `internal_configuration.service.ID.name`.
    public var loadName: String { "corosync_" + shortName }

    /// Name in map keys, as in `runtime.services.NAME.service_id`.
    public var shortName: String {
        switch self {
        case .map: "cmap"
        case .configuration: "cfg"
        case .processGroups: "cpg"
        case .quorum: "quorum"
        case .voteQuorum: "votequorum"
        case .monitor: "mon"
        case .watchdog: "wd"
        }
    }

    /// Name in log lines.
    public var engineName: String {
        switch self {
        case .map: "corosync configuration map access"
        case .configuration: "corosync configuration service"
        case .processGroups: "corosync cluster closed process group service v1.01"
        case .quorum: "corosync cluster quorum service v0.1"
        case .voteQuorum: "corosync vote quorum service v1.0"
        case .monitor: "corosync resource monitoring service"
        case .watchdog: "corosync watchdog service"
        }
    }

    /// Services with a higher priority are unloaded first.
    var priority: Int { self == .voteQuorum ? 2 : 1 }

    /// Number of message kinds the service understands; their ids are 0 ..< this.
    public var functionCount: Int {
        switch self {
        case .map: 1
        case .configuration: 5
        case .processGroups: 7
        case .quorum, .monitor, .watchdog: 0
        case .voteQuorum: 5
        }
    }

    /// Number of message kinds whose counters the map shows: those of Corosync 3.1.7.
    public var shownFunctionCount: Int { self == .voteQuorum ? 4 : functionCount }

    /// Functions of the process groups: what clients send to their groups, whole and in pieces.
    static let multicastFunction: UInt16 = 3
    static let fragmentFunction: UInt16 = 6

    /// Whether the service takes part in synchronisation.
    var synchronizes: Bool {
        switch self {
        case .map, .processGroups, .quorum, .voteQuorum: true
        case .configuration, .monitor, .watchdog: false
        }
    }
}

/// Which services are loaded.
struct LoadedServices: Sendable, Equatable {
    private var bits: UInt8 = 0

    func contains(_ service: ServiceID) -> Bool { bits & (1 << service.rawValue) != 0 }
    mutating func insert(_ service: ServiceID) { bits |= 1 << service.rawValue }
    mutating func remove(_ service: ServiceID) { bits &= ~(1 << service.rawValue) }

    /// The loaded ones that synchronise, by ascending id.
    var synchronizing: [ServiceID] { ServiceID.allCases.filter { contains($0) && $0.synchronizes } }
}
