import Basics
import Links
import TotemWire

/// Datagrams on their way, and to the machines.
extension LinksSimulation {
    /// - Returns: what the kernel says instead of sending.
    mutating func carry(_ packet: Int32, _ node: Int, _ target: LinkTarget) -> SendRefusal? {
        let link = Int(target.link.rawValue)
        guard let to = scenario.nodes.firstIndex(of: target.host.nodeID) else { return .other }
        let size = packets[packet].count + LinkSizes.ipHeaders(scenario.links[link].family)
        let isData = origins[Int(packet)].kind == .data
        if isData { noteSize(size, node, to, link) }
        switch network.obstacle(link, from: node, to: to, size: size) {
        case .gone: return .unreachable
        case .interface(let mtu):
            guard network.reports else { return .noRoom }
            if isData { noteRefusal(size, node, to, link) }
            return .tooLong(mtu: chance.oneIn(4) ? nil : mtu)
        case .path(let mtu):
            if network.reports { plan(LinkReport(node: node, link: link, about: to, mtu: mtu)) }
            return nil
        case .cut: return nil
        case nil: break
        }
        let (now, bytes) = (now, packets[packet].count)
        let fate = network.links[link].fate(from: node, to: to, type: nil, size: bytes, now: now)
        for copy in [fate.first, fate.second] {
            guard let copy else { continue }
            let arriving = packets.share(packet, turningOver: copy.flippedBit)
            setOrigin(arriving, origins[Int(packet)])
            let nature: LinkFlight.Nature = copy.flippedBit == nil ? .genuine : .altered
            let flight = LinkFlight(packet: arriving, to: to, from: node, link: link, nature: nature)
            queue.plan(.arrival(flight), at: copy.arrival)
        }
        return nil
    }

    private mutating func plan(_ report: LinkReport) {
        let delay = network.links[report.link].conditions.usualDelay * 1000
        queue.plan(.report(report), at: now + delay + 1)
    }

    mutating func take(_ report: LinkReport) {
        let (instant, address) = (instant, address(report.about, report.link))
        let socket = SocketNumber(UInt8(report.link))
        guard nodes[report.node].runs else { return }
        call(report.node) { box in
            if let mtu = report.mtu {
                box.links.reported(mtu: mtu, to: address, on: socket, now: instant)
            } else if report.isRefusal {
                box.links.reported(refusedBy: address, on: socket, now: instant)
            } else {
                box.links.reported(unreachable: address, on: socket, now: instant)
            }
            return true
        }
    }

    // MARK: Arrivals

    /// Datagrams that a socket's buffer holds.
    private static let inboxLimit = 2000

    mutating func arrive(_ flight: LinkFlight) {
        let node = flight.to
        guard nodes[node].isUp, !network.isGone(flight.link, of: node) else {
            // Nobody listens on that port.
            if let from = flight.from, network.reports, flight.nature == .genuine,
                !network.isGone(flight.link, of: node)
            {
                plan(LinkReport(node: from, link: flight.link, about: node, isRefusal: true))
            }
            packets.release(flight.packet)
            return
        }
        // What has not arrived nobody has: somebody who passes it on would be a link.
        if scenario.hasIntruder, flight.nature == .genuine {
            let packet = flight.packet
            intruder.record(origin: origins[Int(packet)], to: node, link: flight.link, packets[packet])
        }
        guard !nodes[node].isPaused else {
            guard nodes[node].inbox.count < Self.inboxLimit else { return packets.release(flight.packet) }
            nodes[node].inbox.append(flight)
            return
        }
        receive(flight)
        packets.release(flight.packet)
    }

    private mutating func receive(_ flight: LinkFlight) {
        let node = flight.to
        guard let box = nodes[node].box else { return }
        let source = flight.from.map { address($0, flight.link) } ?? SocketAddress(.v4(0xC0A8_0001), port: 5405)
        let instant = instant
        guard box.links.isKnown(source) else {
            call(node) { $0.links.rejected(from: source, now: instant) == () }
            return
        }
        let origin = origins[Int(flight.packet)]
        var image = packets[flight.packet]
        guard let (range, slot) = nodes[node].keys.open(&image, box.links.keys) else {
            let bytes = image.count
            call(node) { $0.links.undecipherable(from: source, bytes: bytes, now: instant) == () }
            return
        }
        let socket = SocketNumber(UInt8(flight.link))
        // Where clear packets are taken, what no key opens counts as one.
        let isMistaken = slot == .clear && origin.isSealed
        let isBelow = flight.nature == .forged || flight.nature == .altered && !isMistaken
        let before = isBelow ? LinksState(box.links) : nil
        let isReachable = flight.from.map { box.links.isReachable(nodes[$0].id) } ?? false
        let expectation =
            isMistaken ? .either : expectation(flight, origin, isReachable: isReachable)
        if trace.showsPackets { tracePacket(flight, origin) }
        notePong(flight, origin)
        let counted = box.links.statistics
        let arrival = call(node) { box in
            box.links.receive(
                image.span.extracting(range), from: source, on: socket, openedWith: slot, now: instant)
        }
        if let before, before != LinksState(box.links) {
            fail(.unauthenticated, "node \(nodes[node].id) heeds a packet that nobody has sent")
        }
        guard nodes[node].box === box, !isMistaken else { return }
        if !isReachable { noteBeginning(flight, origin, in: box) }
        var packet: [UInt8]?
        switch arrival {
        case .packet(let received): packet = box.links.copy(of: received, in: image, range)
        case .compressed(let received, let model):
            packet = decompress(box.links.copy(of: received, in: image, range), received, model, node)
        case .nothing, nil: break
        }
        guard let packet else {
            guard expectation == .deliver else { return }
            let reason = DropReason.allCases.first { box.links.statistics[dropped: $0] > counted[dropped: $0] }
            return noteDropped(flight, origin, because: reason)
        }
        deliver(packet.span, flight, origin, expectation)
    }

    /// What a compressed packet was; nil when it is none, or not for this node.
    private mutating func decompress(
        _ bytes: [UInt8], _ packet: ReceivedPacket, _ model: CompressionModel, _ node: Int
    ) -> [UInt8]? {
        let instant = instant
        let whole = ToyCompressor.decompress(bytes.span, limit: LinkSizes.packetLimit)
        guard model == ToyCompressor.model, let whole else {
            call(node) { $0.links.decompressionFailed(packet, model, now: instant) == () }
            return nil
        }
        let isOurs = call(node) { $0.links.decompressed(whole.span, of: packet, bytes: bytes.count) }
        return isOurs == true ? whole : nil
    }

    private mutating func tracePacket(_ flight: LinkFlight, _ origin: PacketOrigin) {
        let nature = flight.nature == .genuine ? "" : " (\(flight.nature))"
        let text =
            "gets \(origin.kind) \(origin.number) of node \(nodes[origin.sender].id), process \(origin.life + 1), by link "
            + "\(flight.link)\(nature)"
        trace.add(now, nodes[flight.to].id, text)
    }
}
