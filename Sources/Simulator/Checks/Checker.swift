import Basics
import Totem
import TotemWire

/// Watches a simulated cluster from outside and says when an invariant of totem.md 25 does not hold.
///
/// It hears every datagram where it is sent and every event where it is delivered; of the machines' inside it only
/// looks at their progress numbers. It knows of each message in which ring its first and its last frame were sent, so
/// it can tell who must deliver it and where, without putting anything together itself.
struct Checker: Sendable {
    let parameters: RingParameters
    let ids: [NodeID]
    private let indices: [NodeID: Int]
    /// The network falsifies what it carries: nothing is expected but that machines stay sound and the cluster comes to rest.
    let isLenient: Bool
    var now: UInt64 = 0
    private(set) var violation: Violation?
    var nodes: [NodeRecord]
    var ledgers: [RingLedger] = []
    private var ledgerOf: [RingID: Int] = [:]
    var messages: [MessageRecord] = []
    /// Of everything observed, in order: two runs of one seed have the same.
    var digest = Digest()
    var deliveries = 0
    var installations = 0
    /// When the network last lost, falsified or held up something, and when a fault last struck.
    var networkTroubleAt: UInt64 = 0
    var disturbedAt: UInt64 = 0
    /// A node needs time for its calls.
    var isSlow = false {
        didSet {
            // What is read first then has waited as after a pause.
            guard oldValue, !isSlow else { return }
            // None of them has stood still for longer than a call.
            for node in nodes.indices { (nodes[node].pausedAt, nodes[node].resumedAt) = (now, now) }
        }
    }
    /// Nanoseconds within which what is sent has been read.
    var usualTravel: UInt64 = 0
    /// Nanoseconds for which each node as representative may keep the token.
    var holdTimes: [UInt64]
    /// For how long the members of a ring together may keep a token for local programs, by the node whose timeouts these are.
    var keepTimes: [UInt64]
    var parting: Parting?
    var signs: Signs
    /// How many there were when the cluster had come to rest.
    var restingInstallations = 0

    init(nodes ids: [NodeID], parameters: RingParameters, isLenient: Bool = false) {
        self.isLenient = isLenient
        self.ids = ids
        self.parameters = parameters
        nodes = ids.map { NodeRecord(id: $0, nodes: ids.count) }
        holdTimes = ids.map { _ in .max }
        keepTimes = holdTimes
        signs = Signs(nodes: ids.count)
        var indices: [NodeID: Int] = [:]
        for (index, id) in ids.enumerated() { indices[id] = index }
        self.indices = indices
    }

    var start: SequenceNumber { SequenceNumber(parameters.sequenceStart) }

    /// Notes the first violation; what follows from it is of no interest.
    mutating func fail(_ invariant: Invariant, _ text: (Checker) -> String) {
        if isLenient, invariant != .liveness, invariant != .machine { return }
        if violation == nil { violation = Violation(invariant: invariant, time: now, text: text(self)) }
    }

    mutating func require(_ condition: Bool, _ invariant: Invariant, _ text: (Checker) -> String) {
        if !condition { fail(invariant, text) }
    }

    func index(of node: NodeID) -> Int? { indices[node] }

    /// The place of a ring's ledger, opened when it was not known.
    mutating func ledger(of ring: RingID) -> Int {
        if let known = ledgerOf[ring] { return known }
        ledgerOf[ring] = ledgers.count
        ledgers.append(RingLedger(id: ring, start: start, nodes: ids.count))
        return ledgers.count - 1
    }

    // MARK: Lives

    mutating func started(_ node: Int) {
        nodes[node].isUp = true
        nodes[node].life += 1
        nodes[node].ring = -1
        nodes[node].members = []
        nodes[node].transition = nil
        nodes[node].isSynchronized = false
        nodes[node].cursor = -1
        nodes[node].regularMessages = []
        nodes[node].transitionalMessages = []
        nodes[node].ownDelivered = 0
        nodes[node].heard = Array(repeating: .init(), count: ids.count)
        nodes[node].togetherSince = Array(repeating: nodes[node].history + 1, count: ids.count)
        nodes[node].ordinarySubmitted = 0
        nodes[node].otherSubmitted = 0
        nodes[node].ordinaryEnded = 0
        nodes[node].otherEnded = 0
        nodes[node].openOrdinary = Array(repeating: -1, count: 256)
        nodes[node].openOther = nodes[node].openOrdinary
        nodes[node].progress = nil
        nodes[node].wait = nil
        nodes[node].tokenSentAt = 0
        nodes[node].isLagging = false
        nodes[node].caughtUpAt = 0
        nodes[node].refusals = []
        nodes[node].tokenTakenAt = 0
    }

    mutating func resumed(_ node: Int) { nodes[node].resumedAt = now }

    mutating func stopped(_ node: Int) {
        nodes[node].isUp = false
        nodes[node].progress = nil
    }

    /// The ring id file is gone: what was only this node's may come again, which is no fault of the protocol.
    mutating func lostDisk(_ node: Int) {
        nodes[node].stored = 0
        nodes[node].lastInstalled = 0
        for ledger in ledgers where ledger.id.representative == ids[node] { ledgerOf[ledger.id] = nil }
    }

    mutating func stored(_ node: Int, sequence: UInt64) {
        require(sequence > nodes[node].stored, .ringSequenceGrows) {
            "node \($0.ids[node]) stores ring sequence \(sequence) after \($0.nodes[node].stored)"
        }
        nodes[node].stored = sequence
    }

    // MARK: Senders

    /// A ring has taken a message; its number in the register was already written into it.
    mutating func submitted(_ node: Int, _ kind: MessageKind, ring: RingID?, body: Span<UInt8>) {
        if kind == .ordinary { nodes[node].ordinarySubmitted += 1 } else { nodes[node].otherSubmitted += 1 }
        messages.append(
            MessageRecord(
                sender: Int32(clamping: node), life: nodes[node].life, kind: kind,
                number: kind == .ordinary ? nodes[node].ordinarySubmitted : nodes[node].otherSubmitted,
                size: body.count, fingerprint: body.fingerprint, ring: ring, heardIn: Int32(clamping: nodes[node].ring),
                heardPlace: nodes[node].cursor))
    }

    func describe(_ message: Int) -> String {
        let record = messages[message]
        let kind =
            switch record.kind {
            case .ordinary: "message"
            case .state: "state message"
            case .barrier: "barrier message"
            }
        return "\(kind) \(record.number) of node \(ids[Int(record.sender)]) (\(record.size) bytes)"
    }
}
