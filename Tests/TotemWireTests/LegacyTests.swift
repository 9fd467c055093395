import Basics
import Testing
import TotemWire

/// Packets of Corosync 1.x and 2.x (spec: totem.md 21; fields as the vectors' README lists them).
struct LegacyTests {
    static func packet(_ number: Int) throws -> LegacyPacket {
        let bytes = Vectors.bytes(number: number)
        return try LegacyPacket(decoding: bytes.span)
    }

    static func error(_ bytes: [UInt8]) -> LegacyError? {
        do throws(LegacyError) {
            _ = try LegacyPacket(decoding: bytes.span)
            return nil
        } catch {
            return error
        }
    }

    @Test func theTokenOfTheOldCapture() throws {
        let packet = try Self.packet(80)
        guard case .orfToken(let token) = packet.body else {
            Issue.record("not a token")
            return
        }
        #expect(packet.header.generation == .corosync1 && packet.header.order == .little)
        #expect(packet.header.nodeID == NodeID(1_040_252_938))
        #expect(token.sequence == SequenceNumber(70) && token.aru == SequenceNumber(70))
        #expect(token.tokenSequence == SequenceNumber(424))
        #expect(token.aruAddress == .none && token.backlog == 0 && token.fcc == 0 && token.retransFlag == 0)
        #expect(token.retransmitList.isEmpty)
        #expect(token.ringID.sequence == 152)
        let representative = token.ringID.representative
        #expect(representative.description == "10.0.1.62" && representative.family == .ipv4)
        #expect(representative.isNodeIDOfAddress(.little))
        #expect(representative.leftovers == Vectors.hex("08000400 0a00017f 09000300"))
    }

    @Test func theLeftoversAreNetlinkAttributes() throws {
        let bytes = Vectors.hex("08000400 0a00017f 09000300")
        let leftovers = try #require(NetlinkLeftovers(bytes, order: .little))
        #expect(leftovers.attributes.map(\.kind) == [.broadcast, .label])
        #expect(leftovers.attributes[0].address == "10.0.1.127")
        #expect(leftovers.attributes[1].labelLength == 4 && !leftovers.attributes[1].isComplete)
        #expect(leftovers.source == .local)
        #expect(leftovers.releases?.hasPrefix("1.4.4") == true)
        #expect(leftovers.prefixLength(of: [10, 0, 1, 62]) == 25)
        // From an address in the upper half the broadcast address alone would allow a smaller network.
        #expect(leftovers.prefixLength(of: [10, 0, 1, 100]) == nil)

        let older = try #require(NetlinkLeftovers(Vectors.hex("08000200 0a00013e 08000400"), order: .little))
        #expect(older.source == .address && older.releases == "1.4.3 or older")
        #expect(NetlinkLeftovers(Vectors.hex("de adbeef 00000000 00000000"), order: .little) == nil)
        #expect(NetlinkLeftovers([], order: .little) == nil)
    }

    @Test func theMergeDetectOfTheOldCapture() throws {
        guard case .mergeDetect(let merge) = try Self.packet(81).body else {
            Issue.record("not a merge detect")
            return
        }
        #expect(merge.systemFrom.addressCount == nil)
        #expect(merge.systemFrom.primary.description == "10.0.1.62")
        #expect(merge.systemFrom.addresses[1].isUnused)
        #expect(merge.ringID.sequence == 152)
        #expect(merge.ringID.representative == merge.systemFrom.primary)
    }

    @Test func theQuotedDumpIsFourBytesShort() {
        let bytes = Vectors.bytes(number: 82)
        #expect(
            Self.error(bytes)
                == .body(.corosync1, .mergeDetect, .short(field: "memb_merge_detect", needed: 82, available: 78)))
        let ring = LegacyPacket.salvagedRingID(of: bytes.span)
        #expect(ring?.sequence == 152 && ring?.representative.description == "10.0.1.62")
        let token = Vectors.bytes(number: 80)
        #expect(LegacyPacket.salvagedRingID(of: token.span) == nil)
    }

    @Test(arguments: [(85, ByteOrder.little), (87, .big)])
    func theTokenOfCorosync23(_ number: Int, _ order: ByteOrder) throws {
        let packet = try Self.packet(number)
        guard case .orfToken(let token) = packet.body else {
            Issue.record("not a token")
            return
        }
        #expect(packet.header.generation == .corosync23 && packet.header.order == order)
        #expect(packet.header.nodeID == NodeID(1))
        #expect(token.sequence == SequenceNumber(0x15) && token.tokenSequence == SequenceNumber(0x81))
        #expect(token.ringID.representative.description == "10.0.0.1" && token.ringID.sequence == 0x98)
        #expect(token.ringID.representative.leftovers.isEmpty)
    }

    @Test func theMergeDetectOfCorosync23() throws {
        guard case .mergeDetect(let merge) = try Self.packet(86).body else {
            Issue.record("not a merge detect")
            return
        }
        #expect(merge.systemFrom.addressCount == 1)
        #expect(merge.systemFrom.primary.description == "10.0.0.1")
        #expect(merge.ringID.sequence == 0x98)
    }

    @Test func envelopesAreRecognised() throws {
        let plain = Array(Vectors.bytes(number: 85)[4...])
        let cases: [([UInt8], LegacyGeneration)] = [
            ([], .corosync1), ([0, 0, 0, 0], .corosync20), ([0xFF, 0xFF, 0, 0], .corosync22),
            ([0xFE, 0xFE, 0, 0], .corosync23),
        ]
        for (envelope, generation) in cases {
            let bytes = envelope + plain
            #expect(try LegacyHeader(decoding: bytes.span).generation == generation)
        }
        #expect(Self.error([0xFE, 0xFE, 0, 0] + [UInt8](repeating: 0x5A, count: 90)) == .encrypted(.corosync23))
        #expect(Self.error(Vectors.bytes(number: 23)) == .unrecognised)
        #expect(Self.error([0xFF]) == .unrecognised)
        #expect(Self.error([0xFF, 0xFF, 0, 0, 1]) == .tooShort(.corosync22, needed: 12, available: 5))
        #expect(Self.error([0xFF, 0xFF, 0, 0, 9, 0, 0x22, 0xFF, 0, 0, 0, 0]) == .wrongType(.corosync22, 9))
    }

    @Test func otherPacketsHaveTheSizesOfTheTable() {
        // The shortest of each: 1.x, then 2.x with its envelope.
        let sizes: [(type: UInt8, old: Int, new: Int)] = [
            (0, 70, 74), (1, 98, 103), (2, 82, 87), (3, 68, 73), (4, 54 + 86, 58 + 87), (5, 38, 42),
        ]
        for (type, old, new) in sizes {
            for (envelope, size, countAt) in [([] as [UInt8], old, 50), ([0xFE, 0xFE, 0, 0], new, 54)] {
                var bytes = envelope + [type, 0, 0x22, 0xFF, 1, 0, 0, 0]
                bytes += [UInt8](repeating: 0, count: size - bytes.count)
                if type == 4 { bytes[countAt] = 1 }
                #expect(Self.error(bytes) == nil, "type \(type), \(size) bytes")
                guard case .body(_, _, .short) = Self.error(Array(bytes.dropLast())) else {
                    Issue.record("type \(type) of \(size - 1) bytes is accepted")
                    continue
                }
            }
        }
    }

    @Test(arguments: [80, 81, 85, 86, 87])
    func everyTruncationIsRefused(_ number: Int) {
        let bytes = Vectors.bytes(number: number)
        for length in 0..<bytes.count { #expect(Self.error(Array(bytes[..<length])) != nil) }
    }

    @Test(arguments: [31, 0xFFFF_FFFF, 0x8000_0000] as [UInt32])
    func oldTokensAreBoundedToo(_ count: UInt32) {
        let roomy = Vectors.bytes(number: 80) + [UInt8](repeating: 0, count: 2000)
        #expect(
            Self.error(Malformed.patch(roomy, at: 66, count))
                == .body(
                    .corosync1, .orfToken,
                    .invalid(field: "rtr_list_entries", value: UInt64(count), allowed: "0...30")))
    }
}
