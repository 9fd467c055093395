import Basics
import Links
import TotemWire

/// From the machines to the network.
extension LinksSimulation {
    func address(_ node: Int, _ link: Int) -> SocketAddress {
        let id = nodes[node].id.rawValue
        let ip: IPAddress =
            scenario.links[link].isIPv6
            ? .v6(high: 0xFD00_0000_0000_0000 | UInt64(link), low: UInt64(id))
            : .v4(0x0A00_0000 | UInt32(link) << 16 | id)
        return SocketAddress(ip, port: 5405 + UInt16(link))
    }

    // MARK: Packets of the ring

    mutating func planTraffic(_ node: Int) {
        let pace = scenario.traffic[node].pace
        guard pace > 0 else { return }
        queue.plan(.traffic(node), at: now + chance.between(pace * 500, pace * 1500))
    }

    mutating func send(from node: Int) {
        guard !isCalm else { return }
        planTraffic(node)
        for _ in 0..<scenario.traffic[node].burst {
            guard nodes[node].runs else { return }
            let receiver = chance.oneIn(4) ? chance.below(nodes.count) : node
            sendPacket(drawLength(scenario.traffic[node].sizes), from: node, to: receiver == node ? nil : receiver)
        }
    }

    private mutating func drawLength(_ sizes: PacketTraffic.Sizes) -> Int {
        switch sizes {
        case .small: chance.between(PacketLedger.least, 120)
        case .medium: chance.between(200, 1700)
        case .large: chance.between(2000, chance.pick(6000, 20_000, LinkSizes.packetLimit))
        case .mixed:
            switch chance.below(20) {
            case 0: drawLength(.large)
            case 1...4: drawLength(.medium)
            default: drawLength(.small)
            }
        }
    }

    /// - Parameter receiver: nil for everybody.
    mutating func sendPacket(_ length: Int, from node: Int, to receiver: Int?) {
        let number = nodes[node].number + 1
        // Some of them are worth compressing.
        let isMonotonous = scenario.compressionThreshold != nil && number % 3 > 0
        PacketLedger.fill(
            &scratch, length: length, node: node, life: nodes[node].life, number: number, isMonotonous: isMonotonous)
        var sent = scratch
        let destination: PacketDestination = receiver.map { .node(nodes[$0].id) } ?? .everyone
        if let receiver { PacketLedger.setTarget(&sent, nodes[receiver].id) }
        let packet = PacketOrigin(
            kind: .data, sender: node, life: nodes[node].life, number: number, receiver: receiver)
        // What is in the outbox belongs to this number from now on.
        nodes[node].number = number
        ledger.add(
            PacketLedger.Packet(length: length, fingerprint: sent.span.fingerprint, receiver: receiver), node: node)
        isOversized = false
        let (bytes, instant, before) = (scratch, instant, epoch)
        let outcome = call(node) { box in
            let outcome = box.links.send(bytes.span, to: destination, now: instant)
            return outcome == .compress ? box.links.compressStaged(now: instant) : outcome
        }
        guard outcome == .queued else {
            nodes[node].number = number - 1
            ledger.removeLast(node)
            return
        }
        figures.messagesSent += 1
        guard !isOversized, before == epoch else { return }
        for other in nodes.indices where other != node && (receiver ?? other) == other {
            guard promises(packet, to: other, length: length) else { continue }
            let deadline = now + longestTravel + 1_000_000
            checker.dues.append(LinksChecker.Due(packet: packet, receiver: other, deadline: deadline, epoch: epoch))
        }
    }

    // MARK: Datagrams

    /// Lets a node's packets leave.
    mutating func flush(_ node: Int) {
        guard let box = nodes[node].box else { return }
        while let packet = box.links.nextOutgoing() {
            compareTwin(node, packet)
            var pieces: [Int32] = []
            for index in 0..<packet.count { pieces.append(seal(index, of: packet, node, box)) }
            for target in 0..<packet.targetCount {
                let target = box.links.target(target, of: packet)
                for piece in pieces {
                    guard nodes[node].box === box else { break }
                    guard getsOut(node) else { break }
                    if let refusal = carry(piece, node, target) {
                        let instant = instant
                        _ = nodes[node].call {
                            $0.links.refused(packet, to: target, because: refusal, now: instant) == ()
                        }
                    }
                }
            }
            for piece in pieces { packets.release(piece) }
        }
        if let twin = nodes[node].twin, nodes[node].box === box, twin.links.nextOutgoing() != nil {
            fail(.equality, "one of two machines of node \(nodes[node].id) sends more than the other")
        }
    }

    private mutating func compareTwin(_ node: Int, _ packet: Outgoing) {
        guard let twin = nodes[node].twin, let box = nodes[node].box else { return }
        guard twin.links.nextOutgoing() == packet,
            twin.links.fingerprint(of: packet) == box.links.fingerprint(of: packet)
        else { return fail(.equality, "two machines of node \(nodes[node].id) send unlike packets") }
    }

    /// Seals a datagram once for all its targets.
    private mutating func seal(_ index: Int, of packet: Outgoing, _ node: Int, _ box: LinksBox) -> Int32 {
        let plain = box.links.copy(index, of: packet)
        var origin = origin(of: plain.span, node)
        origin.isSealed = packet.slot != .clear
        let image = nodes[node].keys.seal(plain, packet.slot)
        let slot = packets.add(image.span)
        setOrigin(slot, origin)
        checker.mix(image.span.fingerprint)
        return slot
    }

    mutating func setOrigin(_ slot: Int32, _ origin: PacketOrigin) {
        while origins.count <= Int(slot) { origins.append(origin) }
        origins[Int(slot)] = origin
    }

    private func origin(of plain: Span<UInt8>, _ node: Int) -> PacketOrigin {
        var origin = PacketOrigin(kind: .data, sender: node, life: nodes[node].life)
        switch try? KnetPacket(decoding: plain) {
        case .data(let header):
            origin.number = nodes[node].number
            origin.isWhole = header.isWhole
            origin.receiver = ledger[origin]?.receiver
        case .ping(let ping):
            origin.kind = .ping
            origin.link = Int(ping.link.rawValue)
            origin.number = nodes[node].number
        case .pong(let ping):
            origin.kind = .pong
            origin.link = Int(ping.link.rawValue)
            // The number of the ping, which only its sender can read.
            origin.number = ping.stamp.first
        case .probe(let probe):
            origin.kind = .probe
            origin.number = UInt64(probe.packetSize)
        case .probeReply(let probe):
            origin.kind = .probeReply
            origin.link = Int(probe.link.rawValue)
            origin.number = UInt64(probe.packetSize)
        case nil: break
        }
        return origin
    }

    /// Counts one more datagram; false when the node is to die before that, and does.
    private mutating func getsOut(_ node: Int) -> Bool {
        guard let left = nodes[node].dyingAfter else { return true }
        guard left > 0 else {
            die(node, "stops dead while it sends")
            return false
        }
        nodes[node].dyingAfter = left - 1
        return true
    }
}
