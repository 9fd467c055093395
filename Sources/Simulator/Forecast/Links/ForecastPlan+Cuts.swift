import Basics
import Totem
import TotemWire

/// Links that are cut, under whole nodes: the real machines of links and ring, as the daemon joins them.
extension ForecastPlan {
    /// Larger rings are taken for one of so many nodes where links are cut: every node asks each other one.
    package static let linkedNodesLimit = 16

    /// Nodes of the rings whose links are cut.
    package var linkedNodes: Int { min(nodes, Self.linkedNodesLimit) }

    /// Milliseconds until links that carry again are up and relied on.
    private var linkSettling: UInt64 { (linkBounds.settling + linkBounds.fitting) / 1_000_000 + 500 }

    private var linkBounds: LinkBounds {
        LinkBounds((links?.links ?? []).map(\.timing), travel: network.usualDelay * 1000 + 100_000)
    }

    /// Milliseconds for which a link stays cut: until it is shown as down everywhere, and a lost token has been missed.
    private func cutLength(_ loss: LinkLoss) -> UInt64 {
        guard case .link(let place) = loss, let link = links?.links[place] else { return deathLimit }
        return UInt64(link.timing.timeout) + UInt64(link.timing.pingInterval) + 2 * UInt64(parameters.token)
            + 30 * rotation / 1_000_000 + 1000
    }

    /// Milliseconds from one cut to the next, without what is left to chance.
    func cutCycle(_ loss: LinkLoss) -> UInt64 { cutLength(loss) + settling + linkSettling }

    struct Cut: Sendable {
        /// Nanoseconds.
        var time: UInt64
        /// Where all links are cut.
        var node: Int?
        var mended: UInt64
    }

    func cuts(_ loss: LinkLoss, number: Int, count: Int) -> (scenario: ClusterScenario, cuts: [Cut]) {
        let place = if case .link(let place) = loss { place } else { 0xFF }
        var chance = SeededGenerator(seed: seed).fork(0x4_0000_0000 + UInt64(place) << 20 + UInt64(number))
        let ids = (1...linkedNodes).map { NodeID(UInt32(clamping: $0)) }
        var conditions = network
        conditions.lossPerMillion = 0
        conditions.pieceSize = 0
        if conditions.spread != nil { conditions.slowness = network.usualDelay * 10 }
        var text = ConfigurationText(nodes: ids, quorum: QuorumOptions(votes: Array(repeating: 1, count: linkedNodes)))
        text.totem = totemKeys
        // The timeouts written there are those in force, of which another silence would follow.
        text.rondo = [("beat", UInt64(silences.beat)), ("silence", UInt64(silences.silence))]
        text.links = links?.written
        var time = settling + linkSettling
        var faults: [PlannedClusterFault] = []
        func plan(_ time: UInt64, _ fault: LinkFault) {
            faults.append(PlannedClusterFault(.at(milliseconds: time), .own(.link(fault))))
        }
        for (index, link) in (links?.links ?? []).enumerated() where link.lossPerMillion > 0 {
            plan(0, .loss(link: index, perMillion: link.lossPerMillion))
        }
        let all = Array(0..<linkedNodes)
        let spread = max(beat / 1_000_000, (links?.links ?? []).map { UInt64($0.timing.pingInterval) }.max() ?? 0) + 1
        var cuts: [Cut] = []
        for _ in 0..<count {
            // At any moment between two beats, and between two pings.
            time += chance.below(spread)
            let end = time + cutLength(loss)
            switch loss {
            case .link(let place):
                plan(time, .cut(link: place, from: all, to: all))
                plan(end, .mend(link: place, from: all, to: all))
                cuts.append(Cut(time: time * 1_000_000, mended: end * 1_000_000))
            case .node:
                let node = chance.below(linkedNodes)
                for place in links?.links.indices ?? 0..<0 {
                    plan(time, .cut(link: place, from: [node], to: all))
                    plan(time, .cut(link: place, from: all, to: [node]))
                    plan(end, .mend(link: place, from: [node], to: all))
                    plan(end, .mend(link: place, from: all, to: [node]))
                }
                cuts.append(Cut(time: time * 1_000_000, node: node, mended: end * 1_000_000))
            }
            time += cutCycle(loss)
        }
        var scenario = ClusterScenario(
            seed: chance.next(), nodes: ids, configuration: text, network: conditions, calmAt: time)
        scenario.faults = faults
        return (scenario, cuts)
    }

    /// The parameters of the ring in keys of corosync.conf.
    private var totemKeys: [(key: String, value: UInt64)] {
        let keys: [(String, UInt32)] = [
            ("token", parameters.token), ("token_coefficient", 0), ("token_retransmit", parameters.tokenRetransmit),
            ("hold", parameters.hold), ("join", parameters.join), ("consensus", parameters.consensus),
            ("merge", parameters.merge), ("fail_recv_const", parameters.failToReceiveConstant),
            ("seqno_unchanged_const", parameters.sequenceUnchangedConstant),
            ("miss_count_const", parameters.missCountConstant), ("window_size", parameters.windowSize),
            ("max_messages", parameters.maxMessages),
            ("heartbeat_failures_allowed", parameters.heartbeatFailuresAllowed),
            ("max_network_delay", parameters.maxNetworkDelay),
        ]
        return keys.map { ($0.0, UInt64($0.1)) }
    }

    /// Cuts links so often, and looks what becomes of the ring.
    func run(_ loss: LinkLoss, number: Int, count: Int) -> ForecastPart {
        let (scenario, cuts) = cuts(loss, number: number, count: count)
        var simulation = ClusterSimulation(scenario)
        simulation.record()
        if case .link(let place) = loss { simulation.linkMeter = LinkMeter(link: place, nodes: linkedNodes) }
        let outcome = simulation.run()
        var part = ForecastPart()
        part.defect = outcome.violation.map { ForecastDefect($0) }
        part.digest = outcome.digest
        part.events = outcome.figures.events
        part.simulated = outcome.figures.simulatedTime
        switch loss {
        case .link(let place):
            let history = TokenHistory(outcome)
            for (cut, seen) in zip(cuts, simulation.linkMeter?.cuts ?? []) {
                let span = cut.time..<cut.mended
                part.cuts.append(
                    LinkCut(
                        place: place, carried: seen.carried.map { $0 - cut.time },
                        down: seen.down.map { $0 - cut.time }, tokensLost: history.lost(in: span),
                        longestWait: history.longestWait(in: span), breaksRing: history.isBroken(in: span)))
            }
        case .node:
            var watch = RingWatch(outcome, nodes: linkedNodes)
            part.isolations = watch.failovers(
                cuts.compactMap { cut in cut.node.map { Death(time: cut.time, node: $0, restart: cut.mended) } }
            ).map(\.time)
        }
        return part
    }
}
