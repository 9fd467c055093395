import Basics
import ClientProtocol
import ClusterEngine
import ClusterMap
import Totem
import TotemWire

/// A shell around one engine under virtual time: connections, what they ask, and what comes of it.
struct EngineHost: ~Copyable {
    var engine: ClusterEngine
    private(set) var now = Instant(nanoseconds: 1_000_000_000)
    /// Datagrams for the other nodes, in order.
    private(set) var outbox: [[UInt8]] = []
    private(set) var connections: [Connection] = []
    private(set) var hasEnded = false
    private var nextConnection: UInt64 = 1
    private var response = ByteWriter()
    /// Bytes of messages for clients; they are dropped, as by clients that vanish.
    private(set) var messageBytes = 0
    private let configuration: EngineConfiguration
    /// The first invariant of the engine that was broken.
    private(set) var broken: String?

    struct Connection {
        var id: ConnectionID
        var service: LocalService
    }

    static let connectionLimit = 12
    /// Bytes of the buffer that a client of a library has.
    private static let bufferSize = 1_048_576

    /// - Parameters:
    ///   - nodes: 1 or 2.
    ///   - options: options of votequorum by its bits.
    /// - Returns: nil when no node could start so.
    static func make(nodes: Int, options: UInt8) -> EngineHost? {
        let variants = nodes == 1 ? ConfigurationVariants.alone : ConfigurationVariants.pair
        guard let configuration = variants[Int(options) % variants.count] else { return nil }
        return EngineHost(configuration)
    }

    private init(_ configuration: EngineConfiguration) {
        self.configuration = configuration
        engine = ClusterEngine(configuration: configuration, storedRingSequence: 0)
        do { try engine.start(now: now) } catch { hasEnded = true }
        settle()
    }

    // MARK: Network and time

    mutating func receive(_ datagram: [UInt8]) {
        guard !hasEnded else { return }
        try? engine.receive(datagram.span, now: now)
        settle()
    }

    mutating func takeOutbox() -> [[UInt8]] {
        defer { outbox.removeAll(keepingCapacity: true) }
        return outbox
    }

    /// Moves on to the next deadline, at most to `end`; false when there is none before it.
    mutating func advance(upTo end: Instant) -> Bool {
        guard !hasEnded, let deadline = engine.nextDeadline, deadline <= end else {
            now = max(now, end)
            return false
        }
        // What happens takes time, so that nothing can go on for ever at one point in time.
        now = max(now, deadline).adding(nanoseconds: 2_000)
        engine.advance(to: now)
        settle()
        return true
    }

    mutating func run(milliseconds: UInt64) {
        let end = now.adding(milliseconds: milliseconds)
        while advance(upTo: end) {}
    }

    // MARK: Clients

    mutating func connect(to service: LocalService) {
        guard !hasEnded, connections.count < Self.connectionLimit else { return }
        let id = ConnectionID(nextConnection)
        nextConnection += 1
        connections.append(Connection(id: id, service: service))
        engine.connectionOpened(
            ConnectionIdentity(
                id: id, service: service.rawValue, process: 100 + Int32(id.rawValue), processName: "fuzz"),
            to: service)
        settle()
    }

    mutating func disconnect(_ index: Int) {
        guard !hasEnded, connections.indices.contains(index) else { return }
        let connection = connections.remove(at: index)
        engine.connectionClosed(connection.id, of: connection.service, now: now)
        settle()
    }

    /// Treats a request as the server does: what is refused there the engine never sees.
    mutating func request(_ request: [UInt8], from index: Int) throws(Finding) {
        guard !hasEnded, connections.indices.contains(index) else { return }
        let connection = connections[index]
        guard let header = try? RequestHeader(decoding: request.span) else { return }
        let size = Int(header.size)
        let hasRoom = engine.reserveRoom(bytes: max(0, min(size, Self.bufferSize)))
        let admission = Admission.decide(
            service: connection.service, id: header.id, size: size, bufferSize: Self.bufferSize, hasRoom: hasRoom,
            isSynchronizing: engine.isSynchronizing)
        response.removeAll()
        if admission == .run {
            // The server copies as much as the header claims.
            let copied = Array(request.prefix(max(size, RequestHeader.size)))
            let outcome = engine.handle(
                copied.span, from: connection.id, of: connection.service, now: now, response: &response)
            try check(outcome, header, connection)
        }
        engine.releaseRoom()
        settle()
    }

    private func check(_ outcome: RequestOutcome, _ header: RequestHeader, _ connection: Connection) throws(Finding) {
        let what = "the answer to \(connection.service.name) \(header.id)"
        switch outcome {
        case .answered, .invalid, .overloaded:
            try require(response.count >= ResponseHeader.size, "\(what) has \(response.count) bytes")
            guard let claimed = try? RequestHeader(decoding: response.span).size else { return }
            try require(Int(claimed) == response.count, "\(what) of \(response.count) bytes claims \(claimed)")
            try require(response.count <= Self.bufferSize, "\(what) is longer than any client's buffer")
        case .later, .unanswered: break
        }
    }

    // MARK: A turn of the shell

    private mutating func settle() {
        // More than any sequence of requests can make an engine want at one point in time.
        var rest = 256
        while rest > 0, let step = engine.nextStep(now: now) {
            rest -= 1
            switch step {
            case .store: break
            case .send: while let datagram = engine.nextDatagram() { post(datagram) }
            case .carryOut: while let directive = engine.nextDirective() { carryOut(directive) }
            }
        }
        if broken == nil { broken = engine.brokenInvariant() }
    }

    private mutating func post(_ datagram: OutgoingPacket) {
        let payload = engine.bytes(of: datagram)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(payload.count)
        for offset in 0..<payload.count { bytes.append(payload.span[offset]) }
        outbox.append(bytes)
    }

    private mutating func carryOut(_ directive: EngineDirective) {
        switch directive {
        case .send(let message): messageBytes += message.bytes.count
        case .reload:
            if now.nanoseconds & 1 == 0 {
                engine.reconfigure(configuration, now: now)
            } else {
                engine.reloadFailed(now: now)
            }
        case .stopService(let service):
            for index in connections.indices.reversed() where connections[index].service == service {
                let connection = connections.remove(at: index)
                engine.connectionClosed(connection.id, of: service, now: now)
            }
        case .measure(let resource): engine.measured(resource, 42, now: now)
        case .exit: hasEnded = true
        default: break
        }
    }
}
