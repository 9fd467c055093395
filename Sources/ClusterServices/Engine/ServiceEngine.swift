import Basics
import Totem
import TotemWire

/// All services of a node: gives messages and membership changes to them and carries out what they decide
/// (spec: services.md 1).
///
/// A value without clock and I/O. Feed it what the ring delivers, in order; after every call take the outputs and carry
/// them out in order.
public struct ServiceEngine: Sendable {
    public internal(set) var configuration: ServicesConfiguration
    var out = ServiceOutputs()
    var loaded = LoadedServices()
    var members = MemberDirectory()

    var mapService: MapService
    var configurationService: ConfigurationService
    var processGroups: ProcessGroups
    var quorum: QuorumService
    /// `nil` without the provider `corosync_votequorum`.
    var voteQuorum: VoteQuorum?
    var monitor = ResourceMonitor()
    var watchdog = Watchdog()

    var synchronizer = Synchronizer()
    /// From the first report of a membership change until all services agree with it. A node starts unsynchronised.
    public internal(set) var isSynchronizing = true
    /// Members that came along, as the latest transitional report named them.
    var transitional: [NodeID] = []
    var patience = Patience()
    var unloading = Unloading.no
    /// Between the two changes of the key that encloses a reload.
    var isReloading = false

    /// Votequorum is loaded where the configuration names it as provider.
    public static let voteQuorumProvider = "corosync_votequorum"

    public init(configuration: ServicesConfiguration) {
        self.configuration = configuration
        let nodeID = configuration.nodeID
        mapService = MapService(nodeID: nodeID, version: configuration.configVersion)
        configurationService = ConfigurationService(nodeID: nodeID)
        processGroups = ProcessGroups(nodeID: nodeID)
        quorum = QuorumService(hasProvider: configuration.quorum.provider != nil)
        voteQuorum = nil
    }

    public var nodeID: NodeID { configuration.nodeID }

    /// Whether this node may act as part of the cluster; always true without a quorum provider.
    public var isQuorate: Bool { quorum.view.isQuorate }

    /// Messages sent, delivered and refused so far.
    public var counters: DeliveryCounters { out.counters }

    /// Moves what is to be done into `buffer`, whose former content is dropped and whose memory is used again.
    public mutating func takeOutputs(into buffer: inout [ServiceOutput]) {
        assertInvariants()
        out.take(into: &buffer)
    }

    // MARK: Time

    /// When `advance` must be called next.
    public var nextDeadline: Instant? {
        // Mutating, so that no copy is made to ask.
        mutating get {
            earliest(
                earliest(voteQuorum?.nextDeadline, earliest(monitor.nextDeadline, watchdog.nextDeadline)),
                earliest(patience.deadline, unloading.deadline))
        }
    }

    public mutating func advance(_ now: Instant) {
        voteQuorum?.advance(now, &quorum, &out)
        monitor.advance(now, &out)
        watchdog.advance(now, &out)
        continueSynchronization(now)
        complainAboutSilence(now)
        if let deadline = unloading.deadline, deadline <= now { finishUnloading() }
    }
}

extension ServiceEngine {
    /// The first of the services' invariants that does not hold; nil when all do. (Mutating, so that no copy is made to
    /// ask.)
    package mutating func brokenInvariant() -> ServiceInvariant? {
        guard synchronizer.phase == .idle || isSynchronizing else { return .roundIsAnnounced }
        return synchronizer.brokenInvariant() ?? voteQuorum?.brokenInvariant() ?? processGroups.brokenInvariant()
    }

    /// Stops a debug build whose services have gone wrong. Costs nothing in a release build.
    @inline(__always)
    mutating func assertInvariants() { assert(brokenInvariant() == nil, brokenInvariant()?.text ?? "") }
}
