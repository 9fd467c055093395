import Basics
import ClusterEngine
import Links
import TotemWire

/// Between the links of a node and its sockets, as the daemon does it: what comes is opened and given to the engine, what the
/// ring wants sent goes through the links, is sealed and leaves.
extension ClusterSimulation {
    /// Rounds after which what refusals have caused waits for the next call.
    private static let rounds = 4

    /// The keys of a daemon that starts.
    mutating func prepareLinks(_ node: Int, _ box: EngineBox) {
        #if PLANTED_DEFECTS
            if let planted { box.engine.withLinks { $0.planted = planted } }
        #endif
        guard let links = nodes[node].disk.file.links, links.protection.isSealed else { return }
        let life = nodes[node].life
        let strange = life > 1 && tampering.isDue(.strangeKey) ? 1000 : 0
        nodes[node].keys[.first] = NodeKeys.key(
            links.protection, generation: links.keyChanges + strange, sender: node, life: life)
    }

    // MARK: Sockets

    mutating func open(_ socket: SocketNumber, at address: SocketAddress, _ node: Int, _ box: EngineBox) {
        guard case .v4(let bits) = address.address else { return }
        let link = Int(bits >> 16 & 0xFF)
        nodes[node].sockets.append(NodeSocket(number: socket, link: link))
        tellInterface(of: node, link, box)
    }

    mutating func close(_ socket: SocketNumber, _ node: Int) {
        nodes[node].sockets.removeAll { $0.number == socket }
    }

    /// The daemon looks what the interface carries when it opens a socket, and when the kernel says that it has changed.
    mutating func tellInterface(of node: Int, _ link: Int, _ box: EngineBox) {
        guard let network = linkNetwork, !network.isGone(link, of: node),
            let socket = nodes[node].sockets.first(where: { $0.link == link })
        else { return }
        let (mtu, instant) = (network.interface(link, of: node), instant(node))
        box.engine.withLinks { $0.interface(of: socket.number, mtu: mtu, now: instant) }
    }

    // MARK: From the network

    mutating func arrive(_ trip: LinkTrip) {
        let (node, link) = (Int(trip.to), Int(trip.link))
        guard nodes[node].isUp, nodes[node].sockets.contains(where: { $0.link == link }) else {
            // Nobody listens on that port.
            report(LinkReport(node: Int(trip.from), link: link, about: node, isRefusal: true))
            return packets.release(trip.packet)
        }
        guard linkNetwork?.isGone(link, of: node) == false else { return packets.release(trip.packet) }
        guard !nodes[node].isPaused else {
            guard nodes[node].trips.count < Self.socketBuffer else { return packets.release(trip.packet) }
            return nodes[node].trips.append(trip)
        }
        receive(trip)
        settle(node)
    }

    mutating func receive(_ trip: LinkTrip) {
        let node = Int(trip.to)
        defer { packets.release(trip.packet) }
        guard let box = nodes[node].box, let socket = nodes[node].sockets.first(where: { $0.link == Int(trip.link) })
        else { return }
        if trip.link == 1, tampering.isDue(.deafLink) { return }
        let (now, source) = (instant(node), address(Int(trip.from), Int(trip.link)))
        guard let slots = box.engine.admit(source, now: now) else { return }
        var image = packets[trip.packet]
        let opened = open(&image, trip, slots)
        noteOpened(trip, with: opened?.slot)
        guard let (range, slot) = opened else {
            let length = image.count
            return box.engine.withLinks { $0.undecipherable(from: source, bytes: length, now: now) }
        }
        let plain = image.span.extracting(range)
        let arrival = box.engine.receive(plain, from: source, on: socket.number, openedWith: slot, now: now)
        guard case .compressed(let packet, let model) = arrival else { return }
        Self.decompress(packet, model, of: plain, for: &box.engine, now: now)
    }

    private static func decompress(
        _ packet: ReceivedPacket, _ model: CompressionModel, of datagram: Span<UInt8>, for engine: inout ClusterEngine,
        now: Instant
    ) {
        let count = engine.bytes(of: packet, in: datagram).count
        let whole = ToyCompressor.decompress(engine.bytes(of: packet, in: datagram), limit: LinkSizes.packetLimit)
        guard model == ToyCompressor.model, let whole else {
            return engine.withLinks { $0.decompressionFailed(packet, model, now: now) }
        }
        _ = engine.receive(decompressed: whole.span, of: packet, bytes: count, now: now)
    }

    mutating func take(_ report: LinkReport) {
        guard let box = nodes[report.node].box, !nodes[report.node].isPaused,
            let socket = nodes[report.node].sockets.first(where: { $0.link == report.link })
        else { return }
        let (now, address) = (instant(report.node), address(report.about, report.link))
        box.engine.withLinks { links in
            if let mtu = report.mtu {
                links.reported(mtu: mtu, to: address, on: socket.number, now: now)
            } else if report.isRefusal {
                links.reported(refusedBy: address, on: socket.number, now: now)
            } else {
                links.reported(unreachable: address, on: socket.number, now: now)
            }
        }
        settle(report.node)
    }

    // MARK: To the network

    /// Gives the links what the ring wants sent, and sends what they make of it.
    mutating func sendByLinks(_ node: Int, _ box: EngineBox) {
        let now = instant(node)
        while box.engine.loadLinks(now: now) {
            box.engine.withLinks { _ = $0.compressStaged(now: now) }
        }
        for _ in 0..<Self.rounds {
            let departures = collect(node, box)
            guard !departures.isEmpty else { return }
            var refusals: [(Departure, SendRefusal)] = []
            for departure in departures {
                if nodes[node].box === box, getsOut(node), let refusal = carry(departure, from: node) {
                    refusals.append((departure, refusal))
                }
                packets.release(departure.packet)
            }
            guard nodes[node].box === box else { return }
            box.engine.withLinks { links in
                for (departure, refusal) in refusals {
                    links.refused(departure.outgoing, to: departure.target, because: refusal, now: now)
                }
            }
        }
    }

    /// One datagram to one target.
    struct Departure {
        var packet: Int32
        var outgoing: Outgoing
        var target: LinkTarget
        var seal: SealMark
        /// Of the ring's packet in it.
        var type: PacketType?
        /// The beginning of the ring's packet, where a picture wants it.
        var beginning: [UInt8]
    }

    /// Takes all that lies in the links' outbox, sealed once for all targets.
    private mutating func collect(_ node: Int, _ box: EngineBox) -> [Departure] {
        var departures: [Departure] = []
        box.engine.withLinks { links in
            while let outgoing = links.nextOutgoing() {
                let plains = (0..<outgoing.count).map { links.copy($0, of: outgoing) }
                let beginning = outgoing.type == .data ? Array(plains[0].dropFirst(DataHeader.size)) : []
                let type = beginning.count > 3 ? PacketType(rawValue: beginning[3]) : nil
                let isShort = plains.count > 1 && tampering.isDue(.dropLastPiece)
                let slot = sealing(outgoing, links.keys)
                let seal = mark(node, slot)
                let pieces = plains.dropLast(isShort ? 1 : 0).map { plain in
                    let image = nodes[node].keys.seal(plain, slot)
                    digest.mix(UInt64(image.count) << 32 ^ UInt64(node) << 16 ^ now)
                    return packets.add(image.span)
                }
                let targets = (0..<outgoing.targetCount).map { links.target($0, of: outgoing) }
                if trace.showsPackets { traceDeparture(node, outgoing, targets, beginning) }
                for target in targets {
                    for piece in pieces {
                        packets.retain(piece)
                        departures.append(
                            Departure(
                                packet: piece, outgoing: outgoing, target: target, seal: seal, type: type,
                                beginning: recording == nil ? [] : beginning))
                    }
                }
                for piece in pieces { packets.release(piece) }
            }
        }
        return departures
    }

    private mutating func traceDeparture(
        _ node: Int, _ outgoing: Outgoing, _ targets: [LinkTarget], _ packet: [UInt8]
    ) {
        let ways = targets.map { "node \($0.host) by link \($0.link)" }.joined(separator: ", ")
        let pieces = outgoing.count > 1 ? " in \(outgoing.count) pieces" : ""
        let what = packet.isEmpty ? "\(outgoing.type)" : PacketLine.describe(packet.span)
        trace.add(now, nodes[node].id, "sends \(what)\(pieces) to \(ways)")
    }
}
