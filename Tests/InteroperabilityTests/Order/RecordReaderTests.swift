import ClusterLab
import Testing

/// Records as `Clients/order.c` writes them.
@Suite struct RecordReaderTests {
    private func record(
        _ kind: UInt32, _ node: UInt32 = 0, _ process: UInt32 = 0, life: UInt32 = 0, number: UInt64 = 0,
        length: UInt32 = 0, flags: UInt32 = 0, digest: UInt64 = 0
    ) -> [UInt8] {
        func bytes(_ value: some FixedWidthInteger) -> [UInt8] { withUnsafeBytes(of: value) { Array($0) } }
        return bytes(kind) + bytes(node) + bytes(process) + bytes(life) + bytes(number) + bytes(length) + bytes(flags)
            + bytes(digest)
    }

    @Test("A daemon's death and a second life, with messages of both forms")
    func lives() throws {
        let first = GroupProcess(node: 1, number: 10)
        let own = GroupProcess(node: 2, number: 20)
        var file = record(1, 2, 20, life: 1)
        file += record(5, number: 0, length: 3) + record(6, 1, 10, flags: 0) + record(6, 2, 20, flags: 0)
        file += record(6, 2, 20, life: 1, flags: 2)
        file += record(3, 1, number: 0x1c, length: 2, digest: 7) + record(4, 1) + record(4, 2)
        file += record(2, 1, 10, life: 3, number: 256, length: 40, digest: 77)
        file += record(2, 1, 10, number: 1, length: 5, flags: 1, digest: 78)
        file += record(2, 1, 10, life: 3, number: 258, length: 99, flags: 2 | 4, digest: 79)
        file += record(9, life: 1, digest: 20)
        file += record(5, number: 4, length: 2) + record(6, 2, 20, flags: 0) + record(6, 1, 10, life: 3, flags: 1)
        file += record(7, life: 1, number: 9, digest: 2)
        file += record(1, 2, 20, life: 2) + record(8, life: 2, number: 5)
        let lives = try RecordReader.lives(in: file)

        #expect(lives.map(\.number) == [1, 2])
        #expect(lives.map(\.process) == [own, own])
        #expect(lives.map(\.ending) == [.gone, .closed])
        #expect(lives.map(\.accepted) == [9, 5])
        #expect(lives[0].refusals == [20])
        func name(_ number: UInt64) -> MessageName { MessageName(sender: first, life: 3, number: number) }
        #expect(
            lives[0].entries.map(\.event) == [
                .change(GroupChange(members: [first, own], joined: [.init(process: own, reason: 1)])),
                .ring(RingName(1, 0x1c), members: [1, 2]),
                .delivery(Delivery(sender: first, name: name(256), lowByte: 0, length: 40, digest: 77)),
                .delivery(Delivery(sender: first, name: name(257), lowByte: 1, length: 5, digest: 78)),
                .delivery(
                    Delivery(
                        sender: first, name: name(258), lowByte: 2, length: 99, digest: 79, isIntact: false,
                        isLast: true)),
                .change(GroupChange(members: [own], left: [.init(process: first, reason: 3)])),
            ])
        #expect(lives[0].entries.map(\.accepted) == [0, 7, 0, 0, 0, 4])
    }

    @Test("A short message behind a change is not taken for one of the life before, whose next number it may bear")
    func shortBehindChange() throws {
        var file = record(1, 2, 20, life: 1)
        file += record(2, 1, 10, life: 1, number: 36, length: 40, digest: 1)
        file += record(5, number: 0, length: 1) + record(6, 1, 10, life: 3, flags: 1)
        file += record(3, 2, number: 0x1c, length: 1) + record(4, 2)
        file += record(2, 1, 10, number: 37, length: 5, flags: 1, digest: 2)
        file += record(2, 1, 10, life: 2, number: 38, length: 40, digest: 3)
        let names = try RecordReader.lives(in: file)[0].entries.compactMap { entry in
            if case .delivery(let delivery) = entry.event { delivery.name } else { nil }
        }
        #expect(names.map(\.life) == [1, 2, 2])
        #expect(names.map(\.number) == [36, 37, 38])
    }

    @Test func unreadable() {
        #expect(throws: LabError.self) { try RecordReader.lives(in: record(2, 1, 10)) }
        #expect(throws: LabError.self) { try RecordReader.lives(in: record(1, 1, 10) + record(77)) }
        #expect(throws: LabError.self) { try RecordReader.lives(in: record(1, 1, 10) + record(3, 1, length: 2)) }
    }

    @Test("Rings are named as the logs name them")
    func ringNames() {
        #expect(RingName("1.1c") == RingName(1, 0x1c))
        #expect(RingName("ffffffff.10000000a")?.description == "ffffffff.10000000a")
        #expect(RingName("1") == nil)
        #expect(RingName("1.x") == nil)
    }
}
