import Basics
import ClientProtocol
import ClusterEngine
import ClusterMap
import TotemWire

/// Between programs and daemons: what libqb does (spec: ipc.md 2).
extension ClusterSimulation {
    /// - Returns: the new connection; nil when the daemon takes none now.
    mutating func connect(_ program: Int, to service: LocalService) -> Int? {
        let node = programs[program].plan.node
        guard let box = nodes[node].box, nodes[node].isReady, !nodes[node].isPaused,
            box.engine.decideAccess(user: 0, group: 0, isLowOnDescriptors: false) == .accept
        else { return nil }
        let index = connections.count
        let connection = ClientConnection(
            id: ConnectionID(UInt64(index) + 1), service: service, node: node, life: nodes[node].life, program: program)
        connections.append(connection)
        nodes[node].connections.append(index)
        let identity = ConnectionIdentity(
            id: connection.id, service: service.rawValue, process: Int32(truncatingIfNeeded: programs[program].pid),
            processName: "program\(program)")
        box.engine.connectionOpened(identity, to: service)
        carryOutDirectives(node)
        return index
    }

    /// A program's request is on its way to the daemon.
    mutating func send(_ request: [UInt8], on connection: Int) {
        connections[connection].requests.append(request)
        planService(connection)
    }

    mutating func planService(_ connection: Int) {
        guard !connections[connection].isServicePlanned else { return }
        connections[connection].isServicePlanned = true
        queue.plan(.serve(connection: Int32(connection)), at: now + chance.between(UInt64(5_000), 60_000))
    }

    /// The daemon takes a few requests off a connection.
    mutating func serve(_ connection: Int) {
        connections[connection].isServicePlanned = false
        let node = connections[connection].node
        guard connections[connection].isOpen, let box = nodes[node].box, !nodes[node].isPaused else { return }
        let service = connections[connection].service
        var served = 0
        while served < 50, connections[connection].isOpen, !connections[connection].requests.isEmpty,
            nodes[node].takesRequests(service)
        {
            served += 1
            process(connections[connection].requests.removeFirst(), on: connection, box)
            guard nodes[node].box === box else { return }
        }
        settle(node)
        guard nodes[node].box === box, connections[connection].isOpen, !connections[connection].requests.isEmpty,
            nodes[node].takesRequests(service)
        else { return }
        planService(connection)
    }

    private mutating func process(_ request: [UInt8], on connection: Int, _ box: EngineBox) {
        let service = connections[connection].service
        let node = connections[connection].node
        var response = ByteWriter()
        let outcome = Self.submit(
            request, from: connections[connection].id, of: service, by: box, now: instant(node), &response)
        // Events that a request causes are in front of its answer.
        carryOutDirectives(node)
        guard connections[connection].isOpen else { return }
        let isAnswered = service.isAnswered(LibraryMessage(bytes: request).u32(0))
        switch outcome {
        case .answered: answer(connection, response.bytes)
        case .invalid, .overloaded: if isAnswered { answer(connection, response.bytes) }
        case .later, .unanswered: break
        }
    }

    /// One request, admitted or refused as the daemon's shell does it (spec: ipc.md 2.5).
    static func submit(
        _ request: [UInt8], from id: ConnectionID, of service: LocalService, by box: EngineBox, now: Instant,
        _ response: inout ByteWriter
    ) -> RequestOutcome {
        let header = (try? RequestHeader(decoding: request.span)) ?? RequestHeader.none
        let hasRoom = box.engine.reserveRoom(bytes: max(0, min(Int(header.size), Admission.largestRequest)))
        defer { box.engine.releaseRoom() }
        let admission = Admission.decide(
            service: service, id: header.id, size: Int(header.size), bufferSize: Admission.largestRequest,
            hasRoom: hasRoom, isSynchronizing: box.engine.isSynchronizing)
        return admission.refusal(&response)
            ?? box.engine.handle(request.span, from: id, of: service, now: now, response: &response)
    }

    /// A daemon's event or late answer.
    mutating func convey(_ message: ClientMessage, _ node: Int) {
        guard message.connection.rawValue > 0, message.connection.rawValue <= UInt64(connections.count) else { return }
        let connection = Int(message.connection.rawValue) - 1
        guard connections[connection].isOpen, connections[connection].node == node else { return }
        switch message.channel {
        case .response: answer(connection, message.bytes)
        case .event:
            for bytes in tampering.events(message.bytes, connection, connections[connection].service) {
                connections[connection].events.append(bytes)
            }
            planReading(connection)
        }
    }

    private mutating func answer(_ connection: Int, _ bytes: [UInt8]) {
        guard let bytes = tampering.answer(bytes, connections[connection].service) else { return }
        answered(connections[connection].program, LibraryMessage(bytes: bytes))
    }

    // MARK: Reading

    private mutating func planReading(_ connection: Int) {
        switch programs[connections[connection].program].plan.reading {
        case .atOnce: readAll(connection)
        case .slowly(let interval):
            if isCalm { return readAll(connection) }
            guard !connections[connection].isReadingPlanned else { return }
            connections[connection].isReadingPlanned = true
            queue.plan(.read(connection: Int32(connection)), at: now + interval * 1000)
        case .atTheEnd: if isCalm { readAll(connection) }
        }
    }

    mutating func readSome(_ connection: Int) {
        connections[connection].isReadingPlanned = false
        guard connections[connection].isOpen else { return }
        for _ in 0..<3 {
            guard let event = connections[connection].takeEvent() else { return }
            read(connection, event)
        }
        if connections[connection].nextEvent < connections[connection].events.count { planReading(connection) }
    }

    mutating func readAll(_ connection: Int) {
        while connections[connection].isOpen, let event = connections[connection].takeEvent() {
            read(connection, event)
        }
    }

    private mutating func read(_ connection: Int, _ event: [UInt8]) {
        digest.mix(event.span.fingerprint ^ UInt64(connection))
        guard connections[connection].service == .cpg else { return hand(connection, event) }
        switch connections[connection].assembly.take(LibraryMessage(bytes: event)) {
        case .passed: hand(connection, event)
        case .kept: noteTrace(connection, event)
        case .missed(let sender):
            noteTrace(connection, event)
            checker.missedBeginning(connection, of: sender)
        case .completed(let message): hand(connection, message)
        case .broken(let what):
            let program = connections[connection].program
            checker.fail(.groupIntegrity, "program \(program) is sent pieces that make no message: \(what)")
        }
    }

    private mutating func hand(_ connection: Int, _ event: [UInt8]) {
        let (service, message) = (connections[connection].service, LibraryMessage(bytes: event))
        if service == .cpg, message.id == 5 { recording?.noteDelivery(to: connections[connection].node, at: now) }
        checker.read(connection, service, message)
        noteTrace(connection, event)
    }

    private mutating func noteTrace(_ connection: Int, _ event: [UInt8]) {
        guard trace.isOn else { return }
        let connection = connections[connection]
        trace.add(
            now, nodes[connection.node].id,
            "program \(connection.program) reads "
                + ClientLine.describe(connection.service, LibraryMessage(bytes: event)))
    }

    // MARK: Ends

    /// The program is gone; the daemon notices a little later.
    mutating func abandon(_ connection: Int) {
        disconnect(connection)
        queue.plan(.hangup(connection: Int32(connection)), at: now + chance.between(UInt64(5_000), 200_000))
    }

    mutating func hangUp(_ connection: Int) {
        let node = connections[connection].node
        guard let box = nodes[node].box, nodes[node].life == connections[connection].life,
            let place = nodes[node].connections.firstIndex(of: connection)
        else { return }
        guard !nodes[node].isPaused else { return nodes[node].hangups.append(connection) }
        nodes[node].connections.remove(at: place)
        box.engine.connectionClosed(
            connections[connection].id, of: connections[connection].service, now: instant(node))
        carryOutDirectives(node)
        settle(node)
    }

    /// Nothing more goes either way.
    mutating func disconnect(_ connection: Int) {
        guard connections[connection].isOpen else { return }
        connections[connection].isOpen = false
        connections[connection].requests = []
        connections[connection].events = []
        connections[connection].nextEvent = 0
        checker.closed(connection)
        disconnected(connections[connection].program)
    }
}
