import Links
import Testing
import TotemWire

struct WireTests {
    /// The datagram that `packet` makes, with what follows a header in `original` behind it.
    static func encoded(_ packet: KnetPacket, _ original: [UInt8], _ order: ByteOrder) -> [UInt8] {
        var writer = ByteWriter(order: order)
        if case .probe(let probe) = packet {
            probe.encode(length: original.count, into: &writer)
        } else {
            packet.encode(into: &writer)
        }
        if case .data = packet { writer.bytes(Array(original[DataHeader.size...])) }
        return writer.bytes
    }

    @Test("every captured packet is read, and written again with the same bytes", arguments: Vectors.names)
    func roundTrip(_ name: String) throws {
        let bytes = Vectors.bytes(name)
        let packet = try KnetPacket(decoding: bytes.span)
        for order in [ByteOrder.little, .big] { #expect(Self.encoded(packet, bytes, order) == bytes) }
    }

    @Test("only a whole packet with a token announces one", arguments: Vectors.names)
    func token(_ name: String) {
        let isToken = ["13-", "25-", "26-", "27-", "28-"].contains { name.hasPrefix($0) }
        #expect(DataHeader.announcesToken(Vectors.bytes(name).span) == isToken)
    }

    @Test("all of them are there")
    func vectorsAreThere() { #expect(Vectors.names.count == 44) }

    @Test("a packet of which bytes lack is refused at each length", arguments: Vectors.names)
    func truncated(_ name: String) throws {
        let bytes = Vectors.bytes(name)
        let needed = try KnetPacket(decoding: bytes.span).type.minimumSize
        for length in 0..<bytes.count {
            let packet = try? KnetPacket(decoding: bytes.span.extracting(0..<length))
            #expect((packet != nil) == (length >= needed), "\(length) bytes")
        }
    }

    @Test("fields of a ping, a forced ping, a probe and data")
    func fields() throws {
        let ping = Ping(
            host: HostID(1), link: try #require(LinkNumber(0)), stamp: PingStamp(0x9720_0000_0000_0000, 0),
            sequence: 8191, isForced: true)
        guard case .ping(let forced) = try KnetPacket(decoding: Vectors.one("06-").span) else {
            Issue.record("no ping")
            return
        }
        #expect((forced.host, forced.link, forced.sequence) == (ping.host, ping.link, ping.sequence))
        #expect(forced.isForced)
        guard case .ping(let onLink1) = try KnetPacket(decoding: Vectors.one("04-").span) else {
            Issue.record("no ping")
            return
        }
        #expect((onLink1.host, onLink1.link, onLink1.isForced) == (HostID(2), LinkNumber(1), false))
        guard case .probe(let probe) = try KnetPacket(decoding: Vectors.one("07-").span) else {
            Issue.record("no probe")
            return
        }
        #expect((probe.host, probe.packetSize) == (HostID(2), 1500))
        guard case .data(let piece) = try KnetPacket(decoding: Vectors.one("21-frag-2").span) else {
            Issue.record("no data")
            return
        }
        #expect(
            piece
                == DataHeader(host: HostID(3), sequence: 0x21, isMulticast: true, pieceCount: 2, pieceIndex: 2))
        guard case .data(let zstd) = try KnetPacket(decoding: Vectors.one("36-").span) else {
            Issue.record("no data")
            return
        }
        #expect(CompressionModel(rawValue: zstd.compression) == .zstd)
    }

    @Test("answers are those that real nodes gave")
    func answers() throws {
        var writer = ByteWriter()
        guard case .ping(let ping) = try KnetPacket(decoding: Vectors.one("02-").span),
            case .probe(let probe) = try KnetPacket(decoding: Vectors.one("07-").span)
        else {
            Issue.record("no questions")
            return
        }
        KnetPacket.pong(ping.answer(from: HostID(2))).encode(into: &writer)
        #expect(writer.bytes == Vectors.one("03-"))
        writer.removeAll()
        KnetPacket.probeReply(probe.answer(from: HostID(1))).encode(into: &writer)
        #expect(writer.bytes == Vectors.one("08-"))
    }

    @Test("what a pong has to echo comes back unchanged, whatever it is")
    func echo() throws {
        var bytes = Vectors.one("02-")
        for index in [4, 5] + Array(7...25) { bytes[index] = UInt8(0xA0 + index) }
        guard case .ping(let ping) = try KnetPacket(decoding: bytes.span) else {
            Issue.record("no ping")
            return
        }
        var writer = ByteWriter()
        KnetPacket.pong(ping.answer(from: HostID(0xFFFE))).encode(into: &writer)
        bytes.replaceSubrange(1...3, with: [0x82, 0xFF, 0xFE])
        #expect(writer.bytes == bytes)
    }

    /// What of a captured packet is changed, and what it is then refused for.
    @Test(
        "each way to be wrong has a name",
        arguments: [
            ("02-", 0, 2, .version), ("02-", 0, 0, .version), ("02-", 1, 0x80, .type), ("02-", 1, 0x85, .type),
            ("02-", 1, 0x01, .type), ("02-", 6, 8, .link), ("03-", 6, 255, .link), ("07-", 6, 8, .link),
            ("08-", 6, 9, .link), ("10-", 7, 0, .sequence),
        ] as [(String, Int, UInt8, KnetPacketError)])
    func refused(_ vector: String, _ offset: Int, _ value: UInt8, _ reason: KnetPacketError) {
        var bytes = Vectors.one(vector)
        bytes[offset] = value
        #expect(throws: reason) { try KnetPacket(decoding: bytes.span) }
    }

    @Test(
        "too short is told by kind",
        arguments: [
            ("02-", 25, .shortPing), ("03-", 25, .shortPong), ("07-", 8, .shortProbe), ("08-", 8, .shortProbeReply),
            ("13-", 14, .shortData), ("02-", 6, .shortHeader), ("02-", 0, .shortHeader),
        ] as [(String, Int, KnetPacketError)])
    func short(_ vector: String, _ length: Int, _ reason: KnetPacketError) {
        let bytes = Array(Vectors.one(vector).prefix(length))
        #expect(throws: reason) { try KnetPacket(decoding: bytes.span) }
    }
}
