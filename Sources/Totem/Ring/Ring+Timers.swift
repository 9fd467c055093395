import Basics
import TotemWire

/// What happens when a timer fires (spec: totem.md 7).
extension TotemRing {
    /// Interval of the periodic update of statistics, and of the warning that no ring can be formed.
    static let statisticsInterval: UInt64 = 1500

    mutating func fire(_ timer: RingTimer, now: Instant) {
        switch timer {
        case .hold:
            // The repetition counts from the token's arrival, not from here (spec: totem.md 7): a ring of slow beat needs
            // all the tries it can have.
            if !has(.keepsHeldToken) { sendLastToken() }
        case .backPressure: sendKeptToken(now: now)
        case .tokenRetransmit:
            rotations.interrupt()
            timers.start(.tokenRetransmit, milliseconds: repetitionInterval, now: now)
            if !has(.repeatsNoToken) { sendLastToken() }
        case .tokenWarning:
            notice(.tokenOverdue(milliseconds: tokenWarningInterval))
            timers.start(.tokenWarning, milliseconds: tokenWarningInterval, now: now)
        case .tokenLoss, .heartbeat:
            loseToken(now: now)
        case .join:
            timers.start(.join, milliseconds: parameters.join, now: now)
            sendJoin()
        case .consensus:
            consensusExpired(now: now)
        case .mergeDetect:
            if isOperational, isRepresentative { sendMergeDetect() }
        case .reunion:
            if isOperational { enterGather(.mergeInOperational, now: now) }
        case .pause:
            pauses.note(now)
            timers.start(.pause, milliseconds: max(parameters.token / 5, 1), now: now)
        case .statistics:
            updateStatistics(now: now)
            resumeBeats(now: now)
            timers.start(.statistics, milliseconds: Self.statisticsInterval, now: now)
        case .beat: beat(now: now)
        case .suspicion: lookAtSuspicions(now: now)
        case .silence: lookAtSilences(now: now)
        }
    }

    /// The token has not come back in time (spec: totem.md 8.2).
    mutating func loseToken(now: Instant) {
        switch state {
        case .idle:
            return
        case .operational:
            statistics.operationalTokenLost &+= 1
            notice(.processorFailed(token: parameters.token, consensus: parameters.consensus))
            notice(.tokenLost(during: .tokenLostInOperational))
            enterGather(.tokenLostInOperational, now: now)
        case .gather:
            consensusExpired(now: now)
            statistics.gatherTokenLost &+= 1
            enterGather(.consensusExpired, now: now)
        case .commit:
            statistics.commitTokenLost &+= 1
            notice(.tokenLost(during: .tokenLostInCommit))
            enterGather(.tokenLostInCommit, now: now)
        case .recovery:
            statistics.recoveryTokenLost &+= 1
            notice(.tokenLost(during: .tokenLostInRecovery))
            enterGather(.tokenLostInRecovery, now: now)
        }
    }

    /// Gives the ring up and forms it anew, as `runtime.force_gather` asks.
    public mutating func forceGather(now: Instant) {
        defer { assertInvariants() }
        notice(.forcedGather)
        loseToken(now: now)
        processLoopback(now: now)
    }

    /// The interface came or went: form the ring anew (spec: totem.md 8.1).
    public mutating func interfaceChanged(now: Instant) {
        guard !isIdle else { return }
        defer { assertInvariants() }
        enterGather(.interfaceChange, now: now)
        processLoopback(now: now)
    }

    /// Puts new parameters and a new nodelist in force, as a reload brings them; timers that run keep their time.
    public mutating func reconfigure(parameters: RingParameters, configured: [NodeID]) {
        defer { assertInvariants() }
        let former = self.parameters.beat
        self.parameters = parameters
        if parameters.beat != former { rearrangeBeats() }
        self.configured = configured.sorted()
        heard.forget(otherThan: configured)
        numbers.forget(otherThan: configured)
        strangers.forget(otherThan: configured)
        unlisted.forget()
        proposal.restrict(to: self.configured + members + [me])
    }

    /// Brings the averages in `statistics` up to date.
    public mutating func updateStatistics(now: Instant) {
        history.summarize(into: &statistics, now: now)
        let isGathering = statistics.continuousGather > Self.continuousGatherLimit
        statistics.firewallEnabledOrNicFailure =
            isGathering || statistics.continuousSendFailures > UInt32(TotemLimits.continuousSendFailures)
        if statistics.firewallEnabledOrNicFailure { notice(.unableToFormCluster(isGathering: isGathering)) }
    }

    /// How many multicasts in a row could not be sent until now (spec: totem.md 9.7).
    public mutating func multicastsFailed(inARow count: UInt32) { statistics.continuousSendFailures = count }

    private static let continuousGatherLimit: UInt32 = UInt32(TotemLimits.continuousGather)

    /// Sets the counters back to zero, as `stats.clear.totem` asks.
    public mutating func clearStatistics() { statistics = RingStatistics() }
}
