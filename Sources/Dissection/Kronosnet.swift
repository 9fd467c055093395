import CaptureFiles
import TotemWire

/// The header libknet puts in front of its packets when they are not encrypted (spec: transports.md 5.1).
struct KronosnetHeader {
    enum Kind {
        case data(start: Int, compression: UInt8, fragments: UInt8, fragment: UInt8, isMulticast: Bool)
        case ping(link: UInt8)
        case pong(link: UInt8)
        case probe(link: UInt8)
        case reply(link: UInt8)
    }

    var host: UInt16
    var kind: Kind

    private static let sizes: [UInt8: Int] = [0x00: 14, 0x81: 26, 0x82: 26, 0x83: 9, 0x84: 9]

    init?(_ bytes: Span<UInt8>) {
        guard bytes.count >= 6, bytes[0] == 1, bytes[4] == 0, bytes[5] == 0,
            let size = KronosnetHeader.sizes[bytes[1]], bytes.count >= size
        else { return nil }
        host = UInt16(bytes[2]) << 8 | UInt16(bytes[3])
        switch bytes[1] {
        case 0x81: kind = .ping(link: bytes[6])
        case 0x82: kind = .pong(link: bytes[6])
        case 0x83: kind = .probe(link: bytes[6])
        case 0x84: kind = .reply(link: bytes[6])
        default:
            kind = .data(
                start: 14, compression: bytes[8], fragments: bytes[11], fragment: bytes[12],
                isMulticast: bytes[10] == 1)
        }
    }
}

extension Dissector {
    private static let format = "libknet, not encrypted"

    mutating func dissect(_ knet: KronosnetHeader, _ bytes: [UInt8], _ context: Context) -> DissectedPacket {
        var list = FieldList()
        list.add(1, "knet version", .number(1))
        list.add(1, "knet type", .hexadecimal(UInt64(bytes[1])))
        list.add(2, "knet host", .number(knet.host), "the sender")
        list.skip(2)
        switch knet.kind {
        case .ping(let link): return linkPacket(.knetPing, "asks whether the link is up", knet, link, list)
        case .pong(let link): return linkPacket(.knetPong, "the link is up", knet, link, list)
        case .probe(let link): return linkPacket(.knetProbe, "does a packet of this size pass?", knet, link, list)
        case .reply(let link): return linkPacket(.knetReply, "a packet of that size has passed", knet, link, list)
        case .data(let start, let compression, let fragments, let fragment, let isMulticast):
            list.add(2, "knet seq", .number(UInt64(bytes[6]) << 8 | UInt64(bytes[7])))
            list.add(1, "knet compression", .number(compression), compression == 0 ? "none" : "")
            list.skip(1)
            list.add(1, "knet multicast", .flag(isMulticast))
            list.add(1, "knet fragments", .number(fragments))
            list.add(1, "knet fragment", .number(fragment))
            list.add(1, "knet channel", .signed(Int64(Int8(bitPattern: bytes[13]))))
            guard fragments <= 1, compression == 0,
                let packet = try? Packet(decoding: bytes.span.extracting(start...))
            else {
                return DissectedPacket(
                    kind: .knetFragment, format: Dissector.format,
                    title: fragments > 1 ? "knet fragment \(fragment) of \(fragments)" : "knet packet",
                    words: compression == 0 ? "part of a packet" : "compressed",
                    node: "\(knet.host)", facts: ["\(bytes.count) bytes"], fields: list.fields)
            }
            var dissected = dissect(packet, bytes, at: start, context)
            dissected.format += " in " + Dissector.format
            dissected.fields = list.fields + dissected.fields
            return dissected
        }
    }

    private func linkPacket(
        _ kind: PacketKind, _ words: String, _ knet: KronosnetHeader, _ link: UInt8, _ list: FieldList
    ) -> DissectedPacket {
        var list = list
        list.add(1, "link", .number(link))
        return DissectedPacket(
            kind: kind, format: Dissector.format, title: kind.rawValue, words: words,
            node: "\(knet.host)", facts: ["link \(link)"], fields: list.fields)
    }
}
