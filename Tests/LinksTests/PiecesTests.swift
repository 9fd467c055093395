import Links
import Testing

struct PiecesTests {
    @Test("the captured packets were cut so", arguments: [(20244, 1446, 14, 1446), (1670, 1446, 2, 224)])
    func captured(_ length: Int, _ mtu: Int, _ count: Int, _ last: Int) throws {
        let pieces = try #require(Pieces(length: length, dataMTU: mtu))
        #expect(pieces.count == count)
        #expect(pieces[count - 1].count == last)
        #expect(pieces.number(0) == (UInt8(count), 1))
        #expect(pieces.number(count - 1) == (UInt8(count), UInt8(count)))
    }

    @Test("what fits is one piece, whose index is 0", arguments: [1, 1445, 1446])
    func whole(_ length: Int) throws {
        let pieces = try #require(Pieces(length: length, dataMTU: 1446))
        #expect(pieces.count == 1)
        #expect(pieces[0] == 0..<length)
        #expect(pieces.number(0) == (1, 0))
    }

    @Test("pieces lie side by side, all of the same size but the last", arguments: [259, 421, 482, 1446, 9000, 65_536])
    func sideBySide(_ mtu: Int) throws {
        for length in [1, mtu - 1, mtu, mtu + 1, 2 * mtu, 2 * mtu + 1, 65_535, 65_536] where length <= 65_536 {
            let pieces = try #require(Pieces(length: length, dataMTU: mtu))
            var end = 0
            for index in 0..<pieces.count {
                #expect(pieces[index].lowerBound == end)
                #expect(index == pieces.count - 1 ? pieces[index].count <= mtu : pieces[index].count == mtu)
                end = pieces[index].upperBound
            }
            #expect(end == length)
        }
    }

    @Test("nothing, too much, and too many pieces are refused")
    func refused() {
        #expect(Pieces(length: 0, dataMTU: 1446) == nil)
        #expect(Pieces(length: 65_537, dataMTU: 1446) == nil)
        #expect(Pieces(length: 100, dataMTU: 0) == nil)
        #expect(Pieces(length: 254 * 10, dataMTU: 10)?.count == 254)
        #expect(Pieces(length: 254 * 10 + 1, dataMTU: 10) == nil)
    }
}
