import CaptureFiles
import Links
import TotemWire

/// Packets of knet that are not sealed, or were opened, and the ring's packets inside (spec: knet.md 2).
extension Dissector {
    /// Whether bytes are a packet that can be read as it is: of the ring, in whatever format, or of knet.
    public static func isReadable(_ bytes: Span<UInt8>) -> Bool {
        if isKnet(bytes) { return true }
        return (try? PacketHeader(decoding: bytes)) != nil || (try? LegacyPacket(decoding: bytes)) != nil
    }

    private static func format(_ context: Context) -> String {
        guard case .opened(let suite) = context.sealing else { return "libknet, not encrypted" }
        return "libknet, \(suite)"
    }

    /// Whether bytes look like a packet of knet, be it one that lacks some. Packets of the ring never do; those of other
    /// protocols that begin with 1 have something in bytes 4 and 5.
    public static func isKnet(_ bytes: Span<UInt8>) -> Bool {
        guard bytes.count >= 6, bytes[0] == KnetPacket.version, let type = KnetPacketType(rawValue: bytes[1]) else {
            return false
        }
        return bytes[4] == 0 && bytes[5] == 0 && (type == .data || bytes.count >= 7)
    }

    mutating func dissectKnet(_ bytes: [UInt8], _ context: Context) -> DissectedPacket {
        let packet: KnetPacket
        do throws(KnetPacketError) {
            packet = try KnetPacket(decoding: bytes.span)
        } catch {
            return Dissector.undecodable("knet: \(error)", bytes, format: Dissector.format(context))
        }
        let key = KnetFlows.Key(host: packet.host, source: context.source, destination: context.destination)
        var list = FieldList()
        list.add(1, "knet version", .number(KnetPacket.version))
        list.add(1, "knet type", .hexadecimal(UInt64(packet.type.rawValue)))
        list.add(2, "knet host", .number(packet.host.rawValue), "the sender")
        list.skip(2)
        switch packet {
        case .data(let header): return data(header, bytes, key, list, context)
        case .ping(let ping):
            knet.learn(ping, of: key)
            return heartbeat(.knetPing, Dissector.words(ping), ping, list, context)
        case .pong(let ping): return heartbeat(.knetPong, "the link is up", ping, list, context)
        case .probe(let probe):
            return discovery(.knetProbe, "does a packet of this size pass?", probe, list, context)
        case .probeReply(let probe):
            return discovery(.knetReply, "a packet of that size has passed", probe, list, context)
        }
    }

    // MARK: Packets of links

    private static func words(_ ping: Ping) -> String {
        let asks = "asks whether the link is up"
        if ping.isForced { return asks + ", forced: tells where its counter is" }
        return ping.sequence == 0 ? asks + ", has sent no data in this life" : asks
    }

    private func heartbeat(
        _ kind: PacketKind, _ words: String, _ ping: Ping, _ list: FieldList, _ context: Context
    ) -> DissectedPacket {
        var list = list
        list.add(1, "link", .number(ping.link.rawValue))
        list.add(
            16, "stamp", .text(hexadecimal(ping.stamp.first) + hexadecimal(ping.stamp.second)),
            "the asker's own, with libknet its clock; comes back unchanged")
        list.add(2, "knet seq", .number(ping.sequence), "the asker's last data packet; 0 before the first")
        list.add(1, "timed", .number(ping.timed), ping.isForced ? "with every 8191st data packet" : "periodic")
        return DissectedPacket(
            kind: kind, format: Dissector.format(context), title: kind.rawValue, words: words, node: "\(ping.host)",
            facts: ["link \(ping.link)", "knet seq \(ping.sequence)"], fields: list.fields)
    }

    private func hexadecimal(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    private func discovery(
        _ kind: PacketKind, _ words: String, _ probe: MTUProbe, _ list: FieldList, _ context: Context
    ) -> DissectedPacket {
        var list = list
        list.add(1, "link", .number(probe.link.rawValue))
        list.add(2, "size", .number(probe.packetSize), "bytes of the probe's whole IP packet")
        return DissectedPacket(
            kind: kind, format: Dissector.format(context), title: kind.rawValue, words: words, node: "\(probe.host)",
            facts: ["link \(probe.link)", "\(probe.packetSize) bytes"], fields: list.fields)
    }

    // MARK: Data

    private mutating func data(
        _ header: DataHeader, _ bytes: [UInt8], _ key: KnetFlows.Key, _ list: FieldList, _ context: Context
    ) -> DissectedPacket {
        var list = list
        list.data(header)
        let link = knet.link(of: key).map { ["link \($0)"] } ?? []
        let facts = ["knet seq \(header.sequence)"] + link
        // Zeros in place of bytes that the capture lacks are nobody's piece.
        let whole =
            header.isWhole || !context.has(bytes.count)
            ? nil : knet.complete(header, bytes.span.extracting(DataHeader.size...), of: key)
        let piece = "knet fragment \(header.pieceIndex) of \(header.pieceCount)"
        var content = Content(bytes: bytes, start: DataHeader.size)
        if let whole {
            content = Content(bytes: whole, isMade: true)
            let size = "\(header.pieceCount) fragments, \(whole.count) bytes"
            list.note("put together", .text(size), "what follows counts from the beginning of the whole packet")
        }
        var problem: String?
        let isComplete = whole != nil || header.isWhole && context.has(bytes.count)
        if header.compression != CompressionModel.none.rawValue, isComplete {
            switch decompress?(Array(content.bytes[content.start...]), header.compression) {
            case .packet(let plain)?:
                let size = "\(content.bytes.count - content.start) bytes become \(plain.count)"
                list.note("decompressed", .text(size), "what follows counts from the beginning of what came out")
                content = Content(bytes: plain, isMade: true, isDecompressed: true)
            case .failure(let reason)?: problem = reason
            case nil: break
            }
        }
        if let inner = inner(header, content, context) {
            var packet = inner
            packet.format += " in " + Dissector.format(context)
            if whole != nil { packet.facts.append("put together with \(piece)") }
            if content.isDecompressed, let model = CompressionModel(rawValue: header.compression) {
                packet.facts.append("compressed with \(model.name)")
            }
            packet.facts += facts
            packet.fields = list.fields + packet.fields
            return packet
        }
        if content.isDecompressed { problem = "what comes out is no packet of the ring" }
        let compression = CompressionModel(rawValue: header.compression)
        var words = compression == CompressionModel.none ? "part of a packet" : "compressed"
        if let compression, compression != .none { words += " with \(compression.name)" }
        if whole != nil { words += ", completes it" }
        return DissectedPacket(
            kind: .knetFragment, format: Dissector.format(context), title: header.isWhole ? "knet packet" : piece,
            words: words,
            node: "\(header.host)", facts: facts + ["\(bytes.count) bytes"], problem: problem, fields: list.fields)
    }

    /// What a data packet carries.
    private struct Content {
        var bytes: [UInt8]
        var start = 0
        /// Not the datagram's own bytes: all of them are there, and none has a place in it.
        var isMade = false
        var isDecompressed = false
    }

    /// The ring's packet in the content, when all of it is there and not compressed.
    private mutating func inner(_ header: DataHeader, _ content: Content, _ context: Context) -> DissectedPacket? {
        guard header.isWhole || content.isMade,
            header.compression == CompressionModel.none.rawValue || content.isDecompressed,
            let packet = try? Packet(decoding: content.bytes.span.extracting(content.start...))
        else { return nil }
        var context = context
        if content.isMade { context.captured = content.bytes.count }
        return dissect(packet, content.bytes, at: content.start, context)
    }
}

extension FieldList {
    /// What follows the sender in a data packet's header.
    fileprivate mutating func data(_ header: DataHeader) {
        let model = CompressionModel(rawValue: header.compression)
        add(2, "knet seq", .number(header.sequence))
        add(1, "knet compression", .number(header.compression), model?.name ?? "unknown")
        skip(1)
        add(1, "knet multicast", .flag(header.isMulticast))
        add(1, "knet fragments", .number(header.pieceCount))
        add(1, "knet fragment", .number(header.pieceIndex))
        add(1, "knet channel", .signed(Int64(header.channel)))
    }
}
