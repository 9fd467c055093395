import CaptureFiles
import TotemWire

/// Takes packets apart one after the other and explains each in the light of those before it.
public struct Dissector: Sendable {
    var observer = RingObserver()
    var pieces = CutMessages()
    public internal(set) var statistics = Statistics()

    public init() {}

    public mutating func dissect(_ datagram: Datagram) -> DissectedPacket {
        var packet = dissect(datagram.payload, Context(datagram))
        if datagram.missing > 0 {
            let whole = datagram.payload.count + datagram.missing
            packet.problem =
                "truncated: \(datagram.payload.count) of \(whole) bytes"
                + (packet.problem.map { "; \($0)" } ?? "")
        }
        packet.fields += datagram.remarks
        if let time = datagram.time {
            packet.sinceSameKind = observer.interval(of: packet.kind, at: time)
            if packet.kind == .token, let source = datagram.source, let destination = datagram.destination {
                packet.rotation = observer.rotation(from: source, to: destination, at: time)
            }
        }
        statistics.count(packet, datagram)
        return packet
    }

    /// Where and when a packet was seen.
    struct Context {
        var time: CaptureTime?
        var source: Endpoint?
        var destination: Endpoint?

        init(_ datagram: Datagram) {
            time = datagram.time
            source = datagram.source
            destination = datagram.destination
        }
    }

    private mutating func dissect(_ bytes: [UInt8], _ context: Context) -> DissectedPacket {
        do throws(PacketError) {
            return dissect(try Packet(decoding: bytes.span), bytes, at: 0, context)
        } catch {
            switch error {
            case .header(.badMagic(let guess)):
                if let knet = KronosnetHeader(bytes.span) { return dissect(knet, bytes, context) }
                return dissectLegacy(bytes, guess, context)
            case .header(.tooShort):
                // Some of libknet's packets are shorter than any header of the ring.
                if let knet = KronosnetHeader(bytes.span) { return dissect(knet, bytes, context) }
            case .header, .body: break
            }
            return Dissector.undecodable("\(error)", bytes, format: "Corosync 3")
        }
    }

    static func undecodable(_ problem: String, _ bytes: [UInt8], format: String) -> DissectedPacket {
        DissectedPacket(
            kind: .unknown, format: format, title: "\(bytes.count) bytes", words: "not decodable", problem: problem,
            fields: [
                Field(
                    "first bytes", at: 0..<min(16, bytes.count),
                    .text(bytes.prefix(16).map { String(256 + Int($0), radix: 16).dropFirst() }.joined(separator: " ")))
            ])
    }

    /// A packet of 3.x that begins at `start` of `bytes`, which is not 0 inside libknet's packets.
    mutating func dissect(
        _ packet: Packet, _ bytes: [UInt8], at start: Int, _ context: Context
    ) -> DissectedPacket {
        if case .mcast = packet {
        } else if packet.header.nodeID != .none, let source = context.source {
            observer.learn(packet.header.nodeID, at: source.address)
        }
        return switch packet {
        case .orfToken(let token): dissect(token, at: start, context)
        case .mcast(let mcast): dissect(mcast, bytes, at: start, context)
        case .mergeDetect(let merge): dissect(merge, at: start, context)
        case .join(let join): dissect(join, at: start)
        case .commitToken(let token): dissect(token, at: start)
        case .holdCancel(let cancel): dissect(cancel, at: start)
        }
    }
}

extension Datagram {
    /// What the headers in front of the packet tell, where it is worth telling.
    fileprivate var remarks: [Field] {
        var remarks: [Field] = []
        if fragments > 1 {
            remarks.append(Field("IP fragments", .number(UInt64(fragments)), "put together again"))
        }
        switch checksum {
        case .leftToHardware:
            remarks.append(
                Field(
                    "UDP checksum", .text("left to the network card"),
                    "the capture was made on the sender, so that its times are those of sending"))
        case .wrong: remarks.append(Field("UDP checksum", .text("wrong"), "damaged on the way or in the file"))
        case .valid, .absent, .unknown: break
        }
        if missing > 0, isHeaderChecksumRight == true {
            remarks.append(
                Field(
                    "IP header checksum", .text("right"),
                    "so the header's length is right, and it is the bytes that are incomplete"))
        }
        return remarks
    }
}
