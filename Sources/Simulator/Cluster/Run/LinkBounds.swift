import Links

/// How long links may take, for the bounds of whole nodes over links; all in nanoseconds, 0 where there are none.
struct LinkBounds: Sendable {
    /// Until a link that carries is up, whatever it was before.
    var settling: UInt64 = 0
    /// Until datagrams fit a path that has become smaller.
    var fitting: UInt64 = 0
    /// Until a link that has ceased to carry is not relied on any more, where another one carries.
    var failover: UInt64 = 0

    static let none = LinkBounds()

    private static let slack: UInt64 = 20_000_000

    init() {}

    /// - Parameter travel: that a datagram takes at most, where nothing is held up.
    init(_ timings: some Sequence<LinkTiming>, travel: UInt64) {
        for link in timings {
            let interval = UInt64(link.pingInterval) * 1_000_000
            let timeout = UInt64(link.timeout) * 1_000_000
            let doubt = max(min(100_000_000, timeout / 4), 8 * travel)
            failover = max(failover, interval + doubt + 4 * travel + Self.slack)
            let up = (UInt64(link.pongCount) + 1) * interval + 4 * travel + Self.slack
            // A process that has begun anew is believed.
            let belief = 3 * interval + 700_000_000 + 4 * travel
            // A link whose probes were not answered counts as useless until one is, a second later.
            let uselessness: UInt64 = 1_200_000_000
            settling = max(settling, up + belief + uselessness)
            fitting = 2_500_000_000 + 16 * max(50_000_000, 6 * travel)
        }
    }
}

extension ClusterSimulation {
    /// By the slowest timings that any daemon has read.
    var linkBounds: LinkBounds {
        guard let network = linkNetwork else { return .none }
        let travel = (network.links.map { $0.conditions.usualDelay }.max() ?? 0) * 1000 + 100_000
        let timings = nodes.compactMap { $0.running?.timings.links }.joined().map { link in
            LinkTiming(
                pingInterval: link.pingInterval, timeout: link.pingTimeout, pongCount: UInt8(clamping: link.pongCount))
        }
        return LinkBounds(timings, travel: travel)
    }
}
