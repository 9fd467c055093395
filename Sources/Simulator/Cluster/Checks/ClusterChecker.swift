import Basics
import ClientProtocol
import TotemWire

/// Watches programs and says when they are told what they must not be told.
///
/// It sees what a program sees, the bytes of its answers and events, and knows what programs have asked for and which
/// nodes run; into the engines it does not look.
struct ClusterChecker {
    let ids: [NodeID]
    let isLenient: Bool
    private let verdict = Verdict()
    var deliveries = 0
    var eventsRead = 0
    var ringsReported = 0

    // Process groups.
    var messages: [MulticastRecord] = []
    var memberships: [Membership] = []
    var listeners: [GroupListener] = []
    /// By connection.
    var listenerOf: [Int: Int] = [:]
    var groupNames: [String] = []
    var segments: [GroupMoment: [GroupSegment]] = [:]
    var views: [GroupMoment: (node: Int, view: [GroupProcessID])] = [:]

    /// Members of each ring, whoever has reported it.
    var ringMembers: [RingID: [NodeID]] = [:]

    /// The highest ring sequence each node has told of, in all its lives.
    var highestSequences: [UInt64]

    // Quorum and the map.
    var quorum: QuorumRecords
    private(set) var staleQuorum: StaleQuorum
    /// Nanoseconds after which whoever is cut off has to know it.
    var staleBound: UInt64 = 0
    var keyWatchers: [Int: KeyWatcher] = [:]
    /// Keys that programs have set, by node.
    var keys: [[String: UInt32]]

    var isUp: [Bool]
    var isLeaving: [Bool]
    /// The sequence of the last ring in which each node was on its way out, in all its lives.
    var leftIn: [UInt64]

    init(_ scenario: ClusterScenario) {
        ids = scenario.nodes
        isLenient = scenario.isLenient
        quorum = QuorumRecords(scenario)
        staleQuorum = StaleQuorum(nodes: ids.count)
        keys = Array(repeating: [:], count: ids.count)
        highestSequences = Array(repeating: 0, count: ids.count)
        isUp = Array(repeating: false, count: ids.count)
        isLeaving = isUp
        leftIn = Array(repeating: 0, count: isUp.count)
    }

    /// Apart from the records, so that a text that tells of them can be made while they are looked at.
    private final class Verdict {
        var now: UInt64 = 0
        var violation: ClusterViolation?
    }

    var violation: ClusterViolation? { verdict.violation }

    /// Virtual time in nanoseconds.
    func tick(_ now: UInt64) { verdict.now = now }

    var time: UInt64 { verdict.now }

    /// Notes the first violation; what follows from it is of no interest.
    func fail(_ invariant: ClusterInvariant, _ text: @autoclosure () -> String) {
        if isLenient, invariant != .liveness, invariant != .machine { return }
        guard verdict.violation == nil else { return }
        verdict.violation = ClusterViolation(invariant: invariant, time: verdict.now, text: text())
    }

    func require(_ condition: Bool, _ invariant: ClusterInvariant, _ text: @autoclosure () -> String) {
        if !condition { fail(invariant, text()) }
    }

    // MARK: Lives

    mutating func started(_ node: Int, life: Int) {
        isUp[node] = true
        isLeaving[node] = false
        keys[node] = [:]
        quorum.started(node)
    }

    mutating func stopped(_ node: Int) {
        isUp[node] = false
        quorum.stopped(node)
        staleQuorum.resumed(node)
        lookAtStaleQuorum()
        for index in memberships.indices where memberships[index].node == node { memberships[index].isOver = true }
    }

    mutating func paused(_ node: Int) {
        lookAtStaleQuorum()
        staleQuorum.paused(node)
    }

    /// A node goes on, and has taken in what came meanwhile.
    mutating func resumed(_ node: Int) {
        staleQuorum.resumed(node)
        lookAtStaleQuorum()
    }

    mutating func lookAtStaleQuorum() {
        guard quorum.options.promisesOnePartition, !quorum.hasChanged, !isLenient,
            let (node, time) = staleQuorum.look(at: quorum.decisions, ids, now: time, bound: staleBound)
        else { return }
        fail(
            .staleQuorum,
            "node \(ids[node]) was quorate for \(time / 1_000_000) ms in a ring that others had left without it; at most "
                + "\(staleBound / 1_000_000) ms are due")
    }

    /// A node has been told to end in order.
    mutating func leaving(_ node: Int, in ring: RingID?) {
        if let ring { leftIn[node] = ring.sequence }
        isLeaving[node] = true
        for index in memberships.indices where memberships[index].node == node && !memberships[index].isOver {
            memberships[index].nodeIsLeaving = true
        }
    }

    mutating func left(_ node: Int) { leaving(node, in: nil) }

    /// The ring id file is gone: rings of this node may come again, which is no fault of the protocol.
    mutating func lostDisk(_ node: Int) {
        highestSequences[node] = 0
        let mine = ringMembers.keys.filter { $0.representative == ids[node] }
        for ring in mine { ringMembers[ring] = nil }
        for moment in segments.keys where moment.ring?.representative == ids[node] { segments[moment] = nil }
        for moment in views.keys where moment.ring?.representative == ids[node] { views[moment] = nil }
    }

    mutating func published(_ text: ConfigurationText) { quorum.published(text) }

    mutating func reloaded(_ node: Int) { quorum.reloaded(node) }

    // MARK: Connections

    mutating func opened(_ connection: Int, _ service: LocalService, node: Int, pid: UInt32, plan: ProgramPlan) {
        switch service {
        case .cpg:
            guard case .groupMember(let habits) = plan.kind else { return }
            listenerOf[connection] = listeners.count
            listeners.append(
                GroupListener(
                    connection: connection, node: node, me: GroupProcessID(node: ids[node].rawValue, pid: pid),
                    wantsRing: habits.wantsRing))
        case .quorum, .votequorum: quorum.opened(connection, node: node, readsAtOnce: plan.reading == .atOnce)
        case .cmap: keyWatchers[connection] = KeyWatcher(node: node)
        case .cfg: break
        }
    }

    mutating func closed(_ connection: Int) {
        quorum.closed(connection)
        keyWatchers[connection] = nil
        guard let listener = listenerOf[connection] else { return }
        listenerOf[connection] = nil
        listeners[listener].isInside = false
        guard let index = listeners[listener].membership else { return }
        if !memberships[index].hasAskedToLeave { memberships[index].hasEndedInside = true }
        memberships[index].isOver = true
    }

    /// An event that a program has read.
    mutating func read(_ connection: Int, _ service: LocalService, _ message: LibraryMessage) {
        eventsRead += 1
        guard !isLenient else { return }
        require(
            message.isWhole, .wellFormed,
            "program reads \(message.bytes.count) bytes that claim to be \(message.u32(8))")
        switch service {
        case .cpg: readGroups(connection, message)
        case .quorum: readQuorum(connection, message)
        case .votequorum: readVotes(connection, message)
        case .cmap: readKeys(connection, message)
        case .cfg: break
        }
    }

    /// An answer that a program has got.
    mutating func answered(_ connection: Int, _ question: Program.Question, _ message: LibraryMessage) {
        guard !isLenient else { return }
        require(message.isWhole, .wellFormed, "the answer to \(question) has \(message.bytes.count) bytes")
        switch question {
        case .join, .leave, .membership, .piece: answeredGroups(connection, question, message)
        case .isQuorate: answeredQuorum(connection, message)
        case .voteInfo(let node): answeredVotes(connection, of: node, message)
        case .set, .delete, .get: answeredKeys(connection, question, message)
        case .finalize, .selectModel, .track, .status, .reload, .kill: break
        }
    }

    /// A ring that somebody has reported, with its members.
    mutating func noteRing(_ ring: RingID, _ members: [NodeID], by node: Int) {
        require(
            members.contains(ids[node]) && zip(members, members.dropFirst()).allSatisfy { $0 < $1 }
                && ring.representative == members.first, .ringReports,
            "node \(ids[node]) reports ring \(ring) of \(members)")
        let known = ringMembers[ring] ?? members
        require(
            known == members, .ringReports,
            "node \(ids[node]) reports ring \(ring) of \(members), another node reports \(known) for it")
        ringMembers[ring] = members
    }

    // MARK: The end

    /// What programs still lack; nil when nothing.
    var unrest: String? { groupUnrest ?? quorum.unrest }

    mutating func settled() {}

    /// The run is over, and everything at rest.
    mutating func finish() {
        finishGroups()
        finishQuorum()
        finishKeys()
    }
}
