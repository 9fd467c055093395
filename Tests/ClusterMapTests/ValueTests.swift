import ClusterMap
import Testing

/// Types and values (spec: configuration.md 7.1, 7.3).
@Suite struct ValueTests {
    @Test(
        arguments: [
            (MapValue.i8(-2), [0xfe]), (.u8(200), [200]), (.i16(-2), [0xfe, 0xff]), (.u16(0x1234), [0x34, 0x12]),
            (.i32(-1), [0xff, 0xff, 0xff, 0xff]), (.u32(3000), [0xb8, 0x0b, 0, 0]),
            (.i64(-2), [0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]), (.u64(9), [9, 0, 0, 0, 0, 0, 0, 0]),
            (.float(1), [0, 0, 0x80, 0x3f]), (.double(1), [0, 0, 0, 0, 0, 0, 0xf0, 0x3f]),
            (.text("udpu"), [0x75, 0x64, 0x70, 0x75, 0]), (.text(""), [0]), (.binary([1, 0, 2]), [1, 0, 2]),
            (.binary([]), []),
        ] as [(MapValue, [UInt8])])
    func everyTypeSurvivesTheWayToAClientAndBack(value: MapValue, bytes: [UInt8]) throws {
        #expect(value.bytes == bytes)
        #expect(value.byteCount == bytes.count)
        #expect(try MapValue(type: value.type.rawValue, bytes: bytes) == value)
    }

    @Test(arguments: [(1, 0), (1, 2), (3, 1), (5, 3), (6, 8), (7, 4), (8, 9), (9, 8), (10, 4)])
    func aNumberOfTheWrongLengthIsRefused(type: UInt8, length: Int) {
        #expect(throws: ClientError.invalidParameter) {
            try MapValue(type: type, bytes: [UInt8](repeating: 1, count: length))
        }
    }

    @Test(arguments: [0, 13, 14, 255] as [UInt8])
    func anUnknownTypeIsRefusedEvenWhenEmpty(type: UInt8) {
        #expect(throws: ClientError.invalidParameter) { try MapValue(type: type, bytes: []) }
    }

    @Test func aStringIsAsLongAsItsSenderSaysAndHasNothingBehindItsEnd() throws {
        #expect(try MapValue(type: 11, bytes: Array("hel".utf8)).byteCount == 4)
        #expect(try MapValue(type: 11, bytes: Array("hello\0".utf8)) == .text("hello"))
        #expect(throws: ClientError.invalidParameter) { try MapValue(type: 11, bytes: Array("he\0lo".utf8)) }
        #expect(throws: ClientError.invalidParameter) { try MapValue(type: 11, bytes: Array("hello\0\0".utf8)) }
    }

    @Test func aStringKeepsBytesThatAreNotUTF8() throws {
        let value = try MapValue(type: 11, bytes: [0xff, 0x41])
        #expect(value.bytes == [0xff, 0x41, 0])
    }

    @Test func theLargestValueHas16384Bytes() throws {
        _ = try MapValue(type: 12, bytes: [UInt8](repeating: 0, count: 16384))
        #expect(throws: ClientError.invalidParameter) {
            try MapValue(type: 12, bytes: [UInt8](repeating: 0, count: 16385))
        }
    }

    @Test func valuesAreEqualByTypeAndBytes() {
        #expect(MapValue.u32(1) != .i32(1))
        #expect(MapValue.double(.nan) == .double(.nan))
        #expect(MapValue.float(0) != .float(-0.0))
        #expect(MapValue.text("a") != .binary([0x61]))
    }

    @Test func numbersAreReadWithoutTheirType() {
        #expect(MapValue.u8(7).unsigned == 7)
        #expect(MapValue.i32(-1).unsigned == nil)
        #expect(MapValue.text("7").unsigned == nil)
        #expect(MapValue.text("7").text == "7")
        #expect(MapValue.u8(7).text == nil)
    }
}
