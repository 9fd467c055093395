import Basics
import TotemWire

/// The packets that concern one link: asked, answered, and what answers mean (spec: knet.md 5, 8, 9).
///
/// Answers go to the link's configured address, never to where the question came from, and while the host is unreachable
/// too: how else should it become reachable.
extension KnetLinks {
    // MARK: Pings

    /// Puts ping `number` of a link into the outbox.
    func makePing(_ number: UInt64, _ host: Int, _ link: LinkNumber, isForced: Bool) -> Ping {
        let stamp = PingStamp(number, to: table[host].id, on: link, secret: secret)
        return Ping(host: me, link: link, stamp: stamp, sequence: sequence, isForced: isForced)
    }

    mutating func ping(_ number: UInt64, _ host: Int, _ link: Int, isForced: Bool) {
        let packet = makePing(number, host, table[host].links[link].number, isForced: isForced)
        emit(.ping(packet), host, link)
        table[host].links[link].statistics.sent.ping.add(overhead.sealedSize(Ping.size))
    }

    /// Every 8191st number is told to everybody, connected or not, so that nobody loses count (spec: knet.md 5).
    mutating func pingEverybody(now: Instant) {
        for host in table.indices.reversed() {
            for link in table[host].links.indices {
                let number = change(host, link) { $0.monitor.ping(now: now) }
                ping(number, host, link, isForced: true)
            }
        }
    }

    mutating func take(_ ping: Ping, _ host: Int, _ link: Int, bytes: Int, now: Instant) {
        table[host].links[link].statistics.received.ping.add(bytes)
        emit(.pong(ping.answer(from: me)), host, link)
        table[host].links[link].statistics.sent.pong.add(overhead.sealedSize(Ping.size))
        let interval = table[host].links[link].settings.timing.intervalNanoseconds
        switch table[host].hear(ping, interval: interval, now: now) {
        case .none: break
        case .restarted: if !has(.mixesLives) { reassembly.forget(table[host].id) }
        case .restartDoubted:
            if table[host].restart.warns(ping, now: now), !has(.mixesLives) { reassembly.forget(table[host].id) }
            statistics.count(.restart)
        }
    }

    mutating func take(pong: Ping, _ host: Int, _ link: Int, bytes: Int, now: Instant) {
        table[host].links[link].statistics.received.pong.add(bytes)
        let id = table[host].id
        guard
            pong.stamp == PingStamp(pong.stamp.first, to: id, on: pong.link, secret: secret) || has(.countsAnyPong)
        else {
            return statistics.count(.pong)
        }
        let wasRefused = table[host].links[link].monitor.isRefused
        let outcome = change(host, link) { $0.monitor.pong(pong.stamp.first, now: now) }
        if wasRefused, !table[host].links[link].monitor.isRefused { events.add(.answered(table[host].id.nodeID)) }
        switch outcome {
        case .unexpected: return statistics.count(.pong)
        case .late:
            statistics.count(.latePong)
            return events.tell(.latePong(id, pong.link), of: .latePong, now: now)
        case .counted(let count): events.tell(.pongReceived(id, pong.link, count: count))
        case .up: linkIsUp(host, link)
        case .alive: break
        }
        if !table[host].links[link].monitor.isConnected {
            wakeUp(at: table[host].links[link].monitor.deadline(isAlone: true))
        }
        let latency = table[host].links[link].monitor.latency.nanoseconds
        table[host].links[link].mtu.start(latency: latency, now: now)
        discover(host, link, now: now)
    }

    // MARK: Path MTU

    mutating func take(_ probe: MTUProbe, _ host: Int, _ link: Int, bytes: Int) {
        table[host].links[link].statistics.received.mtu.add(bytes)
        emit(.probeReply(probe.answer(from: me)), host, link)
    }

    mutating func take(reply: MTUProbe, _ host: Int, _ link: Int, bytes: Int, now: Instant) {
        table[host].links[link].statistics.received.mtu.add(bytes)
        let (isAwaited, change) = table[host].links[link].mtu.answered(reply.packetSize, now: now)
        guard isAwaited else { return statistics.count(.probeReply) }
        apply(change, host, link)
        discover(host, link, now: now)
    }

    /// Lets a link's discovery go on, and sends the probes it wants.
    mutating func discover(_ host: Int, _ link: Int, now: Instant) {
        let lastPong = table[host].links[link].monitor.lastPong
        let turn = questionTurn(host)
        // What is settled at once, such as a search that the kernel has answered, has a next step right away.
        for _ in 0..<PathMTU.stepLimit {
            let change = table[host].links[link].mtu.advance(now: now, lastPong: lastPong, turn)
            apply(change, host, link)
            if let (kernel, path) = table[host].links[link].mtu.takeWarning() {
                events.tell(.smallPath(table[host].id, table[host].links[link].number, kernel: kernel, path: path))
            }
            guard sendProbes(host, link) || change != nil else { break }
        }
        tellMTU(host, link)
        if let deadline = table[host].links[link].mtu.deadline(turn) { wakeUp(at: deadline) }
    }

    func questionTurn(_ host: Int) -> QuestionTurn { QuestionTurn(host: host, of: table.hosts.count) }

    /// Whether any was sent.
    private mutating func sendProbes(_ host: Int, _ link: Int) -> Bool {
        var hasSent = false
        while let size = table[host].links[link].mtu.nextProbe() {
            guard let plain = table[host].links[link].mtu.sizes.probe(path: Int(size))?.plain, outbox.hasRoom(plain)
            else { continue }
            let probe = MTUProbe(host: me, link: table[host].links[link].number, packetSize: size)
            outbox.target(target(host, link))
            outbox.add(.probe, keys.inUse) { probe.encode(length: plain, into: &$0) }
            countSealed()
            table[host].links[link].statistics.sent.mtu.add(overhead.sealedSize(plain))
            hasSent = true
        }
        return hasSent
    }

    // MARK: Out

    /// Puts a packet for one link into the outbox. Where there is no room it is lost, as it may be on the way.
    private mutating func emit(_ packet: KnetPacket, _ host: Int, _ link: Int) {
        guard outbox.hasRoom(Ping.size) else { return }
        outbox.target(target(host, link))
        outbox.add(packet.type, keys.inUse) { packet.encode(into: &$0) }
        countSealed()
    }

    private mutating func countSealed() {
        if keys.inUse != .clear { statistics.sealedPackets &+= 1 }
    }
}
