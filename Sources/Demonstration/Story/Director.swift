import Basics
import ClusterConfiguration
import TotemWire

/// Leads the demonstration through its parts: says what is to be done next, and tells what happens.
///
/// Knows neither sockets nor terminal nor clock; `Stage` is the shell around it.
struct Director: Sendable {
    enum Command: Sendable, Equatable {
        /// The node stops in the middle of whatever it does, and its machine says nothing any more, as after a loss of power.
        case kill(NodeID)
        case start(NodeID)
        /// All nodes send messages, or stop sending.
        case speak(Bool)
        /// A link of all nodes carries nothing more, or carries again.
        case cut(UInt8, Bool)
    }

    enum Part: Sendable, Equatable {
        case forming
        case resting
        case talking
        case comparing
        case cutting
        case bridging
        case comparingBridged
        case mending
        case dying
        case failing
        case alone
        case comparingAlone
        case returning
        case together
        case comparingAll
        case done
    }

    let plan: RingPlan
    let schedule: Schedule
    let hasLoss: Bool
    let start: Instant
    private(set) var part = Part.forming
    private(set) var partBegan: Instant
    /// While a link is cut or comes back.
    var linkWatch: LinkWatch?
    var ringBeforeCut: RingID?
    /// When the present part is over, or is given up.
    private(set) var deadline: Instant
    private(set) var isStale = true

    var commands: [Command] = []
    var lines: [StoryLine] = []
    var alive: [NodeID]
    var meter: HeartbeatMeter
    var ledger = MessageLedger()
    /// The group as each node sees it.
    private var groups: [NodeID: [NodeID]] = [:]
    var watch: FailureWatch?
    var summary: DemonstrationSummary
    private var toldSteps = 0
    /// A living node was taken for dead: some time there were two rings.
    private var wasSplit = false

    init(plan: RingPlan, schedule: Schedule, options: DemonstrationOptions, port: UInt16, now: Instant) {
        self.plan = plan
        self.schedule = schedule
        hasLoss = options.loss > 0
        start = now
        partBegan = now
        deadline = now
        alive = plan.nodes
        meter = HeartbeatMeter(
            rotationsBeforeHold: plan.heartbeat.rotationsBeforeHold, holdMilliseconds: plan.timings.hold)
        summary = DemonstrationSummary(plan: plan, loss: options.loss, port: port)
        for id in plan.nodes { ledger.start(id) }
        deadline = limit(after: plan.returning, now)
        let last = plan.nodes.last.map { RingPlan.address(of: $0) } ?? ""
        tell(
            .heading,
            "\(plan.nodes.count) nodes on \(RingPlan.address(of: NodeID(1))) to \(last), port \(port)"
                + (hasLoss ? ", \(Self.percent(options.loss)) of the packets lost" : ""), now)
        tellLinks(port, now)
        tell(
            .fact,
            "token \(plan.timings.token) ms, consensus \(plan.timings.consensus) ms, hold "
                + "\(plan.timings.hold) ms (\(plan.origin))", now)
    }

    static func percent(_ number: Double) -> String {
        number == number.rounded() ? "\(Int(number)) %" : "\(number) %"
    }

    // MARK: What happens

    mutating func observe(_ event: NodeEvent, of node: NodeID, at now: Instant) {
        switch event {
        case .tokenVisit:
            meter.visit(node, at: now)
            notePause(node)
            return
        case .link(let number, let other, let isUp):
            linkWatch?.observe(number, from: node, to: other, isUp: isUp, at: now)
        case .group(.changed(let members)):
            let missing = (groups[node] ?? []).filter { alive.contains($0) && !members.contains($0) }
            if !missing.isEmpty { wasSplit = true }
            groups[node] = members
            ledger.changed(members, on: node)
        case .group(.delivered(let key)):
            ledger.delivered(key, on: node)
        case .gather:
            meter.forget(node)
            mentionSurprise(node, now)
        case .tokenLost, .consensusExpired, .commit, .recovery, .operational, .synchronized: break
        }
        watch?.observe(event, of: node, at: now)
        tellSteps(now)
        isStale = true
    }

    /// Whether `advance` has something to decide.
    func wantsAttention(_ now: Instant) -> Bool { isStale || deadline <= now }

    /// A ring that breaks in a part in which nobody meant it to.
    private mutating func mentionSurprise(_ node: NodeID, _ now: Instant) {
        switch part {
        case .forming, .failing, .returning, .done: return
        case .resting, .talking, .comparing, .cutting, .bridging, .comparingBridged, .mending, .dying, .alone,
            .comparingAlone, .together, .comparingAll:
            break
        }
        summary.surprises += 1
        guard summary.surprises == 1 || !(lines.last?.tone == .warning) else { return }
        tell(
            .warning,
            "node \(node) leaves the ring and calls for a new one: "
                + (hasLoss ? "too many packets were lost in a row" : "this machine let it wait for too long"), now)
    }

    private mutating func tellSteps(_ now: Instant) {
        guard let watch else { return }
        if watch.steps.count < toldSteps {
            toldSteps = watch.steps.count
            tell(.warning, "the attempt failed; once more", now)
        }
        while toldSteps < watch.steps.count {
            let step = watch.steps[toldSteps]
            toldSteps += 1
            guard let computed = plan.failure.steps.first(where: { $0.kind == step.kind }) else { continue }
            tell(
                .fact,
                StepText.columns(step.kind.title, step.lasted.shortText, StepText.range(computed))
                    + StepText.remark(step, survivors: alive.count), now)
        }
    }

    // MARK: What is next

    /// Decides what is to be done now.
    mutating func advance(_ now: Instant, _ statuses: [NodeStatus]) {
        isStale = false
        let isOver = deadline <= now
        switch part {
        case .forming: advanceForming(now, statuses, isOver)
        case .resting: if isOver { endRest(now) }
        case .talking: if isOver { compare(.comparing, now) }
        case .comparing: advanceComparing(now, statuses, isOver)
        case .cutting: advanceCutting(now, statuses, isOver)
        case .bridging: if isOver { compare(.comparingBridged, now) }
        case .comparingBridged: advanceComparing(now, statuses, isOver)
        case .mending: advanceMending(now, statuses, isOver)
        case .dying:
            guard isOver else { return }
            // A ring that is just being repaired would spoil the measurement.
            if wholeRing(statuses) != nil { kill(now) } else { enter(.dying, now, for: Schedule.beforeDeath) }
        case .failing: advanceFailing(now, statuses, isOver)
        case .alone: if isOver { compare(.comparingAlone, now) }
        case .comparingAlone: advanceComparing(now, statuses, isOver)
        case .returning: advanceReturning(now, statuses, isOver)
        case .together: if isOver { compare(.comparingAll, now) }
        case .comparingAll: advanceComparing(now, statuses, isOver)
        case .done: break
        }
    }

    private mutating func advanceForming(_ now: Instant, _ statuses: [NodeStatus], _ isOver: Bool) {
        guard let ring = wholeRing(statuses) else {
            if isOver { fail("the nodes did not form a ring", now, statuses) }
            return
        }
        summary.formed = Microseconds(now.nanoseconds(since: start) / 1000)
        tell(.success, "ring \(ring) of \(Self.names(alive)) formed after \(summary.formed.shortText)", now)
        tell(
            .heading, "rest: nobody sends, the heartbeat is measured for \(schedule.rest.shortText)", now)
        meter.beginRest()
        enter(.resting, now, for: schedule.rest)
    }

    private mutating func endRest(_ now: Instant) {
        meter.endRest()
        summary.heartbeat = meter.rest.spread
        if let beat = meter.rest.spread {
            tell(
                .success,
                "heartbeat \(beat.median.millisecondsText), computed \(plan.heartbeat.period.millisecondsText) "
                    + "(\(beat.count) beats, \(beat.minimum.millisecondsText) to "
                    + "\(beat.maximum.millisecondsText))", now)
        } else {
            tell(.warning, "the token did not rest, no heartbeat was measured", now)
        }
        tell(.heading, "messages: every node sends, all must deliver everything in one order", now)
        commands.append(.speak(true))
        enter(.talking, now, for: schedule.talk)
    }

    private mutating func compare(_ part: Part, _ now: Instant) {
        commands.append(.speak(false))
        enter(part, now, until: limit(after: plan.failure.longest, now))
    }

    private mutating func advanceComparing(_ now: Instant, _ statuses: [NodeStatus], _ isOver: Bool) {
        let settled = wholeRing(statuses) != nil && running(statuses).allSatisfy { $0.outstanding == 0 }
        guard settled, let view = ledger.common else {
            if isOver { fail("the nodes did not deliver the same messages in the same order", now, statuses) }
            return
        }
        if let fault = ledger.fault(wasSplit: wasSplit) { return fail(fault, now, statuses) }
        summary.messages = ledger.total
        summary.digests.append(view.digestText)
        summary.motion = meter.motion.spread
        tell(
            .success,
            "\(view.count) messages in the same order on \(Self.names(alive)) (digest \(view.digestText))",
            now)
        switch part {
        case .comparing:
            commands.append(.speak(true))
            if plan.links == nil { enter(.dying, now, for: Schedule.beforeDeath) } else { cutLink(now, statuses) }
        case .comparingBridged:
            commands.append(.speak(true))
            mendLink(now, statuses)
        case .comparingAlone: bringBack(now)
        default: finish(now)
        }
    }

    private mutating func kill(_ now: Instant) {
        let victim = plan.victim
        alive.removeAll { $0 == victim }
        ledger.end(victim)
        groups[victim] = nil
        commands.append(.kill(victim))
        tell(
            .heading,
            "death: the machine of node \(victim)\(victim.rawValue == 1 ? ", the representative," : "") is lost",
            now)
        tell(.fact, StepText.columns("", "measured", StepText.computed(hasLoss: hasLoss)), now)
        watch = FailureWatch(death: now, survivors: alive)
        toldSteps = 0
        enter(.failing, now, until: limit(after: plan.failure.longest, now))
    }

    private mutating func advanceFailing(_ now: Instant, _ statuses: [NodeStatus], _ isOver: Bool) {
        guard let watch, watch.current == nil, let last = watch.steps.last, let ring = wholeRing(statuses) else {
            if isOver { fail("the survivors did not form a ring", now, statuses) }
            return
        }
        summary.failure = watch.steps
        let hasQuorum = running(statuses).allSatisfy(\.isQuorate)
        tell(
            .fact,
            StepText.columns(
                "in all", last.over.shortText, StepText.range(plan.failure.shortest, plan.failure.longest)), now)
        tell(
            .success,
            "ring \(ring) of \(Self.names(alive)), \(hasQuorum ? "with" : "without") quorum, "
                + "\(last.over.shortText) after the death", now)
        mentionLateness(last.over, plan.failure.longest, now)
        enter(.alone, now, for: schedule.alone)
    }

    private mutating func bringBack(_ now: Instant) {
        let victim = plan.victim
        alive = plan.nodes
        ledger.start(victim)
        commands.append(.start(victim))
        tell(.heading, "return: node \(victim) is started again", now)
        enter(.returning, now, until: limit(after: plan.returning, now))
    }

    private mutating func advanceReturning(_ now: Instant, _ statuses: [NodeStatus], _ isOver: Bool) {
        guard let ring = wholeRing(statuses) else {
            if isOver { fail("node \(plan.victim) did not get back into the ring", now, statuses) }
            return
        }
        let took = Microseconds(now.nanoseconds(since: partBegan) / 1000)
        summary.returned = took
        tell(
            .success,
            "ring \(ring) of \(Self.names(alive)) after \(took.shortText), computed up to "
                + plan.returning.shortText, now)
        mentionLateness(took, plan.returning, now)
        commands.append(.speak(true))
        enter(.together, now, for: schedule.together)
    }

    mutating func mentionLateness(_ measured: Microseconds, _ computed: Microseconds, _ now: Instant) {
        // A busy machine's scheduler may add some hundredths to every timeout.
        guard measured > computed + Microseconds(computed.count / 20 + 50_000) else { return }
        summary.wasLate = true
        tell(
            .warning,
            "later than computed: the computation knows of "
                + (hasLoss ? "no lost packets" : "no other work on this machine"), now)
    }

    // MARK: The end

    private mutating func finish(_ now: Instant) {
        summary.took = Microseconds(now.nanoseconds(since: start) / 1000)
        part = .done
    }

    mutating func fail(_ reason: String, _ now: Instant, _ statuses: [NodeStatus]) {
        tell(.failure, reason, now)
        for status in statuses {
            let view = ledger.view(status.id) ?? MessageLedger.View()
            tell(
                .failure,
                "node \(status.id): \(status.phase.rawValue)\(status.isSynchronized ? "" : ", synchronising"), "
                    + "ring \(status.ring), members \(Self.list(status.members)), "
                    + "group \(Self.list(groups[status.id] ?? [])) with \(view.count) messages "
                    + "(digest \(view.digestText)), \(status.outstanding) under way", now)
        }
        summary.failures.append(reason)
        finish(now)
    }

    // MARK: Helpers

    mutating func enter(_ part: Part, _ now: Instant, for length: Microseconds) {
        enter(part, now, until: now.adding(nanoseconds: length.count * 1000))
    }

    mutating func enter(_ part: Part, _ now: Instant, until deadline: Instant) {
        self.part = part
        self.deadline = deadline
        partBegan = now
        isStale = true
    }

    /// How long something computed is waited for before it is given up.
    ///
    /// Where packets are lost, a new ring may take several attempts, each as long as after a failure.
    func limit(after computed: Microseconds, _ now: Instant) -> Instant {
        let attempts = hasLoss ? plan.failure.longest * 10 : .zero
        let patience = computed * 2 + attempts + Microseconds(10_000_000)
        return now.adding(nanoseconds: patience.count * 1000)
    }

    private func running(_ statuses: [NodeStatus]) -> [NodeStatus] { statuses.filter { $0.phase != .down } }

    /// The ring in which all living nodes are, with their services and applications; nil while there is none.
    func wholeRing(_ statuses: [NodeStatus]) -> RingID? {
        let running = running(statuses)
        guard running.map(\.id) == alive, let ring = running.first?.ring else { return nil }
        let isWhole = running.allSatisfy { node in
            node.phase == .operational && node.ring == ring && node.members == alive && node.isSynchronized
                && groups[node.id] == alive
        }
        return isWhole ? ring : nil
    }

    mutating func tell(_ tone: StoryLine.Tone, _ text: String, _ now: Instant) {
        lines.append(StoryLine(time: Microseconds(now.nanoseconds(since: start) / 1000), tone: tone, text: text))
    }

    static func names(_ nodes: [NodeID]) -> String { "node\(nodes.count == 1 ? "" : "s") \(list(nodes))" }

    static func list(_ nodes: [NodeID]) -> String { NodeListText.text(nodes) }
}
