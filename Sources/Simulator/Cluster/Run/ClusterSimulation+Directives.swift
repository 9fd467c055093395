import Basics
import ClientProtocol
import ClusterConfiguration
import ClusterEngine
import ClusterMap
import TotemWire

/// What engines want their shell to do.
extension ClusterSimulation {
    /// Carries out all that waits, in order, also what comes up meanwhile.
    mutating func carryOutDirectives(_ node: Int) {
        guard let box = nodes[node].box else { return }
        while let directive = box.engine.nextDirective() {
            carryOut(directive, node, box)
            guard nodes[node].box === box else { return }
        }
    }

    private mutating func carryOut(_ directive: EngineDirective, _ node: Int, _ box: EngineBox) {
        switch directive {
        case .log(let line): trace.add(now, nodes[node].id, "says: \(line.text)")
        case .send(let message): convey(message, node)
        case .setRate(let rate, let service): setRate(rate, service, node)
        case .ready:
            if !nodes[node].isReady { trace.add(now, nodes[node].id, "takes programs' connections") }
            nodes[node].isReady = true
        case .stopService(let service): stop(service, node, box)
        case .reload: reload(node, box)
        case .storeTrackingBarrier(let barrier): nodes[node].disk.trackingBarrier = barrier
        case .blockUnlistedAddresses(let blocks): nodes[node].blocksUnlisted = blocks
        case .reopenLogs, .loggingChanged, .measure, .watchdog, .holdMulticasts: break
        case .askMachine(let other): askMachine(of: other, by: node)
        case .keysChanged:
            if nodes[node].isReloadDue { reload(node, box) }
        case .oldKeyGone: wipeKeys(node, box)
        case .openSocket(let socket, let address): open(socket, at: address, node, box)
        case .closeSocket(let socket): close(socket, node)
        case .exit(let reason): exit(node, reason, box)
        }
    }

    private mutating func exit(_ node: Int, _ reason: ExitReason, _ box: EngineBox) {
        switch reason {
        case .left:
            // The outbox goes out before the process ends.
            send(node, box)
            checkEnd(node, box)
            checker.left(node)
            recording?.note(.left, of: node, at: now)
            die(node, "has left the cluster")
        case .killed(let killer, _):
            die(node, "ends, killed by node \(killer)")
            orderCarriedOut()
        }
    }

    private mutating func setRate(_ rate: RequestRate, _ service: LocalService, _ node: Int) {
        nodes[node].rates[Int(service.rawValue)] = rate
        guard nodes[node].takesRequests(service) else { return }
        for connection in nodes[node].connections
        where connections[connection].service == service && !connections[connection].requests.isEmpty {
            planService(connection)
        }
    }

    /// Closes a service's socket: all its clients are cut off.
    private mutating func stop(_ service: LocalService, _ node: Int, _ box: EngineBox) {
        disturbRing()
        // Some daemons end by themselves.
        if !nodes[node].isLeaving { checker.leaving(node, in: box.engine.look().ring) }
        for connection in nodes[node].connections where connections[connection].service == service {
            disconnect(connection)
            box.engine.connectionClosed(connections[connection].id, of: service, now: instant(node))
        }
        nodes[node].connections.removeAll { connections[$0].service == service }
    }

    private mutating func reload(_ node: Int, _ box: EngineBox) {
        // As the daemon does: there is room for two keys only.
        nodes[node].isReloadDue = box.engine.isChangingKeys
        guard !nodes[node].isReloadDue else { return }
        let new: ClusterConfiguration
        do throws(ConfigurationError) {
            new = try NodeConfiguration.read(
                nodes[node].disk.configuration, place: node, running: nodes[node].running)
        } catch {
            trace.add(now, nodes[node].id, "cannot reload: \(error.message)")
            return box.engine.reloadFailed(now: instant(node))
        }
        trace.add(now, nodes[node].id, "reloads its configuration")
        if nodes[node].readFile?.equals(nodes[node].disk.file) != true { disturbRing() }
        let links = nodes[node].readFile?.links
        nodes[node].running = new
        noteRead(node)
        if !tampering.isDue(.keepPeers) { setPeers(node, new) }
        box.engine.reconfigure(EngineConfiguration(new), now: instant(node))
        changeKeys(node, box, from: links)
        checker.reloaded(node)
        noteStaleBound(node)
    }
}
