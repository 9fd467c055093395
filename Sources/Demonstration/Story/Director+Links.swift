import Basics
import ClusterConfiguration
import TotemWire

/// The part of the story that is about links: one is cut while messages flow, and comes back.
extension Director {
    mutating func tellLinks(_ port: UInt16, _ now: Instant) {
        guard let links = plan.links, let first = plan.nodes.first, let last = plan.nodes.last else { return }
        let number = LinkPlan.numbers.last ?? 0
        tell(
            .fact,
            "over knet: link 0 on these, link \(number) on \(LinkPlan.address(of: first, number)) to "
                + "\(LinkPlan.address(of: last, number)), port \(port &+ UInt16(number))", now)
        if let suite = links.suite {
            tell(.fact, "packets are sealed with \(suite), by a key made for this run", now)
        } else {
            tell(
                links.clearBecause == nil ? .fact : .warning,
                "packets are not sealed" + (links.clearBecause.map { ": \($0)" } ?? ""), now)
        }
    }

    mutating func cutLink(_ now: Instant, _ statuses: [NodeStatus]) {
        guard let links = plan.links else { return }
        summary.linkCut = DemonstrationSummary.LinkCut(links)
        ringBeforeCut = wholeRing(statuses)
        commands.append(.cut(LinkPlan.cut, true))
        tell(.heading, "cut: link \(LinkPlan.cut) of every node loses all that it carries, while messages flow", now)
        linkWatch = LinkWatch(LinkPlan.cut, waitsForUp: false, nodes: alive, began: now)
        enter(.cutting, now, until: limit(after: links.longestFall, now))
    }

    mutating func advanceCutting(_ now: Instant, _ statuses: [NodeStatus], _ isOver: Bool) {
        guard let watch = linkWatch, watch.isDone else {
            if isOver { fail("link \(LinkPlan.cut) was cut, and not given up by every node", now, statuses) }
            return
        }
        summary.linkCut?.fell = watch.took
        if let links = plan.links {
            tell(
                .fact,
                "link \(LinkPlan.cut) is down at all its ends after \(watch.took.shortText), computed "
                    + StepText.range(links.shortestFall, links.longestFall), now)
            mentionLateness(watch.took, links.longestFall, now)
        }
        enter(.bridging, now, for: Schedule.beforeDeath)
    }

    /// The longest time between two tokens while a link carries nothing.
    mutating func notePause(_ node: NodeID) {
        switch part {
        case .cutting, .bridging: break
        default: return
        }
        guard let interval = meter.interval(node), let cut = summary.linkCut else { return }
        summary.linkCut?.longestPause = max(cut.longestPause, Microseconds(interval / 1000))
    }

    mutating func mendLink(_ now: Instant, _ statuses: [NodeStatus]) {
        guard let links = plan.links else { return }
        tellMembership(now, statuses)
        commands.append(.cut(LinkPlan.cut, false))
        tell(.heading, "repair: link \(LinkPlan.cut) carries again", now)
        linkWatch = LinkWatch(LinkPlan.cut, waitsForUp: true, nodes: alive, began: now)
        enter(.mending, now, until: limit(after: links.longestRise, now))
    }

    /// What the cut has done to the ring: nothing, if all is well.
    private mutating func tellMembership(_ now: Instant, _ statuses: [NodeStatus]) {
        let ring = wholeRing(statuses)
        let isKept = ring != nil && ring == ringBeforeCut
        summary.linkCut?.keptRing = isKept
        guard isKept, let ring, let cut = summary.linkCut else {
            return tell(.warning, "the ring is another one than before the cut", now)
        }
        tell(
            .success,
            "still ring \(ring) of \(Self.names(alive)): the token was away for \(cut.longestPause.preciseText) at "
                + "most, it would be lost after \(Microseconds.milliseconds(plan.timings.token).shortText)", now)
    }

    mutating func advanceMending(_ now: Instant, _ statuses: [NodeStatus], _ isOver: Bool) {
        guard let watch = linkWatch, watch.isDone else {
            if isOver { fail("link \(LinkPlan.cut) did not come up again", now, statuses) }
            return
        }
        summary.linkCut?.rose = watch.took
        linkWatch = nil
        if let links = plan.links {
            tell(
                .success,
                "link \(LinkPlan.cut) is up at all its ends after \(watch.took.shortText), computed up to "
                    + links.longestRise.shortText, now)
            mentionLateness(watch.took, links.longestRise, now)
        }
        enter(.dying, now, for: Schedule.beforeDeath)
    }
}
