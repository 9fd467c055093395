import Basics
import Testing

@testable import TotemWire

@Suite("Beats on the wire")
struct BeatTests {
    private static let beat = Beat(
        header: PacketHeader(type: .holdCancel, nodeID: NodeID(7)),
        ringID: RingID(representative: NodeID(1), sequence: 0x1234), incarnation: 0xA1B2_C3D4, number: 99,
        complaints: [Beat.Complaint(node: NodeID(3), silence: 480, evidence: Beat.Complaint.refusal)])

    private func bytes(_ beat: Beat) -> [UInt8] {
        var writer = ByteWriter()
        beat.encode(into: &writer)
        return writer.bytes
    }

    /// Nil when it is another packet.
    private func read(_ bytes: [UInt8]) throws -> Beat? {
        guard case .beat(let beat) = try Packet(decoding: bytes.span) else { return nil }
        return beat
    }

    @Test("every field stands where docs/decisions/refused-datagrams.md says")
    func layout() {
        let bytes = bytes(Self.beat)
        #expect(bytes.count == 61)
        #expect(bytes[3] == 5)
        #expect(Array(bytes[13..<25]) == [0, 0, 0, 0, 1, 0, 0] + Array("Rondo".utf8))
        #expect(Array(bytes[25..<37]) == [1, 0, 0, 0, 0x34, 0x12, 0, 0, 0, 0, 0, 0])
        #expect(Array(bytes[37..<45]) == [0xD4, 0xC3, 0xB2, 0xA1, 99, 0, 0, 0])
        #expect(Array(bytes[45..<53]) == [0, 0, 0, 0, 0, 0, 0, 1])
        #expect(Array(bytes[53...]) == [3, 0, 0, 0, 0xE0, 1, 2, 0])
    }

    @Test("what is written is read")
    func roundTrip() throws {
        let bytes = bytes(Self.beat)
        let read = try #require(try read(bytes))
        #expect(read == Self.beat)
    }

    @Test("a hold cancel is none")
    func holdCancel() throws {
        var writer = ByteWriter()
        HoldCancel(header: Self.beat.header, ringID: Self.beat.ringID).encode(into: &writer)
        let isBeat = Beat.isBeat(writer.bytes.span)
        #expect(!isBeat)
    }

    @Test("cut short anywhere it is refused, and so are more complaints than there can be")
    func malformed() {
        let whole = bytes(Self.beat)
        for count in 25..<whole.count {
            let cut = Array(whole[..<count])
            #expect(throws: PacketError.self) { try Packet(decoding: cut.span) }
        }
        var many = whole + Array(repeating: 0, count: 8 * 200)
        many[52] = 129
        #expect(throws: PacketError.self) { try Packet(decoding: many.span) }
    }

    @Test("what later formats add behind it does no harm")
    func longer() throws {
        let longer = bytes(Self.beat) + [1, 2, 3]
        let read = try #require(try read(longer))
        #expect(read == Self.beat)
    }

    @Test("no more complaints are written than are read")
    func crowd() throws {
        var crowd = Self.beat
        crowd.complaints = (1...300).map { Beat.Complaint(node: NodeID($0), silence: 0, evidence: 2) }
        let bytes = bytes(crowd)
        let read = try #require(try read(bytes))
        #expect(read.complaints.count == Beat.mostComplaints)
    }
}
