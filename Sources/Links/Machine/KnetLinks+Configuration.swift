import Basics

/// Why a link is not added.
public enum LinkRefusal: Error, Sendable, Hashable {
    /// It leads to this node itself.
    case ownHost
    /// The host has a link with this number. Addresses do not change: it is to be removed first.
    case exists
    /// Both ends are to be of one family.
    case family
    /// There are more own addresses than sockets.
    case sockets
    /// There are as many hosts as a ring has members.
    case hosts
}

/// What start and reload say (spec: knet.md 12).
extension KnetLinks {
    /// Hosts besides this one.
    private static let hostLimit = 383

    /// Adds a link, which is pinged at the next `advance`.
    public mutating func add(_ link: LinkSettings, to host: HostID, now: Instant) throws(LinkRefusal) {
        guard host != me else { throw .ownHost }
        guard link.own.address.family == link.remote.address.family else { throw .family }
        let known = table.index(of: host)
        guard known.flatMap({ table[$0].index(of: link.number) }) == nil else { throw .exists }
        guard known != nil || table.hosts.count < Self.hostLimit else { throw .hosts }
        guard let (socket, isNew) = sockets.use(link.own) else { throw .sockets }
        if isNew { events.add(.openSocket(socket, link.own)) }
        let place = table.place(of: host, settings.policy)
        sources.add(link.remote.address, of: host)
        let sizes = LinkSizes(link.remote.address.family, overhead)
        let mtu = PathMTU(sizes: sizes, fixed: fixedMTU, interval: probeInterval, defects)
        table[place].window.defects = defects
        table[place].insert(Link(link, socket: socket, mtu: mtu, defects, now: now))
        wakeUp(at: now)
    }

    /// Removes a link, and its host with its last one.
    public mutating func remove(link: LinkNumber, of host: HostID, now: Instant) {
        guard let place = table.index(of: host), let index = table[place].index(of: link) else { return }
        let removed = table[place].links.remove(at: index)
        if removed.monitor.isWaiting { waiting -= 1 }
        sources.remove(removed.settings.remote.address, of: host)
        if sockets.release(removed.socket) { events.add(.closeSocket(removed.socket)) }
        if removed.monitor.isConnected { events.tell(.linkDown(host, link)) }
        evaluate(place)
        if table[place].links.isEmpty {
            reassembly.forget(host)
            table.remove(at: place)
        }
        updateDataMTU()
        isWakeStale = true
        settleWake()
    }

    /// Changes how a link is watched and preferred. Its addresses stay as they are.
    public mutating func configure(
        _ link: LinkNumber, of host: HostID, _ timing: LinkTiming, priority: UInt8, now: Instant
    ) {
        guard let place = table.index(of: host), let index = table[place].index(of: link) else { return }
        change(place, index) { $0.configure(timing, priority: priority) }
        evaluate(place)
        isWakeStale = true
        settleWake()
    }

    /// Changes what holds for all links, the policy too, for which others need a restart.
    public mutating func configure(_ settings: KnetSettings, now: Instant) {
        self.settings = settings
        events.tell(.manualMTU(settings.mtu))
        for host in table.indices {
            table[host].choice.policy = settings.policy
            for link in table[host].links.indices {
                table[host].links[link].mtu.configure(fixed: fixedMTU, interval: probeInterval, now: now)
                apply(.path, host, link)
                discover(host, link, now: now)
            }
        }
    }

    /// Changes which keys open, not the one that seals.
    public mutating func open(with keys: KeySlots) { self.keys = keys }

    /// Changes which keys seal and open. What a path carries is still known, so nothing is reset.
    ///
    /// - Parameter overhead: what the key in use from now on adds to a datagram.
    public mutating func seal(_ keys: KeySlots, overhead: SealOverhead, now: Instant) {
        self.keys = keys
        guard overhead != self.overhead else { return }
        self.overhead = overhead
        for host in table.indices {
            for link in table[host].links.indices {
                table[host].links[link].mtu.seal(overhead, now: now)
                apply(.path, host, link)
                discover(host, link, now: now)
            }
        }
        updateDataMTU()
    }

    private var fixedMTU: Int? { settings.mtu > 0 ? settings.mtu : nil }
    private var probeInterval: UInt64 { settings.probeInterval &* 1_000_000 }
}
