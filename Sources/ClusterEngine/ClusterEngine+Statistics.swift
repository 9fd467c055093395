import Basics
import ClusterMap
import Links
import Totem
import TotemWire

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
        // Who lists all keys asks for one after the other; of links there can be thousands.
        if let made = linkFiguresMade, now.nanoseconds(since: made) < Self.linkFiguresAge { return }
        showLinks(now: now)
    }

    /// Nanoseconds.
    private static let linkFiguresAge: UInt64 = 100_000_000

    /// Shows the figures of the links that there are, this node's own one among them.
    mutating func showLinks(now: Instant) {
        guard let statistics = links?.statistics, let nodes = links?.nodes else { return }
        linkFiguresMade = now
        var groups = [
            KnetFigures(statistics: statistics, times: workTimes).group,
            // Corosync has no such key, so it is there only where links are.
            FigureGroup("stats.rondo.", [("links_lost", .u64(ring.statistics.linksLost &- linksLostBefore))]),
        ]
        for node in [configuration.nodeID] + nodes {
            groups += (links?.links(to: node) ?? []).map { LinkFigures.group(node.rawValue, $0) }
        }
        self.statistics.show(groups)
    }

    mutating func clearLinkStatistics(now: Instant) {
        links?.clearStatistics()
        linksLostBefore = ring.statistics.linksLost
        showLinks(now: now)
    }

    /// Takes what the shell has measured of its work for the links; for `stats.knet.handle`.
    public mutating func update(_ times: WorkTimes) { workTimes = times }

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
