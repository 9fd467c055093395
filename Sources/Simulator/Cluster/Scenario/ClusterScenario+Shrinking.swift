import Basics
import TotemWire

/// What only whole nodes have that can be left out.
extension ClusterScenario: ShrinkableCourse {
    package func without(_ kept: KeptNodes) -> ClusterScenario {
        var smaller = self
        smaller.configuration = configuration.renumbered(kept.places)
        smaller.drifts = kept.of(drifts)
        if !versions.isEmpty { smaller.versions = kept.of(versions) }
        smaller.programs = programs.compactMap { plan in
            guard let node = kept.places[plan.node] else { return nil }
            var moved = plan
            moved.node = node
            return moved
        }
        return smaller
    }

    package func renamed(_ ids: [NodeID]) -> ClusterScenario {
        var renamed = self
        renamed.nodes = ids
        renamed.configuration = configuration.renamed(ids)
        return renamed
    }

    package static func reduceWork(_ shrinker: inout Shrinker<ClusterScenario>) -> Bool {
        var changed = shrinker.tryOut { $0.programs = [] }
        changed =
            shrinker.leaveOut(count: { $0.programs.count }, otherSeeds: 3) { scenario, piece in
                var smaller = scenario
                smaller.programs.removeSubrange(piece)
                return smaller
            } || changed
        for place in shrinker.best.programs.indices {
            while let simpler = simplerProgram(place, &shrinker) {
                guard simpler else { break }
                changed = true
            }
        }
        while shrinker.best.hasSenders, shrinker.best.budget > 64, shrinker.tryOut({ $0.budget /= 2 }) {
            changed = true
        }
        return changed
    }

    private var hasSenders: Bool {
        programs.contains { if case .groupMember(let habits) = $0.kind { habits.burst > 0 } else { false } }
    }

    /// Whether a program got by with less; nil when it can do with nothing less.
    private static func simplerProgram(_ place: Int, _ shrinker: inout Shrinker<ClusterScenario>) -> Bool? {
        let plans = shrinker.best.programs[place].simpler
        guard !plans.isEmpty else { return nil }
        return plans.contains { plan in shrinker.tryOut { $0.programs[place] = plan } }
    }

    package static func simplify(_ shrinker: inout Shrinker<ClusterScenario>) -> Bool {
        var changed = simplifyLinks(&shrinker)
        changed = shrinker.tryOut { $0.versions = [] } || changed
        changed = shrinker.tryOut { $0.budgetInPieces = 0 } || changed
        changed = shrinker.tryOut { $0.drifts = Array(repeating: 0, count: $0.nodes.count) } || changed
        changed =
            shrinker.tryOut {
                $0.configuration.quorum = QuorumOptions(
                    votes: Array(repeating: 1, count: $0.configuration.members.count))
            } || changed
        for option in QuorumOptions.parts {
            changed = shrinker.tryOut { option(&$0.configuration.quorum) } || changed
        }
        changed = shrinker.tryOut { $0.configuration.rondo = [] } || changed
        // Without a token timeout of its own it would all take ten times as long.
        changed =
            shrinker.leaveOut(count: { $0.configuration.totem.count { $0.key != "token" } }) { scenario, piece in
                var smaller = scenario
                let places = scenario.configuration.totem.indices.filter {
                    scenario.configuration.totem[$0].key != "token"
                }
                for place in places[piece].reversed() { smaller.configuration.totem.remove(at: place) }
                return smaller
            } || changed
        return changed
    }
}

/// Links that are left out, and what makes them odd.
extension ClusterScenario {
    private static func simplifyLinks(_ shrinker: inout Shrinker<ClusterScenario>) -> Bool {
        guard shrinker.best.configuration.links != nil else { return false }
        if shrinker.tryOut(otherSeeds: 1, { $0.loseLinks() }) { return true }
        var changed = false
        let links = shrinker.best.configuration.links?.links.indices ?? 0..<0
        for link in links.reversed() where (shrinker.best.configuration.links?.links.count ?? 0) > 1 {
            changed = shrinker.tryOut(otherSeeds: 1) { $0.lose(link: link) } || changed
        }
        for part in NodeLinks.parts {
            changed = shrinker.tryOut { $0.change(part) } || changed
        }
        return changed
    }

    private mutating func change(_ part: (inout NodeLinks) -> Void) {
        guard var links = configuration.links else { return }
        part(&links)
        configuration.links = links
    }

    private mutating func loseLinks() {
        configuration.links = nil
        faults.removeAll { if case .own(let fault) = $0.fault { fault.isOfLinks } else { false } }
    }

    private mutating func lose(link: Int) {
        configuration.links = configuration.links?.without(link: link)
        faults = faults.compactMap { planned in
            guard case .own(.link(let fault)) = planned.fault, let number = fault.link, number >= link else {
                return planned
            }
            guard number > link else { return nil }
            return PlannedLayerFault(planned.occasion, .own(.link(fault.moved(to: number - 1))))
        }
    }
}

extension NodeLinks {
    /// What takes each oddity away.
    fileprivate static let parts: [@Sendable (inout NodeLinks) -> Void] = [
        { $0.protection = .clear },
        { $0.policy = .passive },
        { $0.mtu = 0 },
        { $0.compressionThreshold = nil },
        { links in links.links = links.links.map { _ in Link() } },
    ]
}

extension QuorumOptions {
    /// What takes each option away.
    fileprivate static let parts: [@Sendable (inout QuorumOptions) -> Void] = [
        { $0.votes = $0.votes.map { _ in 1 } },
        { $0.expectedVotes = nil },
        { $0.twoNode = false },
        { $0.waitForAll = nil },
        { $0.lastManStanding = nil },
        {
            $0.autoTieBreaker = false
            $0.tieBreakerNode = nil
        },
        { $0.tieBreakerNode = nil },
        { $0.allowDownscale = false },
        { $0.tracksExpectedVotes = false },
    ]
}

extension ProgramPlan {
    /// The same with a little less of it, in every way there is.
    fileprivate var simpler: [ProgramPlan] {
        var plans: [ProgramPlan] = []
        func with(_ change: (inout ProgramPlan) -> Void) {
            var plan = self
            change(&plan)
            if plan != self { plans.append(plan) }
        }
        with { $0.reading = .atOnce }
        with { $0.keepsProcess = true }
        if case .groupMember(let habits) = kind {
            func having(_ change: (inout GroupHabits) -> Void) {
                var changed = habits
                change(&changed)
                with { $0.kind = .groupMember(changed) }
            }
            having { $0.inPiecesOneIn = 0 }
            having { $0.burst = 0 }
            having { $0.burst /= 2 }
            having { $0.groups = Array($0.groups.prefix(1)) }
            having { $0.sizes = .small }
            having { $0.leavesOneIn = 0 }
            having { $0.diesOneIn = 0 }
            having { $0.wantsRing = true }
        }
        if pace < 500_000 { with { $0.pace *= 2 } }
        return plans
    }
}
