import ClientProtocol
import ClusterConfiguration
import ClusterEngine
import Deadlines
import Totem
import TotemWire

/// The daemon of each node: a shell around its engine, as `ClusterEngine` describes it.
extension ClusterSimulation {
    mutating func start(_ node: Int) {
        guard !nodes[node].isUp else { return }
        let configuration: ClusterConfiguration
        do throws(ConfigurationError) {
            configuration = try NodeConfiguration.read(nodes[node].disk.configuration, place: node)
        } catch {
            // Not in the nodelist, perhaps.
            return trace.add(now, nodes[node].id, "does not start: \(error.message)")
        }
        let settings = EngineConfiguration(
            configuration, storedTrackingBarrier: nodes[node].disk.trackingBarrier)
        let box = EngineBox(
            ClusterEngine(configuration: settings, storedRingSequence: nodes[node].disk.ringSequence))
        box.engine.logThreshold = trace.isOn ? .notice : .critical
        nodes[node].boot(box, configuration)
        // Whoever was still on his way out when calm set in may come back late: rest begins anew.
        settledAt = nil
        setPeers(node, configuration)
        trace.add(now, nodes[node].id, "starts with stored ring sequence \(nodes[node].disk.ringSequence)")
        checker.started(node, life: nodes[node].life)
        do {
            try box.engine.start(now: instant(node))
        } catch {
            trace.add(now, nodes[node].id, "does not start: \(error)")
            nodes[node].box = nil
            return
        }
        settle(node)
    }

    mutating func setPeers(_ node: Int, _ configuration: ClusterConfiguration) {
        let listed = configuration.nodes.compactMap(\.nodeID)
        nodes[node].peers = nodes.indices.filter { $0 != node && listed.contains(nodes[$0].id) }
        nodes[node].blocksUnlisted = configuration.timings.blockUnlistedIPs
    }

    mutating func arrive(_ node: Int, _ packet: Int32) {
        guard nodes[node].isUp else { return packets.release(packet) }
        if nodes[node].isPaused {
            // As in a socket, up to its buffer.
            guard nodes[node].inbox.count < 2000 else { return packets.release(packet) }
            return nodes[node].inbox.append(packet)
        }
        receive(node, packet)
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
        repeat {
            if let sequence = box.engine.ringSequenceToStore() { store(node, sequence) }
            send(node, box)
            guard nodes[node].box === box else { return }
            box.engine.process(now: instant(node))
            carryOutDirectives(node)
            guard nodes[node].box === box else { return }
        } while box.engine.outgoingCount > 0
        if let deadline = box.engine.nextDeadline { planWake(node, at: deadline) }
    }

    private mutating func planWake(_ node: Int, at deadline: Instant) {
        guard !nodes[node].isPaused else { return }
        // A call takes some time: a ring of one node must not go round for ever in none.
        let time = max(nodes[node].clock.time(of: deadline.nanoseconds), now + 1000)
        guard time < nodes[node].wakeAt else { return }
        nodes[node].wakeAt = time
        queue.plan(.wake(node: Int32(node)), at: time)
    }

    private mutating func store(_ node: Int, _ sequence: UInt64) {
        if !tampering.isDue(.forgetRing) { nodes[node].disk.ringSequence = sequence }
    }

    mutating func send(_ node: Int, _ box: EngineBox) {
        for index in 0..<box.engine.outgoingCount {
            if let left = nodes[node].dyingAfter {
                guard left > 0 else { return die(node, "stops dead while it sends") }
                nodes[node].dyingAfter = left - 1
            }
            let outgoing = box.engine.outgoing(index)
            let bytes = box.engine.bytes(of: outgoing)
            let packet = packets.add(bytes.span)
            digest.mix(UInt64(bytes.span.count) << 32 ^ UInt64(node) << 16 ^ now)
            transmit(node, packet, to: outgoing.destination)
        }
        box.engine.clearOutgoing()
    }

    private mutating func transmit(_ node: Int, _ packet: Int32, to destination: OutgoingDatagram.Destination) {
        let type = packets[packet].count > 3 ? PacketType(rawValue: packets[packet][3]) : nil
        switch destination {
        case .node(let id):
            for peer in nodes[node].peers where nodes[peer].id == id { carry(packet, type, from: node, to: peer) }
        case .everyone:
            for peer in nodes[node].peers { carry(packet, type, from: node, to: peer) }
        }
        packets.release(packet)
    }

    private mutating func carry(_ packet: Int32, _ type: PacketType?, from: Int, to: Int) {
        if nodes[to].isUp, nodes[to].blocksUnlisted, !nodes[to].peers.contains(from) { return }
        let fate = network.fate(from: from, to: to, type: type, now: now)
        for arrival in [fate.first, fate.second] {
            guard let arrival else { continue }
            var arriving = packet
            if let bit = network.flippedBit(ofBytes: packets[packet].count, now: now) {
                let whole = packets[packet]
                arriving = packets.add(whole.span)
                packets[arriving][bit / 8] ^= 1 << UInt8(bit % 8)
            } else {
                packets.retain(packet)
            }
            queue.plan(.arrival(node: Int32(to), packet: arriving), at: arrival)
        }
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
        rates = Array(repeating: .fast, count: rates.count)
        connections = []
        hangups = []
    }
}
