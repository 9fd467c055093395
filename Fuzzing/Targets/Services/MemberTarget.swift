import Basics
import ClientProtocol
import Totem
import TotemWire

/// A live node in one ring with a member that keeps the ring's protocol but says anything to the services; meanwhile
/// local programs ask for anything. When that member is gone, the node must come to rest alone.
enum MemberTarget {
    static func run(_ input: [UInt8]) throws(Finding) {
        var reader = InputReader(input)
        guard let host = EngineHost.make(nodes: 2, options: reader.u8()) else { return }
        var pair = Pair(host)
        for _ in 0..<100 where pair.peer.members.count < 2 { try pair.run(milliseconds: 10) }
        var operations = 0
        while !reader.isAtEnd, operations < 96, !pair.host.hasEnded {
            operations += 1
            try pair.act(&reader)
        }
        try pair.loseMember()
        try ClientTarget.checkIsAlive(&pair.host)
    }
}

/// The node, and the ring machine of the other.
private struct Pair: ~Copyable {
    var host: EngineHost
    var peer: TotemRing
    private var toHost: [(arrival: Instant, bytes: [UInt8])] = []
    private var toPeer: [(arrival: Instant, bytes: [UInt8])] = []
    private var isPeerUp = true
    private static let delay: UInt64 = 100_000

    init(_ host: consuming EngineHost) {
        var parameters = RingParameters()
        parameters.token = 300
        parameters.tokenRetransmit = 71
        parameters.hold = 46
        parameters.consensus = 360
        peer = TotemRing(
            me: NodeID(2), configured: [NodeID(1), NodeID(2)], parameters: parameters, storedRingSequence: 0)
        peer.start(now: host.now)
        self.host = host
        collect()
    }

    mutating func act(_ reader: inout InputReader) throws(Finding) {
        switch reader.u8() % 8 {
        case 0: try run(milliseconds: UInt64(reader.u8()))
        case 1, 2:
            try ClientOperation.act(on: &host, &reader)
            collect()
        default:
            let rings = [peer.ringID, RingID(representative: NodeID(2), sequence: UInt64(reader.u8()))]
            var (group, bytes) = MessageScript.message(rings, &reader)
            let flags = reader.u8()
            if flags & 0xE0 == 0xE0 { MessageScript.damage(&bytes, &reader) }
            _ = peer.submit(bytes.span, group: group, now: host.now)
            if flags & 0x10 == 0 { peer.acknowledgeConfiguration(now: host.now) }
            collect()
        }
    }

    /// The other node falls silent.
    mutating func loseMember() throws(Finding) {
        try run(milliseconds: 50)
        isPeerUp = false
        toHost = []
        // Local programs may have changed the timings, which begin with the next token.
        let timings = host.engine.configuration.ring
        let patience = 3 * UInt64(timings.token) + 2 * UInt64(timings.consensus) + 1000
        guard patience < 20_000 else { return }
        try run(milliseconds: patience)
        guard !host.hasEnded else { return }
        try require(
            host.engine.ringPhase == .operational && host.engine.vitals.memberCount == 1,
            "alone for \(patience) ms, the node is not operational")
    }

    mutating func run(milliseconds: UInt64) throws(Finding) {
        let end = host.now.adding(milliseconds: milliseconds)
        var steps = 0
        while !host.hasEnded, step(until: end) {
            steps += 1
            try require(steps < 200_000, "\(steps) packets and timers in \(milliseconds) ms")
        }
        _ = host.advance(upTo: end)
        collect()
    }

    /// Handles what comes next, if it comes before `end`.
    private mutating func step(until end: Instant) -> Bool {
        defer { collect() }
        var next = end.adding(nanoseconds: 1)
        if let first = toHost.first { next = min(next, first.arrival) }
        if isPeerUp, let first = toPeer.first { next = min(next, first.arrival) }
        if isPeerUp, let deadline = peer.nextDeadline { next = min(next, deadline) }
        // The host moves on to its own deadlines up to there, one at a time.
        if host.advance(upTo: min(next, end)) { return true }
        guard next <= end else { return false }
        if let first = toHost.first, first.arrival <= host.now {
            toHost.removeFirst()
            host.receive(first.bytes)
        } else if isPeerUp, let first = toPeer.first, first.arrival <= host.now {
            toPeer.removeFirst()
            try? peer.receive(first.bytes.span, now: host.now)
        } else if isPeerUp {
            peer.advance(to: host.now)
        }
        return true
    }

    /// Puts what both have sent on its way, and lets the other take its events.
    private mutating func collect() {
        for bytes in host.takeOutbox() where isPeerUp {
            toPeer.append((host.now.adding(nanoseconds: Self.delay), bytes))
        }
        guard isPeerUp else { return }
        while let step = peer.nextStep() {
            switch step {
            case .store: break
            case .send: send()
            case .deliver:
                while let event = peer.nextEvent() {
                    if case .configuration(let change) = event, change.kind == .regular {
                        peer.acknowledgeConfiguration(now: host.now)
                    }
                }
            }
        }
    }

    private mutating func send() {
        while let packet = peer.nextPacket() {
            let payload = peer.bytes(of: packet)
            var bytes: [UInt8] = []
            for offset in 0..<payload.count { bytes.append(payload.span[offset]) }
            toHost.append((host.now.adding(nanoseconds: Self.delay), bytes))
        }
    }
}
