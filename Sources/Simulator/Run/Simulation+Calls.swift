import Basics
import Totem
import TotemWire

/// Calls into the ring machines, and what comes out of them.
extension Simulation {
    mutating func arrive(_ node: Int, _ packet: Int32) {
        guard nodes[node].isUp, nodes[node].rejectsUntil <= now else { return refuse(node, packet) }
        let isBusy = nodes[node].busyUntil > now || !nodes[node].inbox.isEmpty
        guard nodes[node].isPaused || isBusy || scenario.readingPause > 0 else {
            receive(node, packet)
            packets.release(packet)
            return settle(node)
        }
        guard keep(packet, for: node) else { return checker.disturb() }
        planRead(node, at: max(now + scenario.readingPause * 1000, nodes[node].busyUntil))
    }

    private mutating func planRead(_ node: Int, at time: UInt64) {
        guard !nodes[node].isPaused, time < nodes[node].readAt else { return }
        nodes[node].readAt = time
        queue.plan(.read(node: Int32(node)), at: time)
    }

    /// What has come is read now, if it still is to be.
    mutating func readDue(_ node: Int) {
        guard nodes[node].readAt == now else { return }
        read(node)
    }

    /// Takes in all that has come, then lets the ring's answers out, as the daemon does; a slow node only gets through
    /// one datagram at a time.
    mutating func read(_ node: Int) {
        guard nodes[node].isUp, !nodes[node].isPaused else { return }
        nodes[node].readAt = .max
        let count = nodes[node].callTime > 0 ? min(nodes[node].inbox.count, 1) : nodes[node].inbox.count
        let waiting = nodes[node].inbox.prefix(count)
        nodes[node].inbox.removeFirst(count)
        for packet in waiting {
            receive(node, packet)
            packets.release(packet)
        }
        if count > 0 { settle(node) }
        if nodes[node].isUp, !nodes[node].inbox.isEmpty { planRead(node, at: max(nodes[node].busyUntil, now + 1)) }
    }

    /// The node has been called.
    private mutating func takeTime(_ node: Int) { nodes[node].busyUntil = now + nodes[node].callTime }

    mutating func receive(_ node: Int, _ packet: Int32) {
        takeTime(node)
        let datagram = packets[packet]
        noteSign(node, datagram.span)
        let accepted = nodes[node].ring.statistics.tokensAccepted
        let ring = nodes[node].ring.ringID
        try? nodes[node].ring.receive(datagram.span, now: instant(node))
        if nodes[node].ring.statistics.tokensAccepted > accepted,
            let header = try? PacketHeader(decoding: datagram.span), header.type == .orfToken,
            let token = try? ORFToken(decoding: datagram.span, header: header), token.ringID == ring
        {
            checker.accepted(node, token)
            if node == 0 { meter?.tokenAccepted(at: now) }
            checker.took(node, token)
            let inspection = nodes[node].ring.inspect()
            nodes[node].backlogShare = inspection.backlogShare
            if inspection.phase == .operational { checker.visited(node, token, inspection.progress) }
        } else if datagram.count > 3, datagram[3] == PacketType.holdCancel.rawValue,
            let header = try? PacketHeader(decoding: datagram.span),
            let cancel = try? HoldCancel(decoding: datagram.span, header: header), cancel.ringID == ring
        {
            checker.heardCancel(node, ring)
        }
    }

    mutating func wake(_ node: Int) {
        guard nodes[node].wakeAt == now else { return }
        nodes[node].wakeAt = .max
        guard nodes[node].isUp, !nodes[node].isPaused else { return }
        guard nodes[node].busyUntil <= now else { return replanWake(node) }
        takeTime(node)
        let lost = nodes[node].ring.statistics.operationalTokenLost
        nodes[node].ring.advance(to: instant(node))
        if nodes[node].ring.statistics.operationalTokenLost > lost {
            checker.lostToken(node, parameters: scenario.parameters(of: node))
        }
        settle(node)
    }

    /// After every call: what the ring wants stored, sent and told, until it wants nothing more.
    mutating func settle(_ node: Int) {
        guard nodes[node].isUp else { return }
        askMachine(node)
        let before = nodes[node].ring.inspect()
        notePhase(node, before.phase)
        strikeUponState(node, beforeSending: true)
        while nodes[node].isUp, let step = nodes[node].ring.nextStep() {
            switch step {
            case .store(let sequence): store(node, sequence)
            case .send: send(node)
            case .deliver: handleEvents(node)
            }
        }
        guard nodes[node].isUp else { return }
        ask(node)
        strikeUponState(node, beforeSending: false)
        guard nodes[node].isUp else { return }
        askMachine(node)
        let after = nodes[node].ring.inspect()
        checker.progressed(node, after.progress, isOperational: after.phase == .operational)
        if let deadline = after.deadline { planWake(node, at: deadline) }
        checkPromise(node)
    }

    private mutating func askMachine(_ node: Int) {
        guard asksMachines, let broken = nodes[node].ring.brokenInvariant() else { return }
        checker.fail(.machine) { "the ring machine of node \($0.ids[node]) breaks its own invariant \(broken.text)" }
    }

    private mutating func replanWake(_ node: Int) {
        if let deadline = nodes[node].ring.nextDeadline { planWake(node, at: deadline) }
    }

    private mutating func store(_ node: Int, _ sequence: UInt64) {
        if sabotage == .storeNothing { return }
        if !tampering.isDue(.forgetRing, sabotage) { nodes[node].disk = sequence }
        checker.stored(node, sequence: sequence)
    }

    private mutating func send(_ node: Int) {
        let backlogShare = nodes[node].backlogShare
        while let outgoing = nodes[node].ring.nextPacket() {
            let bytes = nodes[node].ring.bytes(of: outgoing)
            guard getsOut(node) else { return }
            checker.sent(node, bytes.span, backlogShare: backlogShare)
            if trace.isOn, !trace.showsPackets { noteRotation(node, bytes.span) }
            if trace.showsPackets { tracePacket(node, bytes.span, to: outgoing.destination) }
            transmit(node, packets.add(bytes.span), to: outgoing.destination)
        }
    }

    private mutating func transmit(_ node: Int, _ packet: Int32, to destination: PacketDestination) {
        let type = packets[packet].count > 3 ? PacketType(rawValue: packets[packet][3]) : nil
        if type == .mcast, tampering.isDue(.alterMessage, sabotage) {
            packets[packet][packets[packet].count - 1] ^= 0x20
        }
        if type == .orfToken, isCalm, sabotage == .swallowTokens {
            packets.release(packet)
            return
        }
        // Of the last datagram of a node that dies only some copies get out.
        let isLast = nodes[node].dyingAfter == 0
        switch destination {
        case .node(let id):
            if let other = checker.index(of: id) { carry(packet, type, from: node, to: other) }
        case .everyone:
            for other in nodes.indices where other != node {
                if isLast, chance.oneIn(2) { continue }
                carry(packet, type, from: node, to: other)
            }
        }
        packets.release(packet)
    }

    /// Once a rotation, at the representative, and only of a token that nobody needs to ask anything of.
    private mutating func noteRotation(_ node: Int, _ bytes: Span<UInt8>) {
        guard let header = try? PacketHeader(decoding: bytes), header.type == .orfToken,
            let token = try? ORFToken(decoding: bytes, header: header), token.ringID.representative == nodes[node].id
        else { return }
        trace.rotated(now, "the token of ring \(token.ringID): seq \(token.sequence), aru \(token.aru)")
    }
}
