import Basics

/// What kernel and network say of datagrams that did not arrive (spec: knet.md 8, 9, 10, 13.2).
extension KnetLinks {
    /// The kernel did not send `packet` to that target. All others are served as usual.
    public mutating func refused(
        _ packet: Outgoing, to target: LinkTarget, because refusal: SendRefusal, now: Instant
    ) {
        guard let host = table.index(of: target.host), let link = table[host].index(of: target.link) else { return }
        count(packet, host, link)
        switch refusal {
        case .tooLong(let mtu): tooLong(packet, host, link, kernel: mtu, now: now)
        case .noRoom: if packet.type == .probe { tooLong(packet, host, link, kernel: nil, now: now) }
        case .unreachable: suspect(host, link, now: now)
        case .other: break
        }
        settleWake()
    }

    private mutating func count(_ packet: Outgoing, _ host: Int, _ link: Int) {
        switch packet.type {
        case .data: table[host].links[link].statistics.errors.data &+= 1
        case .ping: table[host].links[link].statistics.errors.ping &+= 1
        case .pong: table[host].links[link].statistics.errors.pong &+= 1
        case .probe, .probeReply: table[host].links[link].statistics.errors.mtu &+= 1
        }
    }

    private mutating func tooLong(_ packet: Outgoing, _ host: Int, _ link: Int, kernel: Int?, now: Instant) {
        let family = table[host].links[link].settings.remote.address.family
        let size = overhead.sealedSize(packet.longest) + LinkSizes.ipHeaders(family)
        let change = table[host].links[link].mtu.refused(
            size, kernel: kernel ?? 0, isProbe: packet.type == .probe, now: now)
        apply(change, host, link)
        discover(host, link, now: now)
    }

    /// The network says that nothing arrives at an address (ICMP: port, host or network unreachable). It is asked at once,
    /// and the link is down when it does not answer.
    public mutating func reported(unreachable address: SocketAddress, on socket: SocketNumber, now: Instant) {
        forLinks(to: address, on: socket) { links, host, link in links.suspect(host, link, now: now) }
        settleWake()
    }

    /// The machine at an address has refused a datagram: no process has the port there. Other links to the host are asked at
    /// once; it is told when none is left that has not been refused.
    public mutating func reported(refusedBy address: SocketAddress, on socket: SocketNumber, now: Instant) {
        forLinks(to: address, on: socket) { links, host, link in
            links.suspect(host, link, now: now)
            // It has just answered after another report.
            guard !links.table[host].links[link].monitor.isTrusted else { return }
            links.table[host].links[link].monitor.refused()
            for other in links.table[host].links.indices where links.table[host].links[other].monitor.isTrusted {
                links.suspect(host, other, now: now)
            }
            let isHeard = links.table[host].links.contains { $0.monitor.isConnected && !$0.monitor.isRefused }
            if !isHeard { links.events.add(.refused(links.table[host].id.nodeID)) }
        }
        settleWake()
    }

    /// The address that a socket was bound to is gone: what it carries is asked at once, and down when nothing answers.
    public mutating func closed(_ socket: SocketNumber, now: Instant) {
        for host in table.indices {
            for link in table[host].links.indices where table[host].links[link].socket == socket {
                suspect(host, link, now: now)
            }
        }
        settleWake()
    }

    /// A router is said to carry IP packets of `mtu` bytes only on the way to an address. It is tried.
    public mutating func reported(mtu: Int, to address: SocketAddress, on socket: SocketNumber, now: Instant) {
        forLinks(to: address, on: socket) { links, host, link in
            links.table[host].links[link].mtu.reported(mtu, now: now)
            if links.has(.believesRouters) { links.apply(.path, host, link) }
            links.discover(host, link, now: now)
        }
    }

    /// The interface that a socket sends through carries IP packets of `mtu` bytes.
    public mutating func interface(of socket: SocketNumber, mtu: Int, now: Instant) {
        for host in table.indices {
            for link in table[host].links.indices where table[host].links[link].socket == socket {
                table[host].links[link].mtu.interface(mtu, now: now)
                apply(.path, host, link)
                discover(host, link, now: now)
            }
        }
    }

    private mutating func forLinks(
        to address: SocketAddress, on socket: SocketNumber, _ body: (inout KnetLinks, Int, Int) -> Void
    ) {
        for id in sources.hosts(at: address.address) {
            guard let host = table.index(of: id) else { continue }
            for link in table[host].links.indices where table[host].links[link].carries(from: address, on: socket) {
                body(&self, host, link)
            }
        }
    }

    private mutating func suspect(_ host: Int, _ link: Int, now: Instant) {
        guard let number = change(host, link, { $0.monitor.reported(now: now) }) else { return }
        ping(number, host, link, isForced: false)
        isWakeStale = true
    }
}
