import Links
import Testing

@testable import Simulator

@Suite struct ToySealTests {
    static let overheads = [true, false].flatMap { cipher in
        [16, 20, 32, 48, 64].map { SealOverhead(hasCipher: cipher, hashSize: $0) }
    }

    static func sealed(_ plain: [UInt8], _ seal: inout ToySeal) -> [UInt8] {
        var image = [UInt8](repeating: 0, count: plain.count + 200)
        var room = image.mutableSpan
        let count = seal.seal(plain.span, into: &room)
        return Array(image.prefix(count ?? 0))
    }

    static func opened(_ image: [UInt8], _ seal: ToySeal) -> [UInt8]? {
        var image = image
        var room = image.mutableSpan
        return seal.open(&room).map { Array(image[$0]) }
    }

    @Test("What is sealed has the size of the real seal and opens again", arguments: overheads)
    func roundTrip(overhead: SealOverhead) {
        var seal = ToySeal(overhead, key: 7, sender: 1)
        for length in 0..<300 {
            let plain = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ length) }
            let image = Self.sealed(plain, &seal)
            #expect(image.count == overhead.sealedSize(length))
            #expect(Self.opened(image, seal) == plain)
        }
    }

    @Test("Every flipped bit, every cut and another key are noticed", arguments: overheads)
    func notices(overhead: SealOverhead) {
        var seal = ToySeal(overhead, key: 7, sender: 1)
        let image = Self.sealed((0..<71).map { UInt8($0) }, &seal)
        for bit in 0..<(image.count * 8) {
            var flipped = image
            flipped[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(Self.opened(flipped, seal) == nil, "bit \(bit)")
        }
        for length in 0..<image.count { #expect(Self.opened(Array(image.prefix(length)), seal) == nil) }
        for key in 0..<200 as Range<UInt64> where key != 7 {
            #expect(Self.opened(image, ToySeal(overhead, key: key, sender: 1)) == nil)
        }
    }

    @Test("Two runs are alike, and two packets of one run are not")
    func deterministic() {
        let overhead = SealOverhead(hasCipher: true, hashSize: 32)
        var first = ToySeal(overhead, key: 7, sender: 1)
        var second = first
        let plain: [UInt8] = [1, 2, 3]
        let images = (0..<3).map { _ in Self.sealed(plain, &first) }
        #expect((0..<3).map { _ in Self.sealed(plain, &second) } == images)
        #expect(Set(images).count == 3)
        #expect(images.allSatisfy { $0[16..<19] != [1, 2, 3] })
    }
}
