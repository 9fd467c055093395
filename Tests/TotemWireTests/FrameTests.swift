import Testing
import TotemWire

/// The packing layer's frames and the names in front of messages (spec: totem.md 13.1).
struct FrameTests {
    static func frame(_ fragmented: UInt8, _ continuation: UInt8, _ parts: [[UInt8]], _ order: ByteOrder) -> [UInt8] {
        var writer = ByteWriter(order: order)
        FrameHeader(
            fragmented: fragmented, continuation: continuation, partLengths: parts.map { UInt16($0.count) }
        ).encode(into: &writer)
        for part in parts { writer.bytes(part) }
        return writer.bytes
    }

    static func error(_ bytes: [UInt8]) -> WireError? {
        do throws(WireError) {
            _ = try Frame(decoding: bytes.span, order: .little)
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: [ByteOrder.little, .big])
    func partsComeBackAsWritten(_ order: ByteOrder) throws {
        let bytes = Self.frame(3, 2, [[1, 2, 3], [], [4]], order)
        let frame = try Frame(decoding: bytes.span, order: order)
        #expect(frame.fragmented == 3 && frame.continuation == 2 && frame.partCount == 3)
        #expect((0..<3).map { frame.partRange($0) } == [14..<17, 17..<17, 17..<18])
        #expect(frame.partRange(3).isEmpty && frame.partRange(-1).isEmpty && frame.partLength(9) == 0)
        var cursor = Frame.Cursor()
        var seen: [Range<Int>] = []
        while let range = frame.nextPart(&cursor) { seen.append(range) }
        #expect(seen == [14..<17, 17..<17, 17..<18])
        #expect(frame.nextPart(&cursor) == nil)
    }

    @Test func aFrameWithoutPartsIsAFrame() throws {
        #expect(Self.error(Self.frame(0, 0, [], .little)) == nil)
    }

    @Test func partsMustFillTheFrameExactly() {
        let bytes = Self.frame(0, 0, [[1, 2, 3], [4]], .little)
        for length in 0..<bytes.count {
            guard case .short = Self.error(Array(bytes[..<length])) else {
                Issue.record("cut to \(length) bytes is accepted")
                continue
            }
        }
        #expect(
            Self.error(bytes + [0])
                == .invalid(field: "totempg frame length", value: 17, allowed: "the sum of its parts"))
        #expect(Self.error([0, 0, 0, 0, 0, 0, 0xFF, 0xFF]) == .short(field: "msg_len", needed: 131_078, available: 8))
    }

    @Test func aCutMessageIsWholeWhenItsPartsAreJoined() throws {
        var message: [UInt8] = []
        for number in [45, 46, 47] {
            let bytes = Vectors.bytes(number: number)
            let payload = Array(bytes[McastHeader.size...])
            let frame = try Frame(decoding: payload.span, order: .little)
            message += payload[frame.partRange(0)]
        }
        let group = try GroupAddress(decoding: message.span, order: .little)
        #expect(group.includesServices && !group.includesSynchronization)
        #expect(message.count - group.dataOffset == 3184)
    }

    @Test(arguments: [ByteOrder.little, .big])
    func groupsAreNamed(_ order: ByteOrder) throws {
        var writer = ByteWriter(order: order)
        GroupAddress.encode(GroupAddress.synchronizationGroup, into: &writer)
        let sync = try GroupAddress(decoding: writer.bytes.span, order: order)
        #expect(sync.includesSynchronization && !sync.includesServices && sync.dataOffset == 8)
        if order == .little { #expect(writer.bytes == Vectors.hex("0100040073796e63")) }

        let both: [UInt8] = Vectors.hex("0200 0400 0100 73796e63 61 99")
        let group = try GroupAddress(decoding: both.span, order: .little)
        #expect(group.includesSynchronization && group.includesServices)
        #expect(group.groupCount == 2 && group.namesOffset == 6 && group.dataOffset == 11)
    }

    /// Names end inside the message (spec: totem.md 22.6).
    @Test(arguments: ["", "01", "0100", "010001", "01000200 61", "ffff0100 61", "0100ffff 61", "02000100 ffff 61"])
    func namesBeyondTheMessageAreRefused(_ text: String) {
        let bytes = Vectors.hex(text)
        #expect(throws: WireError.self) { _ = try GroupAddress(decoding: bytes.span, order: .little) }
    }
}
