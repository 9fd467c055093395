import Basics
import Links
import TotemWire

/// What only links have that can be left out.
extension LinksScenario: ShrinkableCourse {
    package func without(_ kept: KeptNodes) -> LinksScenario {
        var smaller = self
        smaller.traffic = kept.of(traffic)
        return smaller
    }

    package func renamed(_ ids: [NodeID]) -> LinksScenario {
        var renamed = self
        renamed.nodes = ids
        return renamed
    }

    package static func reduceWork(_ shrinker: inout Shrinker<LinksScenario>) -> Bool {
        var changed =
            shrinker.leaveOut(count: { $0.traffic.count { $0.pace > 0 } }) { scenario, piece in
                var smaller = scenario
                let senders = scenario.traffic.indices.filter { scenario.traffic[$0].pace > 0 }
                for place in senders[piece] { smaller.traffic[place] = PacketTraffic() }
                return smaller
            }
        for place in shrinker.best.traffic.indices {
            changed = shrinker.tryOut { $0.traffic[place].burst = 1 } || changed
            changed = shrinker.tryOut { $0.traffic[place].sizes = .small } || changed
            while shrinker.best.traffic[place].pace > 0, shrinker.best.traffic[place].pace < 500_000,
                shrinker.tryOut({ $0.traffic[place].pace *= 2 })
            {
                changed = true
            }
        }
        return changed
    }

    package static func simplify(_ shrinker: inout Shrinker<LinksScenario>) -> Bool {
        var changed = shrinker.tryOut { $0.hasIntruder = false }
        for link in shrinker.best.links.indices.reversed() where shrinker.best.links.count > 1 {
            changed = shrinker.tryOut(otherSeeds: 1) { $0 = $0.without(link: link) } || changed
        }
        changed = shrinker.tryOut { $0.mtu = 0 } || changed
        changed = shrinker.tryOut { $0.compressionThreshold = nil } || changed
        changed = shrinker.tryOut { $0.protection = .clear } || changed
        changed = shrinker.tryOut { $0.policy = .passive } || changed
        changed = shrinker.tryOut { $0.tellsInterfaces = true } || changed
        changed = shrinker.tryOut { $0.probeInterval = 2000 } || changed
        for link in shrinker.best.links.indices {
            let usual = LinkPlan()
            changed = shrinker.tryOut { $0.links[link].isIPv6 = false } || changed
            changed = shrinker.tryOut { $0.links[link].timing = usual.timing } || changed
            changed = shrinker.tryOut { $0.links[link].priority = usual.priority } || changed
            changed = shrinker.tryOut { $0.links[link].interfaceMTU = usual.interfaceMTU } || changed
        }
        return changed
    }

    /// The same without a link and what happens to it; those above it move down.
    private func without(link: Int) -> LinksScenario {
        var smaller = self
        smaller.links.remove(at: link)
        smaller.faults = faults.compactMap { planned in
            guard case .own(let own) = planned.fault, let number = own.link, number >= link else { return planned }
            guard number > link else { return nil }
            return PlannedLayerFault(planned.occasion, .own(own.moved(to: number - 1)))
        }
        return smaller
    }
}
