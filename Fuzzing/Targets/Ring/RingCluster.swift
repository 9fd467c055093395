import Basics
import Totem
import TotemWire

/// Rings under virtual time on a network that, of itself, delays every datagram equally and loses none.
struct RingCluster {
    struct Node {
        let id: NodeID
        var ring: TotemRing
        var isUp = true
        /// Content of the ring id file.
        var storedSequence: UInt64 = 0
        /// Fingerprints of the messages delivered since the last `forgetDeliveries`.
        var delivered: [UInt64] = []
        var deliveredCount = 0
    }

    struct Datagram {
        var arrival: Instant
        var destination: Int
        var bytes: [UInt8]
    }

    private(set) var now = Instant(nanoseconds: 1_000_000_000)
    private(set) var nodes: [Node] = []
    /// On their way, the next to arrive first.
    var wire: [Datagram] = []
    /// Some datagrams that were sent, for replays.
    private(set) var history: [[UInt8]] = []
    let parameters: RingParameters
    private(set) var steps = 0
    /// What the nodes had to say, with the time; the latest.
    private var story: [(time: Instant, node: NodeID, notice: RingNotice)] = []
    /// Set when something happened that never may.
    private(set) var finding: Finding?

    private static let delay: UInt64 = 100_000
    /// What a call costs; so that nothing can go on for ever at one point in time.
    private static let work: UInt64 = 2_000
    private static let historyLimit = 48
    private static let storyLimit = 200
    /// Datagrams on the wire, beyond which a storm is blowing.
    private static let wireLimit = 20_000

    init(nodes count: Int, parameters: RingParameters) {
        self.parameters = parameters
        let ids = (1...count).map { NodeID(UInt32($0)) }
        for id in ids {
            nodes.append(
                Node(id: id, ring: TotemRing(me: id, configured: ids, parameters: parameters, storedRingSequence: 0)))
        }
        for index in nodes.indices {
            nodes[index].ring.start(now: now)
            settle(index)
        }
    }

    var ids: [NodeID] { nodes.map(\.id) }

    // MARK: Time

    /// Lets `nanoseconds` pass, with all that happens meanwhile.
    mutating func run(nanoseconds: UInt64) {
        let end = now.adding(nanoseconds: nanoseconds)
        while step(until: end) {}
        now = max(now, end)
    }

    /// Handles the next datagram or timer, if it comes before `end`.
    mutating func step(until end: Instant) -> Bool {
        guard finding == nil else { return false }
        var next: (time: Instant, node: Int)?
        for index in nodes.indices where nodes[index].isUp {
            guard let deadline = nodes[index].ring.nextDeadline else { continue }
            if next.map({ deadline < $0.time }) ?? true { next = (deadline, index) }
        }
        if let first = wire.first, next.map({ first.arrival <= $0.time }) ?? true {
            guard max(now, first.arrival) <= end else { return false }
            deliverNext()
            return true
        }
        guard let next, max(now, next.time) <= end else { return false }
        begin(at: next.time)
        nodes[next.node].ring.advance(to: now)
        settle(next.node)
        return true
    }

    /// Delivers the datagram that is next on the wire.
    mutating func deliverNext() {
        guard !wire.isEmpty else { return }
        let datagram = wire.removeFirst()
        begin(at: datagram.arrival)
        deliver(datagram.bytes, to: datagram.destination)
    }

    /// Gives a datagram to a node at once, whoever may have sent it.
    mutating func deliver(_ bytes: [UInt8], to node: Int) {
        guard nodes.indices.contains(node), nodes[node].isUp else { return }
        try? nodes[node].ring.receive(bytes.span, now: now)
        settle(node)
    }

    private mutating func begin(at time: Instant) {
        steps += 1
        now = max(now, time).adding(nanoseconds: Self.work)
    }

    // MARK: Nodes

    mutating func submit(_ body: [UInt8], group: MessageGroup, from node: Int) -> Bool {
        guard nodes[node].isUp else { return false }
        defer { settle(node) }
        return nodes[node].ring.submit(body.span, group: group, now: now)
    }

    mutating func crash(_ node: Int) { nodes[node].isUp = false }

    /// Starts a node that is down; its disk is as it was.
    mutating func restart(_ node: Int) {
        guard !nodes[node].isUp else { return }
        nodes[node].ring = TotemRing(
            me: nodes[node].id, configured: ids, parameters: parameters,
            storedRingSequence: nodes[node].storedSequence)
        nodes[node].isUp = true
        nodes[node].ring.start(now: now)
        settle(node)
    }

    mutating func leave(_ node: Int) {
        guard nodes[node].isUp else { return }
        nodes[node].ring.leave(now: now)
        settle(node)
        nodes[node].isUp = false
    }

    mutating func forgetDeliveries() {
        for index in nodes.indices { nodes[index].delivered = [] }
    }

    /// Carries out what a node wants after a call: disk, then network, then services, which acknowledge every
    /// configuration at once.
    private mutating func settle(_ index: Int) {
        askMachine(index)
        while let step = nodes[index].ring.nextStep() {
            switch step {
            case .store(let sequence): nodes[index].storedSequence = sequence
            case .send: send(from: index)
            case .deliver: deliver(index)
            }
        }
        askMachine(index)
    }

    private mutating func deliver(_ index: Int) {
        while let event = nodes[index].ring.nextEvent() {
            switch event {
            case .message(let message):
                let bytes = nodes[index].ring.bytes(of: message)
                nodes[index].deliveredCount += 1
                if nodes[index].delivered.count < 4096 { nodes[index].delivered.append(fingerprint(bytes.span)) }
            case .configuration(let change):
                if change.kind == .regular { nodes[index].ring.acknowledgeConfiguration(now: now) }
            case .notice(let notice):
                story.append((now, nodes[index].id, notice))
                if story.count > 2 * Self.storyLimit { story.removeFirst(Self.storyLimit) }
            }
        }
    }

    private mutating func askMachine(_ index: Int) {
        guard finding == nil, let broken = nodes[index].ring.brokenInvariant() else { return }
        finding = finding("node \(nodes[index].id) breaks an invariant of its own: \(broken.text)")
    }

    private mutating func send(from index: Int) {
        while let outgoing = nodes[index].ring.nextPacket() {
            let payload = nodes[index].ring.bytes(of: outgoing)
            var bytes: [UInt8] = []
            bytes.reserveCapacity(payload.count)
            for offset in 0..<payload.count { bytes.append(payload.span[offset]) }
            if history.count < Self.historyLimit {
                history.append(bytes)
            } else {
                history[steps % Self.historyLimit] = bytes
            }
            for other in nodes.indices where other != index {
                if case .node(let id) = outgoing.destination, id != nodes[other].id { continue }
                let arrival = now.adding(nanoseconds: Self.delay)
                wire.append(Datagram(arrival: arrival, destination: other, bytes: bytes))
            }
        }
        if wire.count > Self.wireLimit { finding = finding("a storm: \(wire.count) datagrams on the wire") }
    }

    private func fingerprint(_ bytes: Span<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for index in bytes.indices { hash = (hash ^ UInt64(bytes[index])) &* 0x100_0000_01B3 }
        return hash
    }

    // MARK: Observation

    /// A finding with what led to it.
    func finding(_ what: String) -> Finding {
        let lines = story.suffix(Self.storyLimit).map { line in
            "\(line.time.nanoseconds / 1000) us, node \(line.node): \(line.notice.text)"
        }
        return Finding((lines + ["\(now.nanoseconds / 1000) us: \(what)"]).joined(separator: "\n"))
    }

    /// What keeps the nodes from being one operational ring; nil when nothing does.
    mutating func unrest() -> String? {
        let all = ids
        for index in nodes.indices {
            guard nodes[index].isUp, nodes[index].ring.phase == .operational else {
                return "node \(nodes[index].id) is in state \(nodes[index].ring.stateName)"
            }
            let members = nodes[index].ring.members
            guard members == all, nodes[index].ring.ringID == nodes[0].ring.ringID else {
                return "node \(nodes[index].id) is in ring \(nodes[index].ring.ringID) of \(members)"
            }
        }
        return nil
    }
}
