import Basics
import TotemWire

@testable import Totem

/// Rings joined by a network that loses and delays nothing but a fixed time: enough to look at one behaviour at a time.
struct PerfectNetwork {
    struct Packet {
        var arrival: UInt64
        var order: Int
        var destination: Int
        var bytes: [UInt8]
    }

    var now = Instant(nanoseconds: 1_000_000_000)
    var rings: [TotemRing] = []
    var log: [[String]] = []
    var notices: [[RingNotice]] = []
    var messages: [[String]] = []
    var changes: [[ConfigurationChange]] = []
    var stored: [[UInt64]] = []
    var up: [Bool] = []
    /// Machines whose kernels answer for a process that has ended, or refuse what comes for one that lives.
    var refusing: Set<Int> = []
    /// Machines that are not there, or not to be reached.
    var lost: Set<Int> = []
    /// Machines that answer nobody who asks whether they are there.
    var closed: Set<Int> = []
    /// Machines that do not reach each other.
    var severed: Set<Int> = []
    /// Machines that stand still: what comes for them is lost.
    var frozen: Set<Int> = []
    /// Called for each datagram on its way; false loses it.
    var passes: (_ from: NodeID, _ to: NodeID, _ bytes: [UInt8]) -> Bool = { _, _, _ in true }
    /// Nanoseconds a datagram takes.
    var delay: UInt64 = 100_000
    private var packets: [Packet] = []
    private var counter = 0

    init(nodes: Int, parameters: RingParameters = RingParameters()) {
        let ids = (1...nodes).map { NodeID(UInt32($0)) }
        for id in ids {
            rings.append(TotemRing(me: id, configured: ids, parameters: parameters, storedRingSequence: 0))
            log.append([])
            notices.append([])
            messages.append([])
            changes.append([])
            stored.append([])
            up.append(false)
        }
    }

    mutating func start(_ index: Int) {
        up[index] = true
        rings[index].start(now: now)
        drain(index)
    }

    mutating func startAll() { for index in rings.indices { start(index) } }

    mutating func kill(_ index: Int) { up[index] = false }

    mutating func send(_ index: Int, _ text: String) -> Bool {
        let bytes = Array(text.utf8)
        let accepted = rings[index].submit(bytes.span, group: .services, now: now)
        drain(index)
        return accepted
    }

    /// Feeds a datagram to one ring as if it came from the network.
    mutating func inject(_ index: Int, _ bytes: [UInt8]) {
        try? rings[index].receive(bytes.span, now: now)
        drain(index)
    }

    mutating func run(milliseconds: UInt64) { run(until: now.adding(milliseconds: milliseconds)) }

    mutating func run(until end: Instant) {
        while true {
            var next = end.nanoseconds
            var packet: Int?
            for (index, candidate) in packets.enumerated() where candidate.arrival <= next {
                if packet == nil || candidate.arrival < packets[packet ?? 0].arrival
                    || (candidate.arrival == packets[packet ?? 0].arrival
                        && candidate.order < packets[packet ?? 0].order)
                {
                    packet = index
                    next = candidate.arrival
                }
            }
            var timer: Int?
            for index in rings.indices where up[index] && !frozen.contains(index) {
                if let deadline = rings[index].nextDeadline, deadline.nanoseconds < next {
                    next = max(deadline.nanoseconds, now.nanoseconds)
                    timer = index
                }
            }
            if let timer {
                now = Instant(nanoseconds: next)
                rings[timer].advance(to: now)
                drain(timer)
            } else if let packet {
                now = Instant(nanoseconds: next)
                let arrived = packets.remove(at: packet)
                if refusing.contains(arrived.destination) {
                    refuse(arrived)
                } else if up[arrived.destination], !frozen.contains(arrived.destination) {
                    inject(arrived.destination, arrived.bytes)
                }
            } else {
                now = end
                return
            }
        }
    }

    /// A beat comes back as a refusal, at once.
    private mutating func refuse(_ packet: Packet) {
        guard Beat.isBeat(packet.bytes.span), let header = try? PacketHeader(decoding: packet.bytes.span),
            let sender = rings.firstIndex(where: { $0.me == header.nodeID }), up[sender]
        else { return }
        rings[sender].learn(.refused, of: rings[packet.destination].me, now: now)
        drain(sender)
    }

    /// Machines answer at once.
    private mutating func answer(_ index: Int) {
        while let id = rings[index].takeQuestion() {
            guard let other = rings.firstIndex(where: { $0.me == id }) else { continue }
            let silent = lost.union(closed).union(frozen)
            let areApart =
                silent.contains(other) || lost.contains(index) || severed.contains(index) && severed.contains(other)
            // Across a cut that is not of single nodes nothing comes either.
            guard !areApart, up[other] || !lost.contains(other), reaches(index, other) else { continue }
            rings[index].machineAnswered(id, now: now)
        }
    }

    /// Whether the network lets anything through at all, where it is cut into parts.
    private func reaches(_ one: Int, _ other: Int) -> Bool {
        guard up[one], up[other] else { return true }
        return passes(rings[one].me, rings[other].me, []) && passes(rings[other].me, rings[one].me, [])
    }

    mutating func drain(_ index: Int) {
        defer { answer(index) }
        while let step = rings[index].nextStep() {
            switch step {
            case .store(let sequence): stored[index].append(sequence)
            case .send: send(from: index)
            case .deliver: deliver(index)
            }
        }
    }

    private mutating func send(from index: Int) {
        while let packet = rings[index].nextPacket() {
            let bytes = rings[index].bytes(of: packet)
            var copy: [UInt8] = []
            copy.append(copying: bytes.span)
            for other in rings.indices where other != index {
                switch packet.destination {
                case .everyone: break
                case .node(let id): if rings[other].me != id { continue }
                }
                guard passes(rings[index].me, rings[other].me, copy) else { continue }
                counter += 1
                packets.append(
                    Packet(arrival: now.nanoseconds + delay, order: counter, destination: other, bytes: copy))
            }
        }
    }

    private mutating func deliver(_ index: Int) {
        while let event = rings[index].nextEvent() {
            switch event {
            case .notice(let notice):
                log[index].append(notice.text)
                notices[index].append(notice)
            case .configuration(let change):
                changes[index].append(change)
                if change.kind == .regular { rings[index].acknowledgeConfiguration(now: now) }
            case .message(let message):
                let bytes = rings[index].bytes(of: message)
                var text: [UInt8] = []
                text.append(copying: bytes.span)
                messages[index].append(String(decoding: text, as: UTF8.self))
            }
        }
    }
}
