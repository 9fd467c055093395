/// What happens, and how long it takes, from the end of one node to the new membership of the others
/// (spec: totem.md 7, 8.2, 9.5, 11, 12, 16).
///
/// Assumes that no packet is lost and no other node fails meanwhile; a lost join costs one more join interval.
public struct FailureTimeline: Sendable, Hashable {
    public enum Scenario: String, Sendable, Hashable, CaseIterable {
        /// A node other than the representative crashes or is cut off.
        case nodeDies = "node-dies"
        /// The member with the lowest id crashes, which on an idle ring holds the token nearly all the time.
        case representativeDies = "representative-dies"
        /// A node shuts down in order and says so.
        case nodeLeaves = "node-leaves"
        /// Only the process of a Rondo node ends, and its machine runs on (docs/decisions/refused-datagrams.md).
        case processEnds = "process-ends"
        /// The machine of a Rondo node, or its network, is lost (docs/decisions/silent-machines.md).
        case machineIsLost = "machine-is-lost"
    }

    public enum StepKind: String, Sendable, Hashable {
        case silence, gather, consensus, agreement, commit, recovery, leave, refusal, absence
    }

    public struct Step: Sendable, Hashable {
        public var kind: StepKind
        public var shortest: Microseconds
        public var longest: Microseconds
        public var explanation: String
    }

    public var scenario: Scenario
    public var steps: [Step]

    /// Nodes left after the failure.
    public var survivors: UInt32
    /// The timeout that tells the survivors: the token's, or the heartbeat's where that is on and shorter.
    public var timeout: Microseconds
    public var isHeartbeat: Bool

    public var shortest: Microseconds { steps.reduce(.zero) { $0 + $1.shortest } }
    /// The worst case.
    public var longest: Microseconds { steps.reduce(.zero) { $0 + $1.longest } }

    /// When `step` begins at the latest.
    public func latestStart(of index: Int) -> Microseconds {
        steps.prefix(max(0, index)).reduce(.zero) { $0 + $1.longest }
    }

    /// What follows the loss of a machine: silence tells of it, or, where nothing follows from silence, the token.
    public static func ofLoss(
        _ timings: TotemTimings, hop: Microseconds, rondo: RondoSettings
    ) -> FailureTimeline? {
        FailureTimeline(.machineIsLost, timings, hop: hop, rondo: rondo)
            ?? FailureTimeline(.nodeDies, timings, hop: hop, rondo: rondo)
    }

    /// - Parameters:
    ///   - hop: how long the token takes from one node to the next.
    ///   - rondo: what is set of beats and silence.
    /// - Returns: nil when nobody would be left, and for what nothing tells of.
    public init?(
        _ scenario: Scenario, _ timings: TotemTimings, hop: Microseconds,
        rondo: RondoSettings = RondoSettings(beat: 0)
    ) {
        let (beat, silence) = (rondo.beat(timings), rondo.silence(timings))
        guard timings.ringSize >= 2, scenario != .processEnds || beat > 0, scenario != .machineIsLost || silence > 0
        else { return nil }
        self.scenario = scenario
        survivors = timings.ringSize - 1
        // The representative has no heartbeat while it holds the token, so it cannot miss one when it survives alone.
        let heartbeat = scenario == .nodeDies && survivors == 1 ? nil : timings.heartbeatTimeout
        isHeartbeat = heartbeat != nil
        timeout = .milliseconds(heartbeat ?? timings.token)
        let work = StepBuilder(timings: timings, hop: hop, survivors: survivors)
        switch scenario {
        case .nodeDies, .representativeDies:
            steps = [
                work.silence(scenario, timeout, isHeartbeat: isHeartbeat), work.gather(), work.consensus(),
                work.agreement(), work.commit(), work.recovery(),
            ]
        case .nodeLeaves:
            steps = [work.leave(), work.agreement(), work.commit(), work.recovery()]
        case .processEnds:
            steps = [work.refusal(beat: beat), work.gather(), work.agreement(), work.commit(), work.recovery()]
        case .machineIsLost:
            steps = [
                work.absence(silence: silence, beat: beat), work.gather(), work.agreement(), work.commit(),
                work.recovery(),
            ]
        }
    }
}

private struct StepBuilder {
    let timings: TotemTimings
    let hop: Microseconds
    let survivors: UInt32

    private var rotation: Microseconds { hop * UInt64(survivors) }
    private var sendJoin: Microseconds { .milliseconds(timings.sendJoin) }

    func silence(
        _ scenario: FailureTimeline.Scenario, _ timeout: Microseconds, isHeartbeat: Bool
    ) -> FailureTimeline.Step {
        let beat = IdleHeartbeat(timings, hop: hop)
        let name = isHeartbeat ? "heartbeat" : "token"
        var longest = timeout + beat.rotation
        if isHeartbeat, scenario == .nodeDies {
            // The nodes before the dead one in the ring still see one beat; the representative only has its token timer.
            longest = min(timeout + beat.period, .milliseconds(timings.token) + beat.rotation)
        }
        let early =
            scenario == .representativeDies
            ? "if it had already held the token for hold, \(timings.hold) ms"
            : "if its last beat was hold, \(timings.hold) ms, ago"
        return FailureTimeline.Step(
            kind: .silence, shortest: timeout - beat.period, longest: longest,
            explanation:
                "Every node restarts its timer when the token passes. The first survivor's runs out "
                + "\(timeout.millisecondsText) (\(name)) after its last token; that is up to one beat sooner after the "
                + "death \(early). Sending the token again every \(timings.tokenRetransmit) ms does not help a dead "
                + "node.")
    }

    func refusal(beat: UInt32) -> FailureTimeline.Step {
        // The second refusal is asked for meanwhile; a token that was on its way begins the quiet anew.
        let quiet = max(.milliseconds(50), rotation * 3)
        return FailureTimeline.Step(
            kind: .refusal, shortest: quiet, longest: .milliseconds(beat) + rotation + quiet + .milliseconds(10),
            explanation:
                "Its machine refuses the beats that each member sends it every \(beat) ms (rondo.beat). After two refusals and "
                + "\(quiet.millisecondsText) without a token it is put on the list of failed nodes.")
    }

    func absence(silence: UInt32, beat: UInt32) -> FailureTimeline.Step {
        let promised = Microseconds.milliseconds(silence)
        let margin = Microseconds.milliseconds(2 * beat)
        // Its last beat was up to an interval before; what the others say of it comes with theirs.
        let earlier = Microseconds.milliseconds(beat)
        return FailureTimeline.Step(
            kind: .absence, shortest: promised + margin - earlier,
            longest: promised + margin + (survivors == 1 ? .zero : earlier),
            explanation: survivors == 1
                ? "When nothing has been heard of it for \(silence) ms (rondo.silence) and two beats of \(beat) ms, and its "
                    + "machine answers no echo requests, the survivor goes on alone."
                : "After \(silence) ms (rondo.silence) without a sign of anybody a node gives its ring up by itself. The others "
                    + "part with it two beats of \(beat) ms later, when its machine answers no echo requests and all of them "
                    + "miss it.")
    }

    func gather() -> FailureTimeline.Step {
        FailureTimeline.Step(
            kind: .gather, shortest: .zero, longest: hop + sendJoin,
            explanation: timings.sendJoin == 0
                ? "That node multicasts a join; whoever receives it stops and does the same."
                : "That node multicasts a join after a random delay of up to send_join, \(timings.sendJoin) ms; "
                    + "whoever receives it stops and does the same.")
    }

    func consensus() -> FailureTimeline.Step {
        FailureTimeline.Step(
            kind: .consensus, shortest: .milliseconds(timings.consensus), longest: .milliseconds(timings.consensus),
            explanation:
                "Joins are repeated every join, \(timings.join) ms. The dead node does not answer; after consensus, "
                + "\(timings.consensus) ms, it is put on the list of failed nodes.")
    }

    func agreement() -> FailureTimeline.Step {
        let alone = survivors == 1
        return FailureTimeline.Step(
            kind: .agreement, shortest: .zero,
            longest: alone ? .zero : .milliseconds(timings.join) + sendJoin,
            explanation: alone
                ? "The survivor agrees with itself at once."
                : "The survivors exchange their new lists; it takes up to one more join, \(timings.join) ms, until "
                    + "all agree.")
    }

    func commit() -> FailureTimeline.Step {
        FailureTimeline.Step(
            kind: .commit, shortest: rotation * 2, longest: rotation * 2,
            explanation: "The lowest survivor sends a commit token round twice; every node stores the new ring id.")
    }

    func recovery() -> FailureTimeline.Step {
        FailureTimeline.Step(
            kind: .recovery, shortest: rotation * 4, longest: rotation * 4,
            explanation:
                "Four rotations of the new token, more if messages of the old ring must be exchanged. Then the new "
                + "membership is reported and services synchronise.")
    }

    func leave() -> FailureTimeline.Step {
        FailureTimeline.Step(
            kind: .leave, shortest: .zero, longest: hop + sendJoin,
            explanation:
                "The leaving node multicasts that it leaves, once and without waiting. Nobody waits for token or "
                + "consensus. Should the message be lost, it is as if the node had died.")
    }
}
