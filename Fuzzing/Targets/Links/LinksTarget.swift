import Basics
import Links
import TotemWire

/// A live machine of links between a peer that keeps the protocol and a host with the key that says anything, while time
/// passes, kernels refuse, the network reports, keys change and links come and go.
enum LinksTarget {
    static func run(_ input: [UInt8]) throws(Finding) {
        var reader = InputReader(input)
        let pair = LinksPair(reader.u8())
        var operations = 0
        while !reader.isAtEnd, operations < 256 {
            operations += 1
            try operate(&reader, pair)
            try pair.settle()
        }
        try pair.checkIsAlive()
    }

    private static func operate(_ reader: inout InputReader, _ pair: LinksPair) throws(Finding) {
        switch reader.u8() {
        case 0..<0x20: try pair.pass(milliseconds: UInt64(reader.u8()))
        case 0x20..<0x28: try pair.pass(milliseconds: UInt64(reader.u16() % 4096))
        case 0x28..<0x48: pair.say(knetPacket(&reader, pair), link: reader.u8())
        case 0x48..<0x78: pair.say(piece(&reader, pair), link: reader.u8())
        case 0x78..<0x88: pair.say(reader.string(), link: reader.u8())
        // Without the key, in the peer's name or a stranger's.
        case 0x88..<0x98: pair.forge(reader.string(), link: reader.u8())
        case 0x98..<0xA8: pair.report(mtu: nil, to: reader.u8())
        case 0xA8..<0xB0: pair.report(mtu: Int(reader.u16()), to: reader.u8())
        case 0xB0..<0xC0: pair.refuse(reader.u8(), mtu: Int(reader.u16()))
        case 0xC0..<0xD0: pair.send(Int(reader.u16()) + 1, to: reader.u8())
        case 0xD0..<0xD8: pair.setInterface(Int(reader.u16()))
        case 0xD8..<0xE0: pair.changeKeys(reader.u8())
        case 0xE0..<0xE8: pair.changeLinks(reader.u8())
        default: pair.retime(interval: reader.u16(), timeout: reader.u16(), pongs: reader.u8())
        }
    }

    /// A packet between links: often one that answers the machine's last one.
    private static func knetPacket(_ reader: inout InputReader, _ pair: LinksPair) -> [UInt8] {
        let kind = reader.u8()
        guard let link = LinkNumber(kind >> 5 & 1) else { return [] }
        let stamp = kind & 0x10 == 0 ? pair.lastStamp : PingStamp(UInt64(reader.u8()), reader.u64())
        let size = kind & 0x10 == 0 ? pair.lastProbe : reader.u16()
        let ping = Ping(
            host: LinksPair.hostile, link: link, stamp: stamp, sequence: kind & 0x40 == 0 ? 0 : reader.u16(),
            isForced: kind & 0x80 != 0)
        let probe = MTUProbe(host: LinksPair.hostile, link: link, packetSize: size)
        let packet: KnetPacket =
            switch kind & 3 {
            case 0: .ping(ping)
            case 1: .pong(ping)
            case 2: .probe(probe)
            default: .probeReply(probe)
            }
        var writer = ByteWriter()
        packet.encode(into: &writer)
        return writer.bytes
    }

    /// Data whose numbers are near those that came last, or any.
    private static func piece(_ reader: inout InputReader, _ pair: LinksPair) -> [UInt8] {
        let kind = reader.u8()
        let sequence = kind & 0x80 == 0 ? pair.lastSequence &+ UInt16(kind & 7) &- 2 : reader.u16()
        let count = kind & 0x10 == 0 ? kind >> 3 & 1 * 3 : reader.u8()
        let header = DataHeader(
            host: LinksPair.hostile, sequence: max(sequence, 1), compression: kind & 0x40 == 0 ? 0 : reader.u8(),
            isMulticast: true, pieceCount: count, pieceIndex: kind & 0x20 == 0 ? reader.u8() & 3 : reader.u8())
        pair.lastSequence = header.sequence
        var writer = ByteWriter()
        header.encode(into: &writer)
        writer.zeros(kind & 0x20 == 0 ? 40 : Int(reader.u16() % 3000))
        return writer.bytes
    }
}
