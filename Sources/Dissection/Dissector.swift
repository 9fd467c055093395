import Basics
import CaptureFiles
import TotemWire

/// Takes packets apart one after the other and explains each in the light of those before it.
public struct Dissector {
    /// What becomes of a packet that was compressed.
    public enum Decompressed {
        case packet([UInt8])
        /// Why nothing does.
        case failure(String)
    }

    /// Undoes what a compression model, given by its number in knet's header, has done to a packet; nil where nobody can, and
    /// packets stay compressed.
    public var decompress: (([UInt8], UInt8) -> Decompressed)?
    var observer = RingObserver()
    var pieces = CutMessages()
    var knet = KnetFlows()
    public internal(set) var statistics = Statistics()

    public init() {}

    public mutating func dissect(_ datagram: Datagram) -> DissectedPacket {
        var packet = dissect(Dissector.completed(datagram), Context(datagram))
        if datagram.missing > 0 {
            let captured = datagram.payload.count
            packet.fields = packet.fields.compactMap { $0.within(captured) }
            packet.problem =
                (datagram.isLimited ? "cut by the capture's length limit" : "truncated")
                + ": \(captured) of \(captured + datagram.missing) bytes"
                + (Dissector.mayBeSeveral(datagram) ? "; probably several packets sent as one" : "")
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

    /// The node that sends from `address`, once it was heard.
    public func node(at address: IPAddress) -> String? { observer.node(at: address).map { "\($0)" } }

    /// A datagram's bytes, with zeros for those that the capture lacks. What is read out of the zeros is not shown
    /// (`Context.has`, `Field.within`). Older formats carry their lengths nowhere, and stay as they are.
    private static func completed(_ datagram: Datagram) -> [UInt8] {
        let bytes = datagram.payload
        guard datagram.missing > 0,
            (try? PacketHeader(decoding: bytes.span)) != nil || Dissector.isKnet(bytes.span)
        else { return bytes }
        return bytes + [UInt8](repeating: 0, count: min(datagram.missing, Int(UInt16.max)))
    }

    /// Whether a datagram is longer than a network card sends whole, and too little of it is there to take it apart.
    private static func mayBeSeveral(_ datagram: Datagram) -> Bool {
        datagram.isLimited && datagram.segment == nil && datagram.fragments == 1
            && datagram.payload.count + datagram.missing > TotemLimits.udpDefaultMTU
    }

    /// Where and when a packet was seen, and how much of it.
    struct Context {
        var time: CaptureTime?
        var source: SocketAddress?
        var destination: SocketAddress?
        /// Bytes of the datagram that are there.
        var captured: Int
        var sealing: Datagram.Sealing

        init(_ datagram: Datagram) {
            time = datagram.time
            source = datagram.source
            destination = datagram.destination
            captured = datagram.payload.count
            sealing = datagram.sealing
        }

        /// Whether the bytes before `end` are all there.
        func has(_ end: Int) -> Bool { end <= captured }
    }

    private mutating func dissect(_ bytes: [UInt8], _ context: Context) -> DissectedPacket {
        if context.sealing == .locked {
            return Dissector.undecodable("sealed: no key given opens it", bytes, format: "libknet")
        }
        do throws(PacketError) {
            return dissect(try Packet(decoding: bytes.span), bytes, at: 0, context)
        } catch {
            switch error {
            case .header(.badMagic(let guess)):
                if Dissector.isKnet(bytes.span) { return dissectKnet(bytes, context) }
                return dissectLegacy(bytes, guess, context)
            case .header(.tooShort):
                // Some of libknet's packets are shorter than any header of the ring.
                if Dissector.isKnet(bytes.span) { return dissectKnet(bytes, context) }
            case .body where context.captured < bytes.count:
                // The bytes that say how the rest is laid out were cut off.
                if let header = try? PacketHeader(decoding: bytes.span) { return Dissector.headerOnly(header) }
            case .header, .body: break
            }
            return Dissector.undecodable("\(error)", bytes, format: "Corosync 3")
        }
    }

    /// A packet of which no more than the header can be read.
    private static func headerOnly(_ header: PacketHeader) -> DissectedPacket {
        var list = FieldList()
        list.header(header, nodeMeaning: header.type == .mcast ? "the originator" : "the sender")
        let kind = PacketKind(header.type)
        return DissectedPacket(
            kind: kind, format: "Corosync 3", title: kind.rawValue, words: "",
            node: header.nodeID == .none ? nil : "\(header.nodeID)", fields: list.fields)
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
        case .join(let join): dissect(join, at: start, context)
        case .commitToken(let token): dissect(token, at: start, context)
        case .holdCancel(let cancel): dissect(cancel, at: start, context)
        case .beat(let beat): dissect(beat, at: start, context)
        }
    }
}

extension PacketKind {
    init(_ type: PacketType) {
        self =
            switch type {
            case .orfToken: .token
            case .mcast: .mcast
            case .mergeDetect: .mergeDetect
            case .join: .join
            case .commitToken: .commitToken
            case .holdCancel: .holdCancel
            }
    }
}

extension Datagram {
    /// What the headers in front of the packet tell, where it is worth telling.
    fileprivate var remarks: [Field] {
        var remarks: [Field] = []
        if let segment {
            remarks.append(
                Field(
                    "UDP segment", .text("\(segment.index + 1) of \(segment.count)"),
                    "sent as one, which the network card takes apart"))
        }
        if case .opened(let suite) = sealing {
            remarks.append(
                Field("sealed with", .text(suite), "opened; places count from the beginning of what was sealed"))
        }
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
