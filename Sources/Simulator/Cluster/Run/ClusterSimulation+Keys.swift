import Basics
import ClusterEngine
import Links
import TotemWire

/// Keys that change while the cluster runs, as the daemon's reload has it, and whether members of a ring open what each
/// other's links seal meanwhile.
extension ClusterSimulation {
    /// The daemon has read a file: if it has another key beside it, that is put where the engine says.
    mutating func changeKeys(_ node: Int, _ box: EngineBox, from old: NodeLinks?) {
        guard let links = nodes[node].disk.file.links, let old, links.keyChanges != old.keyChanges else { return }
        let slot = box.engine.changeKeys(now: instant(node))
        nodes[node].keys[slot] = NodeKeys.key(
            links.protection, generation: links.keyChanges, sender: node, life: nodes[node].life)
        trace.add(now, nodes[node].id, "has another key: \(links.protection.words)")
        let members = box.engine.look().members
        nodes[node].keyOrder = KeyOrder(lives: nodes.map { members.contains($0.id) ? $0.life : nil })
    }

    /// Wipes what is in slots that are not in use any more.
    mutating func wipeKeys(_ node: Int, _ box: EngineBox) {
        guard let slots = box.engine.keySlots else { return }
        for slot in [KeySlot.first, .second] where !slots.isFilled(slot) { nodes[node].keys[slot] = nil }
    }

    // MARK: Datagrams

    /// The slot that seals a packet.
    mutating func sealing(_ outgoing: Outgoing, _ slots: KeySlots) -> KeySlot {
        if let next = slots.next, tampering.isDue(.sealAtOnce) { next } else { outgoing.slot }
    }

    /// What is known of a datagram that leaves a node.
    func mark(_ node: Int, _ slot: KeySlot) -> SealMark {
        SealMark(generation: nodes[node].keys[slot]?.generation, life: nodes[node].life, time: now)
    }

    mutating func open(
        _ image: inout [UInt8], _ trip: LinkTrip, _ slots: KeySlots
    ) -> (range: Range<Int>, slot: KeySlot)? {
        let opened = nodes[Int(trip.to)].keys.open(&image, slots)
        if let next = slots.next, opened?.slot != next, tampering.isDue(.forgetAtOnce) { return nil }
        return opened
    }

    // MARK: The guarantee

    /// A datagram has been opened in some way, or in none.
    func noteOpened(_ trip: LinkTrip, with slot: KeySlot?) {
        let (from, to) = (Int(trip.from), Int(trip.to))
        let generation = slot.flatMap { nodes[to].keys[$0]?.generation }
        guard edition > 0, !trip.isAltered, slot == nil || generation != trip.seal.generation,
            nodes[from].life == trip.seal.life, mustUnderstand(from, to),
            let sender = nodes[from].box, let receiver = nodes[to].box
        else { return }
        let (one, other) = (sender.engine.look(), receiver.engine.look())
        guard one.phase == .operational, other.phase == .operational, one.ring == other.ring,
            now - trip.seal.time < UInt64(one.parameters.token) * 1_000_000
        else { return }
        let key = trip.seal.generation.map { "key \($0)" } ?? "no key"
        checker.fail(
            .keys,
            "node \(nodes[to].id) cannot open what node \(nodes[from].id), which is in the same ring, has sealed with \(key)"
        )
    }

    /// Whether two nodes have been told of the last change of keys together, or one of them is about to be, and neither has
    /// another file than the other.
    private func mustUnderstand(_ first: Int, _ second: Int) -> Bool {
        guard let one = nodes[first].readFile?.links?.keyChanges, let other = nodes[second].readFile?.links?.keyChanges,
            !isBehind(first), !isBehind(second)
        else { return false }
        // Who has the newer key knows who was told with it.
        let (ahead, behind) = one > other ? (first, second) : (second, first)
        return nodes[ahead].keyOrder.includes(behind, life: nodes[behind].life)
    }

    /// Whether a machine has not got the last file yet, or its daemon was told of that before.
    private func isBehind(_ node: Int) -> Bool { nodes[node].disk.edition < edition || nodes[node].hasReadTooEarly }
}

/// Who was in a node's ring when it was told of its last key.
struct KeyOrder: Sendable {
    /// By place; nil for who was not.
    private let lives: [Int?]

    init(lives: [Int?] = []) { self.lives = lives }

    func includes(_ place: Int, life: Int) -> Bool { lives.indices.contains(place) && lives[place] == life }
}

/// How a datagram was sealed, by whom and when.
struct SealMark: Sendable {
    /// Which of the keys there have been; nil where it is clear.
    var generation: Int?
    /// The sender's.
    var life: Int
    /// Nanoseconds.
    var time: UInt64
}
