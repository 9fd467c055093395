import Basics
import ClientProtocol
import ClusterConfiguration
import ClusterEngine
import Links
import Totem
import TotemWire

/// The daemon of each node: a shell around its engine, as `ClusterEngine` describes it.
extension ClusterSimulation {
    mutating func start(_ node: Int) {
        guard !nodes[node].isUp else { return }
        let configuration: ClusterConfiguration
        do throws(ConfigurationError) {
            let text = tampering.file(nodes[node].disk.configuration)
            configuration = try NodeConfiguration.read(text, place: node)
        } catch {
            // Not in the nodelist, perhaps.
            return trace.add(now, nodes[node].id, "does not start: \(error.message)")
        }
        var settings = EngineConfiguration(
            configuration, storedTrackingBarrier: nodes[node].disk.trackingBarrier)
        if linkNetwork != nil { settings.linkSecret = LinkSecret(chance.next(), chance.next()) }
        let box = EngineBox(
            ClusterEngine(configuration: settings, storedRingSequence: nodes[node].disk.ringSequence))
        box.engine.logThreshold = trace.isOn ? (linkNetwork == nil ? .notice : .info) : .critical
        nodes[node].boot(box, configuration)
        prepareLinks(node, box)
        noteRead(node)
        disturbRing()
        reassessLinks()
        // Whoever was still on his way out when calm set in may come back late: rest begins anew.
        settledAt = nil
        setPeers(node, configuration)
        trace.add(now, nodes[node].id, "starts with stored ring sequence \(nodes[node].disk.ringSequence)")
        checker.started(node, life: nodes[node].life)
        noteStaleBound(node)
        recording?.note(.started, of: node, at: now)
        do {
            try box.engine.start(now: instant(node))
        } catch {
            trace.add(now, nodes[node].id, "does not start: \(error)")
            nodes[node].box = nil
            return
        }
        settle(node)
    }

    /// What a node that is cut off may take to know it, from any state: to miss the token, to agree, a second more; and what
    /// others have sent may be on its way for as long as the slowest of them.
    mutating func noteStaleBound(_ node: Int) {
        guard let parameters = nodes[node].box?.engine.look().parameters else { return }
        let milliseconds = parameters.formation + 1000 + scenario.network.slowness / 1000
        checker.staleBound = max(checker.staleBound, milliseconds * 1_000_000)
    }

    mutating func setPeers(_ node: Int, _ configuration: ClusterConfiguration) {
        let listed = configuration.nodes.compactMap(\.nodeID)
        nodes[node].peers = nodes.indices.filter { $0 != node && listed.contains(nodes[$0].id) }
        nodes[node].blocksUnlisted = configuration.timings.blockUnlistedIPs
    }

    mutating func arrive(_ node: Int, _ packet: Int32) {
        guard nodes[node].isUp else { return refuse(node, packet) }
        if nodes[node].isPaused {
            _ = keep(packet, for: node)
            return
        }
        receive(node, packet)
        settle(node)
    }

    /// A datagram has come to a machine on which no daemon runs.
    private mutating func refuse(_ node: Int, _ packet: Int32) {
        defer { packets.release(packet) }
        guard Beat.isBeat(packets[packet].span), let header = try? PacketHeader(decoding: packets[packet].span),
            let sender = nodes.firstIndex(where: { $0.id == header.nodeID })
        else { return }
        guard let arrival = smallArrival(from: node, to: sender) else { return }
        queue.plan(.refusal(node: Int32(clamping: sender), by: Int32(clamping: node)), at: arrival)
    }

    /// A node hears that a machine has refused its packet. (One that is paused does not: its packets were long ago when it
    /// goes on.)
    mutating func hearRefusal(_ node: Int, by machine: Int) {
        guard let box = nodes[node].box, !nodes[node].isPaused else { return }
        box.engine.refused(by: nodes[machine].id, now: instant(node))
        settle(node)
    }

    mutating func receive(_ node: Int, _ packet: Int32) {
        if let box = nodes[node].box {
            try? box.engine.receive(packets[packet].span, now: instant(node))
        }
        packets.release(packet)
    }

    mutating func wake(_ node: Int) {
        guard nodes[node].wakeAt == now else { return }
        nodes[node].wakeAt = .max
        guard let box = nodes[node].box, !nodes[node].isPaused else { return }
        box.engine.advance(to: instant(node))
        settle(node)
    }

    /// After every call: what is to be stored, sent, delivered and carried out, until there is nothing more.
    mutating func settle(_ node: Int) {
        guard let box = nodes[node].box else { return }
        askMachines(node, box)
        observe(node, box)
        strikeUponState(node, beforeSending: true)
        guard nodes[node].box === box else { return }
        while let step = box.engine.nextStep(now: instant(node)) {
            switch step {
            case .store(let sequence): store(node, sequence)
            case .send: send(node, box)
            case .carryOut: carryOutDirectives(node)
            }
            guard nodes[node].box === box else { return }
            if step == .carryOut { noteSynchronization(node, box) }
        }
        noteVotes(node, box)
        watchRing(node, box)
        measureLinks(node, box)
        askMachines(node, box)
        observe(node, box)
        strikeUponState(node, beforeSending: false)
        guard nodes[node].box === box else { return }
        if let deadline = box.engine.nextDeadline { planWake(node, at: deadline) }
    }

    private func askMachines(_ node: Int, _ box: EngineBox) {
        guard let broken = box.engine.brokenInvariant() else { return }
        checker.fail(.machine, "node \(nodes[node].id) breaks an invariant of its own: \(broken)")
    }

    /// Looks at the ring, if a picture or a fault wants to know of it.
    private mutating func observe(_ node: Int, _ box: EngineBox) {
        guard recording != nil || !waitingFaults.isEmpty else { return }
        let phase = box.engine.ringPhase
        notePhase(node, phase)
        guard recording != nil, phase == .operational else { return }
        let outlook = box.engine.look()
        guard outlook.ring != nodes[node].installed else { return }
        nodes[node].installed = outlook.ring
        installations.append(
            InstalledRing(
                time: now, node: nodes[node].id, ring: outlook.ring, members: outlook.members, companions: []))
    }

    private mutating func store(_ node: Int, _ sequence: UInt64) {
        if !tampering.isDue(.forgetRing) { nodes[node].disk.ringSequence = sequence }
    }

    mutating func send(_ node: Int, _ box: EngineBox) {
        if linkNetwork != nil { return sendByLinks(node, box) }
        while let outgoing = box.engine.nextDatagram() {
            guard getsOut(node) else { return }
            let bytes = box.engine.bytes(of: outgoing)
            let packet = packets.add(bytes.span)
            if trace.showsPackets { tracePacket(node, bytes.span, to: outgoing.destination) }
            digest.mix(UInt64(bytes.span.count) << 32 ^ UInt64(node) << 16 ^ now)
            transmit(node, packet, to: outgoing.destination)
        }
    }

    private mutating func transmit(_ node: Int, _ packet: Int32, to destination: PacketDestination) {
        let type = packets[packet].count > 3 ? PacketType(rawValue: packets[packet][3]) : nil
        switch destination {
        case .node(let id):
            for peer in nodes[node].peers where nodes[peer].id == id { pass(packet, type, from: node, to: peer) }
        case .everyone:
            for peer in nodes[node].peers { pass(packet, type, from: node, to: peer) }
        }
        packets.release(packet)
    }

    private mutating func pass(_ packet: Int32, _ type: PacketType?, from: Int, to: Int) {
        if nodes[to].isUp, nodes[to].blocksUnlisted, !nodes[to].peers.contains(from) { return }
        carry(packet, type, from: from, to: to)
    }
}

extension ClusterNode {
    /// A new life of the daemon.
    mutating func boot(_ box: EngineBox, _ configuration: ClusterConfiguration) {
        self.box = box
        running = configuration
        life += 1
        isPaused = false
        isReady = false
        isLeaving = false
        wakeAt = .max
        dyingAfter = nil
        phase = .idle
        installed = nil
        rates = Array(repeating: .fast, count: rates.count)
        connections = []
        sockets = []
        keys = NodeKeys()
        keyOrder = KeyOrder()
        isReloadDue = false
        hangups = []
        mustEnd = false
        standing = nil
        formed = nil
    }
}
