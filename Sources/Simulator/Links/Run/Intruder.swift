import Basics
import Links
import TotemWire

/// Somebody on the network who has no key: what he has recorded, and what he does with it.
struct Intruder: Sendable {
    struct Record: Sendable {
        var bytes: [UInt8]
        var origin: PacketOrigin
        var to: Int
        var link: Int
    }

    private static let capacity = 256
    var chance: SeededGenerator
    private(set) var records: [Record] = []
    private var next = 0

    init(chance: SeededGenerator) { self.chance = chance }

    /// Keeps some of what arrives.
    mutating func record(origin: PacketOrigin, to: Int, link: Int, _ bytes: [UInt8]) {
        // Data and questions come by the thousand: beginnings are kept, of the rest some.
        guard origin.number == 0 || chance.oneIn(16) else { return }
        let record = Record(bytes: bytes, origin: origin, to: to, link: link)
        guard records.count == Self.capacity else { return records.append(record) }
        records[next] = record
        next = (next + 1) % Self.capacity
    }

    /// What an earlier process of a node has sent is not sent again: with numbers of 16 bits nobody can tell it apart.
    mutating func forget(_ node: Int) {
        records.removeAll { $0.origin.sender == node }
        next = 0
    }
}

extension LinksSimulation {
    mutating func intrude() {
        guard !isCalm else { return }
        queue.plan(.intrusion, at: now + intruder.chance.between(UInt64(100_000), 20_000_000))
        let node = intruder.chance.below(nodes.count)
        guard nodes[node].runs, let box = nodes[node].box, nodes.count > 1 else { return }
        let isClear = box.links.keys.isClearAllowed
        let link = intruder.chance.below(scenario.links.count)
        let other = (node + intruder.chance.between(1, nodes.count - 1)) % nodes.count
        switch intruder.chance.below(8) {
        case 0, 1, 2: replay(to: node)
        case 3: inject(forgery(isClear: isClear, other, link), to: node, from: other, link)
        case 4: if !isClear { inject(patchwork(), to: node, from: other, link) }
        case 5: take(LinkReport(node: node, link: link, about: other))
        case 6:
            let mtu = intruder.chance.between(68, 1500)
            take(LinkReport(node: node, link: link, about: other, mtu: mtu))
        default: inject(forgery(isClear: isClear, other, link), to: node, from: nil, link)
        }
    }

    /// Sends something again, to whom it was sent or to anybody, from its sender's address or another one's.
    private mutating func replay(to node: Int) {
        guard !intruder.records.isEmpty else { return }
        let record = intruder.records[intruder.chance.below(intruder.records.count)]
        let receiver = intruder.chance.oneIn(4) ? node : record.to
        let sender = record.origin.sender
        guard nodes[receiver].runs, receiver != sender, nodes[sender].life == record.origin.life else { return }
        switch record.origin.kind {
        // Where 65535 numbers have gone round, an old one is a new one.
        case .data: guard nodes[sender].number - record.origin.number < 30_000 else { return }
        // A reply tells nothing but its size, so a recorded one can answer a later probe.
        case .probeReply:
            guard record.origin.number <= UInt64(network.carried(record.link, from: receiver, to: sender)) else {
                return
            }
        case .ping, .pong, .probe: break
        }
        let isElsewhere = intruder.chance.oneIn(8)
        let from = isElsewhere ? intruder.chance.below(nodes.count) : sender
        let link = isElsewhere ? intruder.chance.below(scenario.links.count) : record.link
        let packet = packets.add(record.bytes.span)
        setOrigin(packet, record.origin)
        arrive(LinkFlight(packet: packet, to: receiver, from: from, link: link, nature: .replayed))
    }

    private mutating func inject(_ bytes: [UInt8], to node: Int, from other: Int?, _ link: Int) {
        let packet = packets.add(bytes.span)
        setOrigin(packet, PacketOrigin(kind: .probe, sender: other ?? node, life: 0))
        arrive(LinkFlight(packet: packet, to: node, from: other, link: link, nature: .forged))
    }

    /// A packet as anybody can make it, in another's name. Where nothing is sealed only what needs more than that.
    private mutating func forgery(isClear: Bool, _ other: Int, _ link: Int) -> [UInt8] {
        guard let host = HostID(nodes[other].id), let number = LinkNumber(UInt8(link)) else { return [] }
        let size = intruder.chance.pick(
            UInt16(intruder.chance.below(576)), UInt16(10_000 + intruder.chance.below(50_000)))
        let sequence = UInt16(intruder.chance.below(65_536))
        let stamp = PingStamp(intruder.chance.below(64), intruder.chance.next())
        let ping = Ping(host: host, link: number, stamp: stamp, sequence: sequence, isForced: intruder.chance.oneIn(2))
        var writer = ByteWriter()
        switch intruder.chance.below(isClear ? 3 : 6) {
        case 0: KnetPacket.pong(ping).encode(into: &writer)
        case 1: KnetPacket.probeReply(MTUProbe(host: host, link: number, packetSize: size)).encode(into: &writer)
        case 2: for _ in 0..<intruder.chance.below(40) { writer.u8(intruder.chance.below(4) == 0 ? 1 : 0x7F) }
        case 3: KnetPacket.ping(ping).encode(into: &writer)
        case 4: KnetPacket.probe(MTUProbe(host: host, link: number, packetSize: size)).encode(into: &writer)
        default:
            let header = DataHeader(
                host: host, sequence: max(sequence, 1), isMulticast: true,
                pieceCount: UInt8(intruder.chance.below(256)),
                pieceIndex: UInt8(intruder.chance.below(256)))
            header.encode(into: &writer)
            writer.zeros(intruder.chance.below(1000))
        }
        return Array(copying: writer.span)
    }

    /// The beginning of one recorded datagram before the end of another, or one with some bytes changed.
    private mutating func patchwork() -> [UInt8] {
        guard !intruder.records.isEmpty else { return [] }
        var bytes = intruder.records[intruder.chance.below(intruder.records.count)].bytes
        let other = intruder.records[intruder.chance.below(intruder.records.count)].bytes
        let original = bytes
        if intruder.chance.oneIn(2) {
            let cut = intruder.chance.below(min(bytes.count, other.count) + 1)
            bytes = Array(bytes.prefix(cut)) + other.suffix(other.count - cut)
            return bytes == other || bytes == original ? [] : bytes
        }
        for _ in 0..<intruder.chance.between(1, 4) where !bytes.isEmpty {
            bytes[intruder.chance.below(bytes.count)] ^= 1 << UInt8(intruder.chance.below(8))
        }
        return bytes == original ? [] : bytes
    }
}

extension [UInt8] {
    fileprivate init(copying bytes: Span<UInt8>) {
        self = []
        append(copying: bytes)
    }
}
