import Basics

/// One link to one host: its parts, and what of them the rest asks for.
struct Link: Sendable {
    private(set) var settings: LinkSettings
    let socket: SocketNumber
    var monitor: LinkMonitor
    var mtu: PathMTU
    var statistics = LinkStatistics()
    /// The link MTU that the last search ended with, kept while the link is down: what was told, and what status tools show.
    private(set) var shownMTU: Int

    init(_ settings: LinkSettings, socket: SocketNumber, mtu: PathMTU, _ defects: Planted<LinkDefect>, now: Instant) {
        self.settings = settings
        self.socket = socket
        self.mtu = mtu
        monitor = LinkMonitor(settings.timing, defects, now: now)
        shownMTU = mtu.linkMTU
        // As libknet: it begins as one that is down.
        statistics.downCount = 1
    }

    var number: LinkNumber { settings.number }

    /// It can carry data.
    var isUsable: Bool { monitor.isConnected && mtu.isValid }

    mutating func configure(_ timing: LinkTiming, priority: UInt8) {
        settings.timing = timing
        settings.priority = priority
        monitor.retime(timing)
    }

    /// Whether a datagram that came by `socket` from `source` came by this link. Ports and zones are not looked at.
    func carries(from source: SocketAddress, on socket: SocketNumber) -> Bool {
        self.socket == socket && settings.remote.address == source.address
    }

    /// The link MTU before and now, if a search has ended with another one: its steps are of no interest to anybody.
    mutating func takeMTUChange() -> (old: Int, new: Int)? {
        let new = mtu.linkMTU
        guard mtu.isSettled, new != shownMTU else { return nil }
        defer { shownMTU = new }
        return (shownMTU, new)
    }
}
