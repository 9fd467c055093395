import Basics
import Testing
import TotemWire

struct RetransmitListTests {
    static func entry(_ sequence: UInt32, ring: UInt64 = 9) -> RetransmitEntry {
        RetransmitEntry(
            ringID: RingID(representative: NodeID(1), sequence: ring), sequence: SequenceNumber(sequence))
    }

    static func sequences(_ list: RetransmitList) -> [UInt32] { (0..<list.count).map { list[$0].sequence.rawValue } }

    @Test func holdsThirtyAndNoMore() {
        var list = RetransmitList()
        #expect(list.isEmpty)
        let added = (0..<31).map { list.append(Self.entry($0)) }
        #expect(added == [Bool](repeating: true, count: 30) + [false])
        #expect(list.isFull)
        #expect(Self.sequences(list) == Array(0..<30))
    }

    @Test func removingKeepsTheOrder() {
        var list = RetransmitList()
        for number in 1...4 as ClosedRange<UInt32> { list.append(Self.entry(number)) }
        list.remove(at: 1)
        #expect(Self.sequences(list) == [1, 3, 4])
        list.remove(at: 2)
        list.remove(at: 2)
        list.remove(at: -1)
        #expect(Self.sequences(list) == [1, 3])
        #expect(list[7] == RetransmitEntry(ringID: .none, sequence: .zero))
    }

    @Test func aNumberIsFoundWhateverItsRing() {
        var list = RetransmitList()
        list.append(Self.entry(5, ring: 4))
        #expect(list.contains(sequence: SequenceNumber(5)))
        #expect(!list.contains(sequence: SequenceNumber(6)))
        list.removeAll()
        #expect(!list.contains(sequence: SequenceNumber(5)))
    }

    @Test func equalityLooksAtLiveEntriesOnly() {
        var one = RetransmitList()
        var other = RetransmitList()
        one.append(Self.entry(1))
        other.append(Self.entry(1))
        other.append(Self.entry(2))
        #expect(one != other)
        other.remove(at: 1)
        #expect(one == other)
    }
}
