import Testing
import TotemWire

/// The packets of real rings, field by field against the table that explains them.
struct EveryFieldTests {
    @Test func allPacketsAreThere() {
        #expect(Vectors.names.count == 51)
        #expect(Vectors.tables["23-orf-idle"]?.count == 15)
    }

    @Test(arguments: Vectors.current)
    func decodesEveryField(_ name: String) throws {
        let bytes = Vectors.bytes(name)
        let packet = try Packet(decoding: bytes.span)
        var builder = RowBuilder()
        builder.packet(packet)
        if case .mcast(let mcast) = packet {
            let payload = bytes.span.extracting(McastHeader.size..<bytes.count)
            if mcast.header.encapsulated == Encapsulation.frame {
                try builder.frame(payload, order: mcast.header.order)
            } else {
                var inner = RowBuilder(at: McastHeader.size)
                inner.packet(try Packet(decoding: payload))
                try inner.frame(payload.extracting(McastHeader.size..<payload.count), order: mcast.header.order)
                builder.append(inner)
            }
        }
        let table = try #require(Vectors.tables[name])
        let expected = table.filter { row in
            !["exec", "cpg", "sync", "service_list", "rest of", "encapsulated old"].contains { row.field.hasPrefix($0) }
        }
        // Of a frame with many parts the table names the groups of the first part only.
        let rows = builder.rows.filter { row in
            !row.field.hasPrefix("pg.group") || table.contains { $0.field == row.field && $0.offset == row.offset }
        }
        #expect(rows == expected.map(\.withoutRemark))
    }

    @Test(arguments: Vectors.current)
    func encodesTheSameBytes(_ name: String) throws {
        let bytes = Vectors.bytes(name)
        let packet = try Packet(decoding: bytes.span)
        let encoded = packet.encoded(packet.header.order)
        if case .mcast = packet {
            #expect(encoded == Array(bytes[..<McastHeader.size]))
        } else {
            #expect(encoded == bytes)
        }
    }

    @Test(arguments: Vectors.current)
    func theOtherByteOrderSaysTheSame(_ name: String) throws {
        let packet = try Packet(decoding: Vectors.bytes(name).span)
        for order in [ByteOrder.little, .big] {
            let bytes = packet.encoded(order)
            let again = try Packet(decoding: bytes.span)
            #expect(again.header.order == order)
            #expect(again == packet.with(order: order))
            #expect(again.encoded(order) == bytes)
        }
    }

    @Test func aMessageSentAgainIsTheSameBytes() {
        #expect(Vectors.bytes(number: 48) == Vectors.bytes(number: 49))
    }

    @Test func recoveryCarriesTheOldMessageWhole() {
        let outer = Vectors.bytes(number: 50)
        #expect(Array(outer[McastHeader.size...]) == Vectors.bytes(number: 49))
    }

    @Test(arguments: [40, 44, 50])
    func theNumberIsWrittenOverAWaitingMessage(_ number: Int) throws {
        let bytes = Vectors.bytes(number: number)
        let header = try PacketHeader(decoding: bytes.span)
        let mcast = try McastHeader(decoding: bytes.span, header: header)
        var blank = [UInt8](repeating: 0xAA, count: McastHeader.size) + bytes[McastHeader.size...]
        mcast.overwrite(&blank)
        #expect(blank == bytes)

        var big = mcast
        big.header.order = .big
        big.overwrite(&blank)
        #expect(Array(blank[..<McastHeader.size]) == Packet.mcast(mcast).encoded(.big))

        var tooSmall = [UInt8](repeating: 7, count: McastHeader.size - 1)
        mcast.overwrite(&tooSmall)
        #expect(tooSmall == [UInt8](repeating: 7, count: McastHeader.size - 1))
    }
}

extension Vectors.Row {
    /// The README remarks on the content of some parts in place of a value.
    var withoutRemark: Vectors.Row {
        var row = self
        if field.hasPrefix("part ") { row.value = "" }
        return row
    }
}
