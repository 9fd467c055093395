import Basics
import ClusterMap
import Totem
import TotemWire

@testable import ClusterServices

/// Random numbers that a seed determines.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }
}

/// Engines on a ring that does what extended virtual synchrony promises and nothing more: ordered delivery at each
/// node's own pace, membership changes at arbitrary points, messages of the old ring before and after the transitional
/// report, held and overtaking send queues (spec: totem.md 13.5, 23).
struct PerfectRing {
    struct Message {
        var sender: NodeID
        var group: MessageGroup
        var bytes: [UInt8]
    }

    /// One ring: its members and everything sent on it, in order.
    struct Ring {
        var id: RingID
        var members: [NodeID]
        var log: [Message] = []
    }

    struct Station {
        var node: Node
        /// Index into `rings`.
        var ring: Int
        /// Messages of its ring already delivered.
        var delivered = 0
        /// While the services synchronise only `overtaking` is sent.
        var waiting = true
        var held: [Message] = []
        var overtaking: [Message] = []
        /// What was collected from the node so far.
        var collected = 0
        var collectedEvents = 0
    }

    var rings: [Ring] = []
    /// Living nodes, ascending.
    var stations: [Station] = []
    var sequence: UInt64 = 1
    var generator: SeededGenerator
    let make: (UInt32) throws -> Node

    init(seed: UInt64, _ make: @escaping (UInt32) throws -> Node) {
        generator = SeededGenerator(seed: seed)
        self.make = make
    }

    func index(_ id: NodeID) -> Int? { stations.firstIndex { $0.node.id == id } }

    // MARK: Sending and delivering

    /// Puts what a node has sent since the last call into its queues.
    mutating func collect(_ index: Int) {
        let node = stations[index].node
        // The completion of a round opens the first queue again; what the node sent before is already in the second.
        for event in node.events[stations[index].collectedEvents...] where event == .synchronizationCompleted {
            stations[index].waiting = false
        }
        stations[index].collectedEvents = node.events.count
        for sent in node.sent[stations[index].collected...] {
            let message = Message(sender: node.id, group: sent.group, bytes: sent.bytes)
            if stations[index].waiting {
                stations[index].overtaking.append(message)
            } else {
                stations[index].held.append(message)
            }
        }
        stations[index].collected = node.sent.count
    }

    /// Puts the node's next message on its ring.
    mutating func send(_ index: Int) -> Bool {
        let ring = stations[index].ring
        guard rings[ring].id != .none else { return false }
        if !stations[index].overtaking.isEmpty {
            rings[ring].log.append(stations[index].overtaking.removeFirst())
            return true
        }
        guard !stations[index].waiting, !stations[index].held.isEmpty else { return false }
        rings[ring].log.append(stations[index].held.removeFirst())
        return true
    }

    mutating func deliverNext(_ index: Int) -> Bool {
        let ring = stations[index].ring
        guard stations[index].delivered < rings[ring].log.count else { return false }
        let message = rings[ring].log[stations[index].delivered]
        stations[index].delivered += 1
        stations[index].node.deliver(message.group, message.bytes, from: message.sender)
        collect(index)
        return true
    }

    /// One random send or delivery.
    mutating func step() {
        guard let index = stations.indices.randomElement(using: &generator) else { return }
        if generator.chance(40) { _ = send(index) } else { _ = deliverNext(index) }
    }

    /// Sends and delivers until nothing is left.
    mutating func settle() {
        var busy = true
        while busy {
            busy = false
            for index in stations.indices.shuffled(using: &generator) {
                if send(index) { busy = true }
                while deliverNext(index) { busy = true }
            }
        }
    }

    // MARK: Membership

    mutating func start(_ id: UInt32) throws {
        rings.append(Ring(id: .none, members: []))
        var station = Station(node: try make(id), ring: rings.count - 1)
        if let first = stations.first { station.node.now = first.node.now }
        let place = stations.firstIndex { $0.node.id.rawValue > id } ?? stations.endIndex
        stations.insert(station, at: place)
        collect(place)
    }

    mutating func crash(_ id: UInt32) { stations.removeAll { $0.node.id.rawValue == id } }

    /// Nodes that are together in `parts` form new rings; the change strikes at whatever point the old rings are.
    mutating func form(_ parts: [[UInt32]]) {
        for part in parts {
            let members = part.map { NodeID($0) }.filter { index($0) != nil }.sorted()
            guard let lowest = members.first else { continue }
            sequence += 4
            let id = RingID(representative: lowest, sequence: sequence)
            rings.append(Ring(id: id, members: members))
            change(members, to: rings.count - 1)
        }
    }

    private mutating func change(_ members: [NodeID], to new: Int) {
        let indices = members.compactMap(index)
        let oldRings = Array(Set(indices.map { stations[$0].ring })).sorted()
        for old in oldRings {
            let together = indices.filter { stations[$0].ring == old }
            // Into its very first ring a node brings nobody, not even itself.
            let transitional = rings[old].id == .none ? [] : together.map { stations[$0].node.id }
            // All that any of them has delivered, all deliver in the old configuration; perhaps more.
            let least = together.map { stations[$0].delivered }.max() ?? 0
            let cut = Int.random(in: least...max(least, rings[old].log.count), using: &generator)
            for index in together {
                move(index, transitional: transitional, cut: cut, from: old, to: new)
            }
        }
    }

    private mutating func move(_ index: Int, transitional: [NodeID], cut: Int, from old: Int, to new: Int) {
        while stations[index].delivered < cut, deliverNext(index) {}
        stations[index].node.change(
            ConfigurationChange(
                kind: .transitional, ringID: rings[new].id, members: transitional,
                left: rings[old].members.filter { !transitional.contains($0) }))
        collect(index)
        stations[index].waiting = true
        for message in rings[old].log[stations[index].delivered...] where transitional.contains(message.sender) {
            stations[index].node.deliver(message.group, message.bytes, from: message.sender)
            collect(index)
            stations[index].waiting = true
        }
        stations[index].ring = new
        stations[index].delivered = 0
        stations[index].node.change(
            ConfigurationChange(
                kind: .regular, ringID: rings[new].id, members: rings[new].members,
                joined: rings[new].members.filter { !transitional.contains($0) }))
        collect(index)
    }

    // MARK: Local clients

    /// A request of a local client on one node; the engine's messages go into the queues.
    mutating func onNode<Result>(_ index: Int, _ request: (inout ServiceEngine) -> Result) -> Result {
        let result = request(&stations[index].node.engine)
        stations[index].node.collect()
        collect(index)
        return result
    }

    mutating func advance(milliseconds: UInt64) {
        for index in stations.indices {
            stations[index].node.advance(milliseconds: milliseconds)
            collect(index)
        }
    }

    /// The living nodes of each ring.
    var partitions: [[Station]] {
        Array(Set(stations.map(\.ring))).sorted().map { ring in stations.filter { $0.ring == ring } }
    }
}
