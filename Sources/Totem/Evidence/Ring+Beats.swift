import Basics
import TotemWire

/// Beats: each other member is sent one a few times a second, whatever the token does (docs/decisions/refused-datagrams.md).
///
/// They are no second token: nothing follows from a beat that does not come. Where the process of a member has ended its
/// machine refuses the beat, and that is told within a round trip.
extension TotemRing {
    /// In a ring of more members each is sent beats by up to sixteen of the others only.
    private static let fewMembers = 32

    // MARK: Sending

    /// A ring has been installed: its members beat one after the other.
    mutating func beginBeats(companions: [NodeID], now: Instant) {
        beats.install(companions: companions)
        suspicions.restrict(to: members)
        silences.install(members, now: now)
        awaitsWitnesses = false
        namings = []
        questions.removeAll { !members.contains($0) }
        // A standstill that ended the last ring is told of in this one.
        if parameters.beat > 0 { _ = alertness.note(now, every: parameters.beat) }
        alertness.rest()
        guard parameters.beat > 0, members.count > 1, let place = members.place(of: me) else {
            return timers.cancel(.beat)
        }
        let milliseconds = UInt64(parameters.beat) * UInt64(place) / UInt64(members.count)
        timers.start(.beat, milliseconds: milliseconds, now: now)
    }

    /// A ring is given up and another is to be formed: whether the members are there is asked more often.
    mutating func hastenBeats(now: Instant) {
        guard parameters.beat > 0, members.count > 1 else { return }
        timers.start(.beat, milliseconds: formingBeat, now: now)
    }

    /// The time for beats has come.
    mutating func beat(now: Instant) {
        guard parameters.beat > 0 else { return }
        timers.start(.beat, milliseconds: isOperational ? UInt64(parameters.beat) : formingBeat, now: now)
        var hearers = hearers
        hearers.add(complaintHearers(now: now))
        let silent = silenceComplaints(now: now)
        // Who takes part in forming a ring is not asked for any more, but may be a witness.
        if heedsSilence, !isOperational { hearers.add(beatingParties(now: now).filter { observes(me, $0) }) }
        for node in hearers { sendBeat(to: node, silent: silent, now: now) }
        lookAtSilences(now: now)
    }

    /// Sets beats going that a reload has asked for.
    mutating func resumeBeats(now: Instant) {
        if parameters.beat > 0, !timers.isRunning(.beat), !isIdle, members.count > 1 { beat(now: now) }
    }

    /// A reload has switched beats off, or changed how often there are any.
    mutating func rearrangeBeats() {
        // The statistics' timer sets them going again.
        timers.cancel(.beat)
        alertness.rest()
        guard parameters.beat == 0 else { return }
        suspicions = Suspicions()
        timers.cancel(.suspicion)
    }

    mutating func sendBeat(to node: NodeID, silent: [Beat.Complaint] = [], now: Instant) {
        statistics.beatTx &+= 1
        let complaints = suspicions.nodes.map {
            Beat.Complaint(node: $0, silence: 0, evidence: Beat.Complaint.refusal)
        }
        var packet = Beat(
            header: PacketHeader(type: .holdCancel, nodeID: me), ringID: installedRingID, incarnation: incarnation,
            number: beats.takeNumber(), complaints: complaints + silent)
        packet.promise = promise
        packet.interval = UInt16(clamping: parameters.beat)
        packet.longestStandstill = alertness.longestStandstill(now: now)
        packet.wasStandingStill = alertness.stoodStill(
            within: UInt64(parameters.silence) * 1_000_000 + 2_000_000 * UInt64(parameters.beat), now: now)
        outbox.send(to: node, asksForRefusal: true) { packet.encode(into: &$0) }
    }

    /// Milliseconds between beats while a ring is being formed: joins must have had time to come.
    private var formingBeat: UInt64 { min(UInt64(parameters.beat), 2 * UInt64(parameters.join)) }

    /// Whom beats go to: only members of my installed ring, since only those are ever accused.
    var hearers: [NodeID] {
        switch state {
        case .idle: []
        case .operational: observed
        case .gather(let gather):
            candidates.filter { members.contains($0) && !gather.consensus.contains($0) && observes(me, $0) }
        case .commit(let commit): commit.token.addresses.filter { members.contains($0) && observes(me, $0) }
        case .recovery(let recovery): recovery.token.addresses.filter { members.contains($0) && observes(me, $0) }
        }
    }

    /// The members that this one sends beats to.
    private var observed: [NodeID] { members.filter { observes(me, $0) } }

    /// Whether a member sends another one beats: in a large ring those at distances 1, 2, 4 … on either side.
    func observes(_ observer: NodeID, _ node: NodeID) -> Bool {
        guard observer != node else { return false }
        let count = members.count
        guard count > Self.fewMembers, let a = members.place(of: observer), let b = members.place(of: node) else {
            return true
        }
        let distance = a < b ? b - a : a - b
        return min(distance, count - distance).nonzeroBitCount == 1
    }

    // MARK: Receiving

    mutating func receive(_ beat: Beat, now: Instant) {
        let sender = beat.header.nodeID
        guard isConfigured(sender), sender != me else {
            return drop(.holdCancel, from: sender, "its sender is no other node of the nodelist")
        }
        // Of another ring, or of a node that is just coming: it says nothing of my members.
        guard beat.ringID == installedRingID, members.contains(sender) else { return ignore() }
        statistics.beatRx &+= 1
        beats.heard(beat, now: now)
        silences.hear(beat.complaints, of: sender, now: now)
        if awaitsWitnesses { lookAtSilences(now: now) }
        for complaint in beat.complaints
        where complaint.evidence == Beat.Complaint.refusal && members.contains(complaint.node) {
            suspicions.witness(sender, complaint.node, now: now)
        }
        if !suspicions.isEmpty { judge(now: now) }
    }
}
