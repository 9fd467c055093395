import Basics
import ClusterMap
import Totem

/// Figures for the maps.
extension ClusterEngine {
    /// Brings the statistics map up to date; it is only looked at when a client asks.
    mutating func refreshStatistics(now: Instant) {
        ring.updateStatistics(now: now)
        var figures = NodeFigures()
        figures.ring = ring.statistics
        figures.messageQueueAvailable = UInt32(clamping: ring.freeFrames)
        figures.messagesReserved = UInt32(clamping: max(1, reservedFrames))
        for (index, figure) in figures.list.enumerated() { statistics.update(figure: index, to: figure.value) }
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
