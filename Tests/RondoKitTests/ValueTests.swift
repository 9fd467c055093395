import ClientProtocol
import Testing

@testable import RondoKit

@Suite struct ValueTests {
    static let values: [(MapValue, String, String)] = [
        (.int8(-128), "i8", "-128"), (.uint8(255), "u8", "255"), (.int16(-32768), "i16", "-32768"),
        (.uint16(65535), "u16", "65535"), (.int32(.min), "i32", "-2147483648"), (.uint32(.max), "u32", "4294967295"),
        (.int64(.min), "i64", "-9223372036854775808"), (.uint64(.max), "u64", "18446744073709551615"),
        (.float(1.5), "flt", "1.5"), (.double(-2.25), "dbl", "-2.25"), (.string("a text"), "str", "a text"),
        (.string(""), "str", ""), (.binary([0, 1, 255]), "bin", "3 bytes"),
    ]

    @Test("Every type of the map, there and back", arguments: values)
    func roundTrip(_ value: MapValue, _ typeName: String, _ text: String) {
        #expect(value.typeName == typeName)
        #expect(value.description == text)
        #expect(MapValue(CmapValue(type: value.typeNumber, bytes: value.bytes)) == value)
    }

    @Test("A stored text ends at its NUL; a number of the wrong length is none")
    func odd() {
        #expect(MapValue(CmapValue(type: 11, bytes: Array("text\0".utf8))) == .string("text"))
        #expect(MapValue(CmapValue(type: 2, bytes: [1, 2, 3])) == nil)
        #expect(MapValue(CmapValue(type: 13, bytes: [1])) == nil)
    }

    @Test("Values become Swift's types only when they have that type")
    func types() {
        #expect(UInt32(mapValue: .uint32(7)) == 7)
        #expect(UInt32(mapValue: .int32(7)) == nil)
        #expect([UInt8](mapValue: .binary([1])) == [1])
        #expect(MapValue.uint64(.max).integer == nil)
        #expect(MapValue.uint16(9).integer == 9)
        #expect("text".mapValue == .string("text"))
    }

    @Test("Names of groups are bytes, up to 128")
    func groupNames() throws {
        let name = GroupName(bytes: [0, 255] + [UInt8](repeating: 65, count: 126))
        #expect(try name.forRequest("join").bytes == name.bytes)
        #expect(throws: ClusterError.self) { try GroupName(bytes: name.bytes + [65]).forRequest("join") }
    }

    @Test("Members have the same order everywhere: by node, then by process")
    func memberOrder() {
        let members = [
            GroupMember(node: 2, process: 1), GroupMember(node: 1, process: 9), GroupMember(node: 1, process: 2),
        ]
        #expect(members.sorted().map(\.description) == ["1:2", "1:9", "2:1"])
    }

    @Test("A ring is written as Corosync writes it")
    func ring() {
        #expect(RingID(representative: 17, sequence: 0x2f8).description == "11.2f8")
    }

    @Test("Nodes of the list and nodes met in the ring, from the keys of the map")
    func nodes() {
        let nodes = ClusterNode.read(
            list: [
                ("nodelist.node.0.nodeid", .uint32(2)), ("nodelist.node.0.ring0_addr", .string("10.0.0.2")),
                ("nodelist.node.0.ring1_addr", .string("10.1.0.2")), ("nodelist.node.1.name", .string("one")),
                ("nodelist.node.1.nodeid", .uint32(1)), ("nodelist.node.1.ring0_addr", .string("10.0.0.1")),
            ],
            members: [
                ("runtime.members.1.ip", .string("r(0) ip(10.0.0.1) ")),
                ("runtime.members.1.status", .string("joined")),
                ("runtime.members.2.status", .string("left")), ("runtime.members.7.status", .string("joined")),
            ])
        #expect(nodes.map(\.id) == [1, 2, 7])
        #expect(nodes.map(\.name) == ["one", nil, nil])
        #expect(nodes.map(\.addresses) == [["10.0.0.1"], ["10.0.0.2", "10.1.0.2"], []])
        #expect(nodes.map(\.isMember) == [true, false, true])
    }

    @Test("Pauses double up to the longest")
    func pauses() {
        var pauses = Patience.Pauses(
            Patience(limit: .seconds(1), firstPause: .milliseconds(1), longestPause: .milliseconds(5)))
        #expect((0..<5).map { _ in pauses.take() } == [1, 2, 4, 5, 5].map { .milliseconds($0) })
    }
}
