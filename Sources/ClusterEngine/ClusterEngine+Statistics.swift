import Basics
import ClusterMap
import Totem

/// Figures for the maps.
extension ClusterEngine {
    /// Brings the statistics map up to date; it is only looked at when a client asks.
    mutating func refreshStatistics(now: Instant) {
        ring.updateStatistics(now: now)
        let figures = ring.statistics
        var snapshot = statistics.snapshot
        snapshot.ring.orfTokenTx = figures.orfTokenTx
        snapshot.ring.orfTokenRx = figures.orfTokenRx
        snapshot.ring.membMergeDetectTx = figures.mergeDetectTx
        snapshot.ring.membMergeDetectRx = figures.mergeDetectRx
        snapshot.ring.membJoinTx = figures.joinTx
        snapshot.ring.membJoinRx = figures.joinRx
        snapshot.ring.mcastTx = figures.mcastTx
        snapshot.ring.mcastRetx = figures.mcastRetransmitted
        snapshot.ring.mcastRx = figures.mcastRx
        snapshot.ring.membCommitTokenTx = figures.commitTokenTx
        snapshot.ring.membCommitTokenRx = figures.commitTokenRx
        snapshot.ring.tokenHoldCancelTx = figures.holdCancelTx
        snapshot.ring.tokenHoldCancelRx = figures.holdCancelRx
        snapshot.ring.operationalEntered = figures.operationalEntered
        snapshot.ring.operationalTokenLost = figures.operationalTokenLost
        snapshot.ring.gatherEntered = figures.gatherEntered
        snapshot.ring.gatherTokenLost = figures.gatherTokenLost
        snapshot.ring.commitEntered = figures.commitEntered
        snapshot.ring.commitTokenLost = figures.commitTokenLost
        snapshot.ring.recoveryEntered = figures.recoveryEntered
        snapshot.ring.recoveryTokenLost = figures.recoveryTokenLost
        snapshot.ring.consensusTimeouts = figures.consensusTimeouts
        snapshot.ring.rxMsgDropped = figures.receivedDropped
        snapshot.ring.timeSinceTokenLastReceived = figures.sinceLastToken
        snapshot.ring.continuousGather = figures.continuousGather
        snapshot.ring.continuousSendmsgFailures = figures.continuousSendFailures
        snapshot.ring.mttRxToken = figures.meanTokenInterval
        snapshot.ring.avgTokenWorkload = figures.meanTokenWorkload
        snapshot.ring.avgBacklogCalc = figures.meanBacklog
        snapshot.ring.firewallEnabledOrNicFailure = figures.firewallEnabledOrNicFailure
        snapshot.groups.msgQueueAvail = UInt32(clamping: ring.freeFrames)
        snapshot.groups.msgReserved = UInt32(clamping: max(1, reservedFrames))
        statistics.snapshot = snapshot
    }

    /// Looks whether statistics that clients watch have changed.
    mutating func pollStatistics(now: Instant) {
        guard statistics.hasPolledTrackers else {
            pollTrackersAt = nil
            return
        }
        refreshStatistics(now: now)
        statistics.pollTrackers()
        takeClientEvents()
        pollTrackersAt = now.adding(milliseconds: StatisticsMap.pollInterval)
    }

    /// The daemon's main loop was late; it tells so in the statistics.
    public mutating func record(_ miss: SchedulingMiss) { statistics.record(miss) }
}
