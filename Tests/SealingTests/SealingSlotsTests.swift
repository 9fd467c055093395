import ClusterConfiguration
import Testing

@testable import Sealing

/// The order in which the slots are tried (spec: knet.md 3.1).
@Suite struct SealingSlotsTests {
    private static let old = SealSuite(.aes256, .sha256)
    private static let new = SealSuite(.aes128, .sha512)

    private static func open(
        _ image: [UInt8], _ slots: inout SealingSlots, first: SealingSlots.Slot
    ) throws -> (slot: SealingSlots.Slot, plain: [UInt8])? {
        var bytes = image
        var datagram = bytes.mutableSpan
        guard let opened = try slots.open(&datagram, first: first) else { return nil }
        return (opened.slot, Array(bytes[opened.plain]))
    }

    @Test("During a change of key packets of both are opened, and it is told by which")
    func both() throws {
        var slots = SealingSlots()
        let wasEmpty = slots.isEmpty
        #expect(wasEmpty)
        slots.set(.one, try Sealer.make(Self.old))
        slots.set(.two, try Sealer.make(Self.new, Vectors.otherKey))
        let last = try #require(Vectors.sealed.first { $0.name.hasPrefix("80") })
        let first = try #require(Vectors.sealed.first { $0.name.hasPrefix("81") })
        for inUse in SealingSlots.Slot.allCases {
            let ofOld = try Self.open(last.image, &slots, first: inUse)
            #expect(ofOld?.slot == .one && ofOld?.plain == last.plain)
            let ofNew = try Self.open(first.image, &slots, first: inUse)
            #expect(ofNew?.slot == .two && ofNew?.plain == first.plain)
        }
        slots.set(.one, nil)
        let filled = (slots.isFilled(.one), slots.isFilled(.two), slots.isEmpty)
        #expect(filled == (false, true, false))
        #expect(throws: OpenRefusal.self) { try Self.open(last.image, &slots, first: .two) }
    }

    @Test("What no slot opens stays as it came, and without a key nothing is tried")
    func none() throws {
        var slots = SealingSlots()
        #expect(try Self.open([1, 2, 3], &slots, first: .one) == nil)
        slots.set(.two, try Sealer.make(Self.new))
        var bytes = packet(200)
        var datagram = bytes.mutableSpan
        #expect(throws: OpenRefusal.self) { _ = try slots.open(&datagram, first: .one) }
        #expect(bytes == packet(200))
    }

    @Test("An empty slot seals nothing")
    func empty() throws {
        var slots = SealingSlots()
        slots.set(.two, try Sealer.make(Self.new))
        var image = [UInt8](repeating: 0, count: 300)
        var room = image.mutableSpan
        #expect(try slots.seal([1, 2].span, with: .one, into: &room) == nil)
        let count = try slots.seal([1, 2].span, with: .two, into: &room)
        #expect(count == Self.new.overhead.sealedSize(2))
    }
}
