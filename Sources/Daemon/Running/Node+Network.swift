import Basics
import ClusterEngine
import TotemWire
import Transports

/// Between the ring and the network.
extension Node {
    /// Storing a ring id should take far less than a token; a disk that does not is worth a word.
    private static let slowStore: UInt64 = 250

    /// Takes in one batch of datagrams and sends at once what they cause: nothing that a turn has to do besides delays
    /// the token. What remains to be read is reported again by the loop.
    func receive(from transport: UDPTransport) {
        // Tokens and multicasts arrive on different sockets: what came before a token is taken in before it.
        if transport.groupDescriptor != nil { receiveMulticasts(from: transport) }
        takeIn(transport.receive(), from: transport)
        transport.flush()
    }

    /// So many batches of multicasts are taken in before a token: more than a socket's buffer holds of the ring's. Who floods
    /// the group with more cannot hold the token up for longer.
    private static let mostMulticastBatches = 512

    /// Takes in what waits of the group's datagrams (spec: transports.md 4.5).
    func receiveMulticasts(from transport: UDPTransport) {
        for _ in 0..<Self.mostMulticastBatches {
            takeIn(transport.receiveMulticasts(), from: transport)
            guard transport.holdsMoreMulticasts else { return }
        }
    }

    /// Takes in the datagrams that the transport has just read.
    private func takeIn(_ count: Int, from transport: UDPTransport) {
        var next = 0
        while let pause = Self.take(next..<count, from: transport, into: &engine, now: loop.now) {
            switch pause {
            case .foreign(let error, let index):
                logForeign(error, transport.source(index)?.description)
                next = index + 1
            case .delivery(let index):
                if engine.processAndLook(now: loop.now) { carryOutDirectives() }
                next = index
            }
        }
    }

    /// Takes in what machines have refused.
    func takeRefusals(from transport: UDPTransport) {
        let now = loop.now
        transport.takeRefusals { engine.refused(by: $0, now: now) }
    }

    /// What has to be done before the rest of a batch is taken in.
    enum Pause {
        /// Log that the datagram at this index is none of the ring's.
        case foreign(HeaderError, Int)
        /// Deliver what came before the token at this index.
        case delivery(Int)
    }

    /// So many frames are delivered before a token that came with them goes on: their receivers get them sooner, and what
    /// these answer may still travel with it. More would keep the other nodes waiting.
    static let promptFrames = 8

    /// Gives the engine datagrams until there is something to do in between; behind the last one queues what is to be
    /// sent, unless something must be stored before.
    private static func take(
        _ range: Range<Int>, from transport: UDPTransport, into engine: inout ClusterEngine, now: Instant
    ) -> Pause? {
        for index in range {
            let datagram = transport.datagram(index)
            if PacketHeader.announcesToken(datagram), !engine.hasRingSequenceToStore,
                (1...promptFrames).contains(engine.waitingEventCount)
            {
                return .delivery(index)
            }
            do throws(HeaderError) {
                try engine.receive(datagram, now: now)
            } catch {
                return .foreign(error, index)
            }
        }
        if !engine.hasRingSequenceToStore { queueOutgoing(of: &engine, on: transport) }
        return nil
    }

    /// Not a packet of the ring.
    func logForeign(_ error: HeaderError, _ source: String?) {
        let source = source ?? "an unknown address"
        logger.log(LogLine(.warning, .totem, error.logText(from: source), kind: .foreignDatagram))
    }

    /// Does what the engine wants done until it wants nothing more, or the node has to end.
    func settle(now: Instant) {
        while let step = engine.nextStep(now: now) {
            switch step {
            case .store(let sequence):
                guard store(sequence) else { return }
            case .send:
                send()
            case .carryOut:
                carryOutDirectives()
            }
        }
    }

    private func send() {
        switch transport {
        case .udp(let transport):
            Self.queueOutgoing(of: &engine, on: transport)
            transport.flush()
        case .links(let transport):
            Self.send(of: &engine, on: transport, now: EventLoop.clock())
        }
    }

    /// Makes a new ring's sequence durable.
    private func store(_ sequence: UInt64) -> Bool {
        let start = EventLoop.clock()
        do throws(SystemFailure) {
            if case .overwritten(let reason) = try ringIDFile.store(sequence) {
                warnAboutOverwriting(ringIDFile, "The ring id", because: reason)
            }
        } catch {
            fail(
                .ringIDFile, "Couldn't store new ring id \(String(sequence, radix: 16)) to stable storage: \(error)",
                ringIDFile.advice(on: error))
            return false
        }
        let took = EventLoop.clock().milliseconds(since: start)
        if took >= Self.slowStore {
            logger.log(
                .warning, .main,
                "Storing the ring id took \(took) ms, during which the ring had to wait. To do: give "
                    + "system.state_dir a faster disk.")
        }
        return true
    }

    /// What has been stored is safe unless the machine fails in the middle of the write.
    func warnAboutOverwriting(_ file: NumberFile, _ what: String, because reason: SystemFailure) {
        logger.log(
            .warning, .main,
            "\(what) was written over the old one in '\(file.path)', because no new file could safely take its place "
                + "(\(reason)). To do: \(file.advice(on: reason)).")
    }

    /// Hands all that is to be sent to the transport, which copies it. One access to the engine instead of several for each
    /// datagram.
    private static func queueOutgoing(of engine: inout ClusterEngine, on transport: UDPTransport) {
        while let datagram = engine.nextDatagram() {
            let bytes = engine.bytes(of: datagram)
            if datagram.asksForRefusal, case .node(let node) = datagram.destination {
                transport.ask(bytes.span, node)
            } else {
                transport.queue(bytes.span, to: datagram.destination)
            }
        }
    }

    /// Looks after the own address when a token was lost, and regularly while the node is alone.
    func checkInterface(_ now: Instant, _ vitals: ClusterEngine.Vitals) {
        var isDown = false
        if case .udp(let transport) = transport {
            isDown = transport.interfaceState == .loopback
            if transport.groupDescriptor != nil {
                engine.multicastsFailed(inARow: transport.statistics.consecutiveSendErrors)
            }
        }
        let isAlone = vitals.memberCount <= 1 || isDown
        guard interfaceWatch.isDue(now, isAlone: isAlone, tokenLosses: vitals.tokenLosses),
            case .udp(let transport) = transport
        else { return }
        switch transport.checkInterface() {
        case .none: return
        case .wentDown: logger.log(.notice, .totem, "The network interface is down.")
        case .cameUp(let address):
            logger.log(.notice, .totem, "The network interface [\(address)] is now up.")
            if !transport.usesSubstitute { engine.becomeReachable() }
        case .replaced(let address):
            logger.log(.notice, .totem, "The network interface [\(address)] is now up.")
            watchNetwork()
            engine.becomeReachable()
        }
        engine.interfaceChanged(now: now)
    }

    func fail(_ status: ExitStatus, _ texts: String..., file: String = #fileID, line: Int = #line) {
        end = End(
            status: status, lines: texts.map { LogLine(.error, .main, $0) }, place: "\(file):\(line)")
    }
}
