import Basics
import Links

/// Machines joined by links with delays, loss, cuts and MTUs of their own; the same calls give the same course.
final class TestNetwork {
    private struct Flight {
        var arrival: Instant
        var order: Int
        var datagram: [UInt8]
        var source: SocketAddress
        var to: UInt16
        var link: UInt8
    }

    private(set) var now = Instant(nanoseconds: 1_000_000_000)
    private(set) var nodes: [UInt16: TestNode] = [:]
    private var paths: [TestPathKey: TestPath] = [:]
    /// By arrival; the first `landed` ones have arrived.
    private var flights: [Flight] = []
    private var landed = 0
    private var order = 0
    private var dice: UInt64
    let linkCount: UInt8
    private let timing: LinkTiming
    private let settings: KnetSettings
    private let overhead: SealOverhead
    private let keys: KeySlots

    init(
        nodes ids: [UInt16], links: UInt8 = 1, settings: KnetSettings = KnetSettings(),
        timing: LinkTiming = LinkTiming(pingInterval: 750, timeout: 1500), overhead: SealOverhead = .clear,
        keys: KeySlots = KeySlots(isSealed: false), seed: UInt64 = 1
    ) throws {
        linkCount = links
        self.timing = timing
        self.settings = settings
        self.overhead = overhead
        self.keys = keys
        dice = seed
        for id in ids { nodes[id] = try makeNode(id, ids) }
    }

    private func makeNode(_ id: UInt16, _ ids: [UInt16]) throws -> TestNode {
        let secret = LinkSecret(roll(), roll())
        var machine = KnetLinks(
            me: HostID(id), settings: settings, keys: keys, overhead: overhead, secret: secret, now: now)
        for link in 0..<linkCount {
            for other in ids where other != id {
                try machine.add(linkSettings(link, id, other), to: HostID(other), now: now)
            }
        }
        let node = TestNode(id, machine)
        node.overhead = overhead
        return node
    }

    func linkSettings(_ link: UInt8, _ id: UInt16, _ other: UInt16) -> LinkSettings {
        LinkSettings(
            number: number(link), own: address(id, link), remote: address(other, link), timing: timing)
    }

    func number(_ link: UInt8) -> LinkNumber {
        guard let number = LinkNumber(link) else { preconditionFailure("no link \(link)") }
        return number
    }

    func address(_ node: UInt16, _ link: UInt8) -> SocketAddress {
        SocketAddress(.v4(0x0A00_0000 | UInt32(link) << 16 | UInt32(node)), port: 5405 + UInt16(link))
    }

    subscript(id: UInt16) -> TestNode {
        guard let node = nodes[id] else { preconditionFailure("no node \(id)") }
        return node
    }

    private func roll() -> UInt64 {
        dice &+= 0x9E37_79B9_7F4A_7C15
        var z = dice
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }

    // MARK: Faults

    /// Changes one direction of a link between two nodes.
    func change(from: UInt16, to: UInt16, link: UInt8, _ body: (inout TestPath) -> Void) {
        body(&paths[TestPathKey(from: from, to: to, link: link), default: TestPath()])
    }

    /// Changes both directions of a link, between all nodes.
    func change(link: UInt8, _ body: (inout TestPath) -> Void) {
        for from in nodes.keys {
            for to in nodes.keys where from != to { change(from: from, to: to, link: link, body) }
        }
    }

    /// A node's process ends, and another one begins with nothing but its configuration.
    func restart(_ id: UInt16) throws { nodes[id] = try makeNode(id, Array(nodes.keys).sorted()) }

    func remove(_ id: UInt16) { nodes[id] = nil }

    /// Somebody sends bytes as if they came from a node's address.
    @discardableResult
    func inject(_ datagram: [UInt8], as source: UInt16, to id: UInt16, link: UInt8 = 0, slot: KeySlot? = nil) -> Arrival
    {
        inject(datagram, from: address(source, link), to: id, link: link, slot: slot)
    }

    @discardableResult
    func inject(
        _ datagram: [UInt8], from source: SocketAddress, to id: UInt16, link: UInt8 = 0, slot: KeySlot? = nil
    ) -> Arrival {
        guard let node = nodes[id] else { return .nothing }
        let arrival = node.links.receive(
            datagram.span, from: source, on: SocketNumber(link), openedWith: slot ?? keys.inUse, now: now)
        if case .packet(let packet) = arrival {
            node.took(node.links.copy(of: packet, in: datagram), from: packet.host)
        }
        send(node)
        return arrival
    }

    // MARK: Time

    func send(_ bytes: [UInt8], from id: UInt16, to destination: PacketDestination = .everyone) -> SendOutcome {
        let node = self[id]
        let outcome = node.links.send(bytes.span, to: destination, now: now)
        send(node)
        return outcome
    }

    /// Lets time pass, with everything that happens in it, until `until`, or until `condition` holds.
    @discardableResult
    func run(milliseconds: UInt64, until condition: () -> Bool = { false }) -> Bool {
        let end = now.adding(milliseconds: milliseconds)
        while !condition() {
            guard let next = nextInstant(), next <= end else {
                now = end
                return condition()
            }
            now = max(now, next)
            step()
        }
        return true
    }

    private func nextInstant() -> Instant? {
        var next = landed < flights.count ? flights[landed].arrival : nil
        for node in nodes.values { next = earliest(next, node.links.nextDeadline) }
        return next
    }

    private func step() {
        while landed < flights.count, flights[landed].arrival <= now {
            let flight = flights[landed]
            landed += 1
            inject(flight.datagram, from: flight.source, to: flight.to, link: flight.link)
        }
        if landed == flights.count {
            flights.removeAll(keepingCapacity: true)
            landed = 0
        }
        for id in nodes.keys.sorted() {
            self[id].links.advance(to: now)
            send(self[id])
        }
    }

    /// Lets a node's packets leave.
    func send(_ node: TestNode) {
        while let packet = node.links.nextOutgoing() {
            for target in 0..<packet.targetCount {
                let target = node.links.target(target, of: packet)
                for index in 0..<packet.count {
                    let bytes = node.links.copy(index, of: packet)
                    node.recorded(bytes, target)
                    guard let refusal = carry(bytes, node, target) else { continue }
                    node.links.refused(packet, to: target, because: refusal, now: now)
                }
            }
        }
        node.drainEvents()
    }

    private func carry(_ datagram: [UInt8], _ node: TestNode, _ target: LinkTarget) -> SendRefusal? {
        let link = target.link.rawValue
        let to = target.host.rawValue
        let path = paths[TestPathKey(from: node.id, to: to, link: link), default: TestPath()]
        let size = node.overhead.sealedSize(datagram.count) + LinkSizes.ipHeaders(target.address.address.family)
        if size > path.interfaceMTU { return path.refusesSilently ? .noRoom : .tooLong(mtu: path.interfaceMTU) }
        guard !path.isCut, size <= path.mtu, roll() % 100 >= UInt64(path.loss) else { return nil }
        order += 1
        let flight = Flight(
            arrival: now.adding(nanoseconds: path.delay), order: order, datagram: datagram,
            source: address(node.id, link), to: to, link: link)
        let place = flights.lastIndex { ($0.arrival, $0.order) < (flight.arrival, flight.order) } ?? landed - 1
        flights.insert(flight, at: max(place + 1, landed))
        return nil
    }

    // MARK: Looking

    /// Every node reaches every other.
    var isWhole: Bool {
        nodes.keys.allSatisfy { a in nodes.keys.allSatisfy { self[a].links.isReachable(NodeID(UInt32($0))) } }
    }

    /// A ring's packet of `length` bytes whose content follows from `seed`.
    static func packet(_ length: Int, seed: UInt8 = 1) -> [UInt8] {
        (0..<length).map { (9..<13).contains($0) ? 0 : UInt8(truncatingIfNeeded: $0 &* 7 &+ Int(seed)) }
    }
}
