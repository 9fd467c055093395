import Basics
import TotemWire

/// The agreement on when every member has finished which service (spec: services.md 2).
///
/// It only counts; the engine calls the services. One round goes through the union of all members' service lists, with
/// a barrier of every member after each.
struct Synchronizer: Sendable {
    enum Phase: Sendable, Equatable {
        /// No round, or the last one completed.
        case idle
        /// Members tell which services they have.
        case build
        /// The current service has something left to send here.
        case process
        /// This node has finished the current service and waits for the others.
        case barrier
    }

    private(set) var phase = Phase.idle
    private(set) var ringID = RingID.none
    private(set) var members: [NodeID] = []
    private var received: [Bool] = []
    private var missing = 0
    /// Ids of the union list, ascending.
    private(set) var services: [UInt32] = []
    private var index = 0

    /// The service being synchronised, `nil` before and after.
    var current: UInt32? {
        (phase == .process || phase == .barrier) && index < services.count ? services[index] : nil
    }

    /// Members whose service list or barrier has not come yet, ascending.
    var silent: [NodeID] {
        phase == .idle ? [] : members.indices.filter { !received[$0] }.map { members[$0] }
    }

    mutating func start(ringID: RingID, members: [NodeID], services: [UInt32]) {
        self.ringID = ringID
        self.members = members
        self.services = services.sorted()
        index = 0
        phase = .build
        awaitEverybody()
    }

    /// Ends the round: late messages of it will not match any ring.
    mutating func abort() {
        ringID = .none
        phase = .idle
    }

    enum BuildResult: Sendable, Equatable {
        case stale
        /// Sent twice, after all lists were in, or by a node outside the ring.
        case unexpected
        case waiting
        /// All lists are in: the first service can begin.
        case complete
    }

    mutating func received(_ build: ServiceBuild, from node: NodeID) -> BuildResult {
        guard build.ringID == ringID, ringID != .none else { return .stale }
        guard phase == .build, mark(node) else { return .unexpected }
        for id in build.services where !services.contains(id) { services.append(id) }
        services.sort()
        return missing == 0 ? .complete : .waiting
    }

    enum BarrierResult: Sendable, Equatable {
        case stale
        case unexpected
        case waiting
        /// Everybody has finished this service: activate it, then begin the next.
        case commit(UInt32)
    }

    mutating func received(_ barrier: Barrier, from node: NodeID) -> BarrierResult {
        guard barrier.ringID == ringID, ringID != .none else { return .stale }
        guard let service = current, mark(node) else { return .unexpected }
        return missing == 0 ? .commit(service) : .waiting
    }

    /// Begins the first service, or ends the round when there is none.
    mutating func beginFirst() { begin(0) }

    /// Begins the service after the current one, or ends the round.
    mutating func beginNext() { begin(index + 1) }

    /// The current service has sent everything; its barrier goes out.
    mutating func finishProcessing() {
        if phase == .process { phase = .barrier }
    }

    private mutating func begin(_ next: Int) {
        index = next
        phase = next < services.count ? .process : .idle
        awaitEverybody()
    }

    private mutating func awaitEverybody() {
        received = Array(repeating: false, count: members.count)
        missing = members.count
    }

    /// - Returns: whether `node` is a member that had not been marked.
    private mutating func mark(_ node: NodeID) -> Bool {
        guard let position = members.firstIndex(of: node), !received[position] else { return false }
        received[position] = true
        missing -= 1
        return true
    }

    func brokenInvariant() -> ServiceInvariant? {
        guard phase != .idle else { return nil }
        guard received.count == members.count, missing == received.count(where: { !$0 }) else { return .countsMissing }
        guard missing > 0, ringID != .none else { return .waitsForSomebody }
        guard phase == .build || services.indices.contains(index), services.isStrictlyAscending else {
            return .synchronizesListed
        }
        return nil
    }
}

extension Collection where Element: Comparable {
    /// Whether each element is less than the next.
    var isStrictlyAscending: Bool { zip(self, dropFirst()).allSatisfy { $0 < $1 } }
}
