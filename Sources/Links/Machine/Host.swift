import Basics

/// Another node: its links in order of number, and what has come of it.
struct Host: Sendable {
    let id: HostID
    var links: [Link] = []
    var choice: LinkChoice
    var window = DuplicateWindow()
    var restart = RestartWatch()

    init(_ id: HostID, _ policy: LinkPolicy) {
        self.id = id
        choice = LinkChoice(policy)
    }

    var isReachable: Bool { choice.isReachable }

    func index(of link: LinkNumber) -> Int? { links.firstIndex { $0.number == link } }

    /// The link that data came by: the lowest one with these addresses.
    func index(from source: SocketAddress, on socket: SocketNumber) -> Int? {
        links.firstIndex { $0.carries(from: source, on: socket) }
    }

    /// No link but this one can be relied on.
    func isAlone(_ index: Int) -> Bool {
        for other in links.indices where other != index && links[other].isUsable && links[other].monitor.isTrusted {
            return false
        }
        return true
    }

    mutating func insert(_ link: Link) {
        let place = links.firstIndex { $0.number > link.number } ?? links.count
        links.insert(link, at: place)
    }

    /// Says whether a data packet may be delivered (spec: knet.md 5).
    mutating func judge(
        _ sequence: UInt16, behind rule: DuplicateWindow.BehindRule, now: Instant
    ) -> DuplicateWindow.Verdict {
        let old = window.top
        let verdict = window.judge(sequence, behind: rule)
        if window.top != old { restart.counts(now: now) }
        return verdict
    }

    /// Takes what a ping says of the host's life (spec: knet.md 5).
    ///
    /// - Parameter interval: nanoseconds between its pings.
    mutating func hear(_ ping: Ping, interval: UInt64, now: Instant) -> DuplicateWindow.PingEffect {
        let isBehind = window.top.map { window.position(of: ping.sequence) < $0 } ?? false
        restart.heard(ping, isBehind: isBehind, now: now)
        let honours =
            (!isReachable || restart.honoursRestart(interval: interval, now: now)
                || window.defects.has(.believesEveryRestart))
            && !window.defects.has(.believesNoRestart)
        var effect = DuplicateWindow.PingEffect.restarted
        if honours, restart.isPending, isBehind, ping.sequence != 0 {
            // It has sent data before it was believed, or as many packets unheard that their numbers have gone half round.
            window.restart(at: ping.sequence)
        } else {
            effect = window.hear(ping, honoursRestart: honours)
        }
        if effect == .restarted { restart.begin() }
        return effect
    }

    /// Looks anew at which links are of use.
    mutating func evaluate() -> LinkChoice.Change {
        var usable = LinkSet.none
        var doubted = LinkSet.none
        for link in links where link.isUsable {
            usable.insert(link.number)
            if !link.monitor.isTrusted, !window.defects.has(.trustsDoubted) { doubted.insert(link.number) }
        }
        let links = links
        return choice.evaluate(usable: usable, doubted: doubted) { number in
            links.first { $0.number == number }?.settings.priority ?? 0
        }
    }
}
