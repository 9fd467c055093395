import Basics
import ClusterEngine
import Links
import TotemWire

/// The ring stays as it is while links are cut, as long as another one leads from each member to each: `LinkWatch` knows
/// whether it has to, and this looks whether it does.
extension ClusterSimulation {
    /// Nanoseconds from one look at everything to the next.
    private static let pace: UInt64 = 5_000_000

    mutating func struck(by fault: ClusterFault) {
        if case .pause(let node, _) = fault, nodes[node].isPaused { checker.paused(node) }
        switch fault {
        case .own(.link(let fault)):
            measure(fault)
            switch fault {
            // What is too long for a path is lost until that is noticed.
            case .path, .interface: disturbRing(for: linkBounds.fitting)
            default: break
            }
        // Nobody may notice, where the file reaches all.
        case .own(.change(.protect(_, nil, _), _)): break
        default: disturbRing()
        }
        reassessLinks()
    }

    /// Something other than a link's end happens, of which the ring hears for so many nanoseconds.
    mutating func disturbRing(for time: UInt64 = 0) {
        guard linkWatch != nil else { return }
        var end = now + time
        eachNetwork { end = max(end, $0.latestArrival) }
        linkWatch?.disturb(until: end)
    }

    /// Something has changed in the networks.
    mutating func reassessLinks() {
        guard let network = linkNetwork, var watch = linkWatch else { return }
        let timeouts = nodes.compactMap(\.running).flatMap { $0.timings.links.map(\.pingTimeout) }
        let timeout = UInt64(timeouts.min() ?? 0) * 1_000_000
        watch.reassess(now, settling: linkBounds.settling, token: tokenTime) { first, second, link in
            if network.isBlocked(link, from: first, to: second) || network.isBlocked(link, from: second, to: first) {
                return .bad
            }
            return network.links[link].isImpartial && network.isSound(link, timeout: timeout) ? .good : .unsure
        }
        linkWatch = watch
    }

    /// The longest token timeout in force, in nanoseconds.
    private var tokenTime: UInt64 {
        UInt64(nodes.compactMap { $0.running?.timings.token }.max() ?? 0) * 1_000_000
    }

    /// After every call of a node.
    mutating func watchRing(_ node: Int, _ box: EngineBox) {
        guard let watch = linkWatch else { return }
        if watch.isAtRest, box.engine.ringPhase != .operational {
            checker.fail(
                .linkCuts,
                "node \(nodes[node].id) leaves its ring and is in state \(box.engine.ringPhase), though each two members "
                    + "have had a link that carries for longer than it takes to rely on one")
        }
        guard !watch.isAtRest, now >= nextLook else { return }
        nextLook = now + Self.pace
        if mustStay(watch) { linkWatch?.rest() }
    }

    /// Whether the ring that there is must stay for as long as nothing but links falls: a token that was lost when something
    /// else did has been missed by now.
    private func mustStay(_ watch: LinkWatch) -> Bool {
        let bounds = linkBounds
        guard now > watch.disturbedUntil + tokenTime + Self.pace, bounds.failover < tokenTime / 2,
            watch.isCovered(now, settling: bounds.settling)
        else { return false }
        let up = nodes.filter(\.isUp)
        let members = up.map(\.id)
        return up.allSatisfy { node in
            guard let box = node.box, !node.isPaused, !node.isLeaving, !node.mustEnd, node.edition == edition,
                isListed(node.place)
            else { return false }
            let outlook = box.engine.look()
            return outlook.phase == .operational && outlook.members == members && !outlook.isSynchronizing
        }
    }
}
