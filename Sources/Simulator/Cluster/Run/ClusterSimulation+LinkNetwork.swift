import Basics
import Links
import TotemWire

/// The networks of the links between whole nodes.
extension ClusterSimulation {
    /// Datagrams that a socket's buffer holds.
    static let socketBuffer = 2000

    mutating func eachNetwork(_ body: (inout NetworkModel) -> Void) {
        body(&network)
        linkNetwork?.each(body)
    }

    func address(_ node: Int, _ link: Int) -> SocketAddress {
        SocketAddress(ConfigurationText.address(node, link: link), port: 5405 + UInt16(link))
    }

    /// - Returns: what the kernel says instead of sending.
    mutating func carry(_ departure: Departure, from node: Int) -> SendRefusal? {
        var link = Int(departure.target.link.rawValue)
        if link > 0, tampering.isDue(.firstLinkOnly) { link = 0 }
        guard let to = nodes.firstIndex(where: { $0.id == departure.target.host.nodeID }), let network = linkNetwork
        else { return .other }
        let bytes = packets[departure.packet].count
        switch network.obstacle(link, from: node, to: to, size: bytes + LinkSizes.ipHeaders(.v4)) {
        case .gone: return .unreachable
        case .interface(let mtu): return network.reports ? .tooLong(mtu: mtu) : .noRoom
        case .path(let mtu):
            report(LinkReport(node: node, link: link, about: to, mtu: mtu))
            return nil
        case .cut:
            recording?.note(departure.beginning.span, from: node, to: to, sent: now, arrived: nil)
            return nil
        case nil: break
        }
        let time = now
        guard let fate = linkNetwork?.links[link].fate(from: node, to: to, type: departure.type, size: bytes, now: time)
        else { return nil }
        recording?.note(departure.beginning.span, from: node, to: to, sent: time, arrived: fate.first?.arrival)
        for copy in [fate.first, fate.second] {
            guard let copy else { continue }
            let arriving = packets.share(departure.packet, turningOver: copy.flippedBit)
            let trip = LinkTrip(
                packet: arriving, from: Int32(clamping: node), to: Int32(clamping: to), link: UInt8(clamping: link),
                isAltered: copy.flippedBit != nil, seal: departure.seal)
            queue.plan(.linkArrival(trip), at: copy.arrival)
        }
        return nil
    }

    /// Lets a router or the peer's kernel tell, where such things are told.
    mutating func report(_ report: LinkReport) {
        guard let network = linkNetwork, network.reports,
            !network.isBlocked(report.link, from: report.about, to: report.node)
        else { return }
        let delay = network.links[report.link].conditions.usualDelay * 1000
        queue.plan(.linkReport(report), at: now + delay + 1)
    }

    // MARK: Faults

    mutating func strike(_ fault: LinkFault) {
        trace.add(now, nil, fault.words(scenario.nodes))
        switch fault {
        case .cut(let link, let from, let to): linkNetwork?.links[link].cut(from: from, to: to)
        case .mend(let link, let from, let to): linkNetwork?.links[link].mend(from: from, to: to)
        case .loss(let link, let perMillion): linkNetwork?.links[link].conditions.lossPerMillion = perMillion
        case .delay(let link, let time): linkNetwork?.links[link].conditions.delay = time
        case .path(let link, let from, let to, let bytes):
            for sender in from { for receiver in to { linkNetwork?.setPath(link, from: sender, to: receiver, bytes) } }
        case .interface(let node, let link, let bytes):
            linkNetwork?.setInterface(link, of: node, bytes)
            interfaceChanged(node, link)
        case .interfaceGone(let node, let link): takeInterface(link, from: node)
        case .interfaceBack(let node, let link): giveInterface(link, backTo: node)
        case .reports(let isOn): linkNetwork?.reports = isOn
        // Texts with these are refused.
        case .changeKeys: break
        }
    }

    private mutating func interfaceChanged(_ node: Int, _ link: Int) {
        guard let box = nodes[node].box, !nodes[node].isPaused else { return }
        tellInterface(of: node, link, box)
        settle(node)
    }

    private mutating func takeInterface(_ link: Int, from node: Int) {
        guard linkNetwork?.isGone(link, of: node) == false else { return }
        linkNetwork?.setGone(link, of: node, true)
        guard let box = nodes[node].box, !nodes[node].isPaused,
            let socket = nodes[node].sockets.first(where: { $0.link == link })
        else { return }
        let instant = instant(node)
        box.engine.withLinks { $0.closed(socket.number, now: instant) }
        settle(node)
    }

    mutating func giveInterface(_ link: Int, backTo node: Int) {
        guard linkNetwork?.isGone(link, of: node) == true else { return }
        linkNetwork?.setGone(link, of: node, false)
        interfaceChanged(node, link)
    }
}
