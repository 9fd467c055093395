import Basics

/// Whether one link is alive: pings at the common instants, pongs that match them, and what follows (spec: knet.md 8).
///
/// As libknet, but for what no peer can notice and is better (spec: knet.md 13.2, 18): only answers to outstanding pings
/// count, late ones do not; reports of the network are hints; libknet's patience is kept only for a link that nothing can
/// stand in for; and a link whose pings are not answered is doubted long before it is down.
struct LinkMonitor: Sendable {
    enum Step: Equatable {
        /// Ping with this number.
        case ping(UInt64)
        /// The link was connected and is down now.
        case down
    }

    enum PongOutcome: Equatable {
        /// Answers no outstanding ping: invented, repeated, or of long ago.
        case unexpected
        /// Took longer than the timeout.
        case late
        /// One more on the way up.
        case counted(UInt8)
        /// The link is connected from now on.
        case up
        case alive
    }

    /// Nanoseconds from pong to ping on a link that comes up for the first time.
    private static let greeting: UInt64 = 200_000_000

    private(set) var isConnected = false
    private(set) var latency = Latency()
    private(set) var timing: LinkTiming
    private(set) var doubt: Doubt?
    private(set) var lastPong: Instant?
    private var pings = OutstandingPings()
    private var patience: Patience
    /// Pongs on the way up.
    private var pongs: UInt8 = 0
    /// The peer's machine has refused a datagram, and no pong has come since.
    private(set) var isRefused = false
    /// It was never connected.
    private var isNew = true
    private var nextPing: Instant
    /// No reports are heard before: one was refuted.
    private var deafUntil = Instant(nanoseconds: 0)

    private let defects: Planted<LinkDefect>

    init(_ timing: LinkTiming, _ defects: Planted<LinkDefect> = Planted(), now: Instant) {
        self.defects = defects
        pings.repeats = defects.has(.countsRepeatedPongs)
        self.timing = timing
        patience = Patience(now: now)
        nextPing = now
    }

    /// Connected, and nothing speaks against it.
    var isTrusted: Bool { isConnected && doubt == nil }

    /// A connected link waits for an answer.
    var isWaiting: Bool { isConnected && pings.waitingSince != nil }

    mutating func retime(_ timing: LinkTiming) { self.timing = timing }

    // MARK: Time

    /// What is due; call until nil.
    ///
    /// - Parameter isAlone: no other link of the host is trusted.
    mutating func step(now: Instant, grid: PingGrid, isAlone: Bool) -> Step? {
        if now.nanoseconds(since: nextQuestion) > doubtTime, !defects.has(.accusesAfterPause) {
            pings.waitAnew(now: now)
            doubt?.beginAnew(now: now)
        }
        if nextPing <= now {
            if !isConnected { forgetOldPongs(now: now, isAlone: isAlone) }
            nextPing = grid.next(after: now, interval: timing.intervalNanoseconds)
            return .ping(pings.add(now: now))
        }
        guard isConnected else { return nil }
        if let deadline = downDeadline(isAlone: isAlone), deadline <= now { return fall(now: now) }
        return question(now: now)
    }

    /// When `step` has something to say.
    func deadline(isAlone: Bool) -> Instant {
        guard isConnected else { return nextPing }
        return min(nextQuestion, downDeadline(isAlone: isAlone) ?? nextQuestion)
    }

    /// When the peer is asked next. Where that was long ago this node has stood still, and nobody else is to blame.
    private var nextQuestion: Instant {
        guard isConnected else { return nextPing }
        let question = doubt?.next ?? pings.waitingSince?.adding(nanoseconds: doubtTime)
        return min(nextPing, question ?? nextPing)
    }

    /// The timeout behind the last pong; but a ping must have been without an answer for nearly as long, so that a node
    /// that stood still and could not ask does not think that all others have died.
    private func downDeadline(isAlone: Bool) -> Instant? {
        guard let lastPong, let waiting = pings.waitingSince, !defects.has(.neverGivesUp) else { return nil }
        let due = patience.deadline(lastPong: lastPong, latency: latency, timing: timing, isAlone: isAlone)
        let (least, isShort) = timing.timeoutNanoseconds.subtractingReportingOverflow(timing.intervalNanoseconds)
        return max(due, waiting.adding(nanoseconds: isShort ? doubtTime : max(least, doubtTime)))
    }

    private mutating func fall(now: Instant) -> Step {
        isConnected = false
        startAnew(now: now)
        return .down
    }

    private mutating func startAnew(now: Instant) {
        pongs = 0
        lastPong = nil
        doubt = nil
        patience.renew(now: now)
    }

    private mutating func forgetOldPongs(now: Instant, isAlone: Bool) {
        if let deadline = downDeadline(isAlone: isAlone), deadline <= now { startAnew(now: now) }
    }

    // MARK: Doubt

    /// Nanoseconds without an answer after which the peer is asked again.
    private var doubtTime: UInt64 { max(min(100_000_000, timing.timeoutNanoseconds / 4), 4 * latency.nanoseconds) }
    /// Nanoseconds between questions after a report.
    private var reportTime: UInt64 { max(min(50_000_000, timing.timeoutNanoseconds / 8), 2 * latency.nanoseconds) }

    private mutating func question(now: Instant) -> Step? {
        if var doubt {
            guard doubt.next <= now else { return nil }
            if doubt.isProven { return fall(now: now) }
            doubt.ask(now: now)
            self.doubt = doubt
            return .ping(pings.add(now: now))
        }
        guard let waiting = pings.waitingSince, waiting.adding(nanoseconds: doubtTime) <= now else { return nil }
        return begin(.silence, gap: max(doubtTime, timing.timeoutNanoseconds / 16), now: now)
    }

    private mutating func begin(_ cause: Doubt.Cause, gap: UInt64, now: Instant) -> Step {
        let number = pings.add(now: now)
        doubt = Doubt(cause, firstPing: number, gap: gap, now: now)
        return .ping(number)
    }

    /// The network says that the peer cannot be reached there: the peer is asked at once, with the ping returned. Nil when
    /// the link is not connected, or is asked already, or has just answered after another report.
    mutating func reported(now: Instant) -> UInt64? {
        guard isConnected, doubt?.cause != .report, deafUntil <= now else { return nil }
        guard case .ping(let number) = begin(.report, gap: reportTime, now: now) else { return nil }
        return number
    }

    /// The peer's machine says that no process receives there.
    mutating func refused() { isRefused = true }

    // MARK: Life

    /// A pong came whose nonce is right.
    mutating func pong(_ number: UInt64, now: Instant) -> PongOutcome {
        guard let sent = pings.answer(number) else { return .unexpected }
        let trip = now.nanoseconds(since: sent)
        guard trip <= timing.timeoutNanoseconds else { return .late }
        lastPong = now
        isRefused = false
        latency.add(microseconds: trip / 1000, precision: timing.precision)
        refuteDoubt(number, now: now)
        if isConnected { return .alive }
        guard pongs < timing.pongCount, !defects.has(.risesAtOnce) else {
            rise()
            return .up
        }
        pongs += 1
        if isNew { nextPing = min(nextPing, now.adding(nanoseconds: Self.greeting)) }
        return .counted(pongs)
    }

    /// A ping that goes along with data leaves now.
    mutating func ping(now: Instant) -> UInt64 { pings.add(now: now) }

    /// Data came by this link. With a pong before it both directions work: the link comes up without waiting for more.
    ///
    /// Data alone is no life: it says nothing of the way there.
    mutating func dataArrived(now: Instant) -> Bool {
        guard !isConnected, let lastPong, now.nanoseconds(since: lastPong) <= timing.timeoutNanoseconds else {
            return false
        }
        rise()
        return true
    }

    private mutating func rise() {
        isConnected = true
        isNew = false
    }

    private mutating func refuteDoubt(_ number: UInt64, now: Instant) {
        guard let doubt, number >= doubt.firstPing || doubt.cause == .silence else { return }
        if doubt.cause == .report, defects.has(.believesReports) { return }
        if doubt.cause == .report { deafUntil = now.adding(nanoseconds: timing.intervalNanoseconds) }
        self.doubt = nil
    }
}
