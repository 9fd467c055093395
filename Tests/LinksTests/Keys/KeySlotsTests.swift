import Links
import Testing

struct KeySlotsTests {
    private func order(_ slots: KeySlots) -> [KeySlot] {
        [slots.attempts.first, slots.attempts.second].compactMap { $0 }
    }

    @Test("a ring that is sealed from the start takes nothing clear, a clear one nothing sealed")
    func start() {
        let sealed = KeySlots(isSealed: true)
        #expect(sealed.inUse == .first && order(sealed) == [.first])
        #expect(sealed.admits(.first) && !sealed.admits(.second) && !sealed.admits(.clear))
        let clear = KeySlots(isSealed: false)
        #expect(clear.inUse == .clear && order(clear).isEmpty)
        #expect(clear.admits(.clear) && !clear.admits(.first) && !clear.admits(.second))
    }

    @Test("another key: both open, the old seals until the ring agrees, then the new; at last only the new is left")
    func rotate() {
        var slots = KeySlots(isSealed: true)
        slots.prepare(isSealed: true)
        #expect(slots.next == .second && slots.inUse == .first)
        #expect(order(slots) == [.first, .second])
        slots.select()
        #expect(slots.inUse == .second && order(slots) == [.second, .first])
        #expect(slots.admits(.first) && slots.admits(.second) && !slots.admits(.clear))
        slots.settle()
        #expect(order(slots) == [.second] && !slots.admits(.first) && slots.next == nil)
        slots.prepare(isSealed: true)
        #expect(slots.next == .first)
    }

    @Test("on: clear is taken until the end; off: clear is taken from the reload on and stays")
    func onAndOff() {
        var slots = KeySlots(isSealed: false)
        slots.prepare(isSealed: true)
        #expect(slots.inUse == .clear && slots.admits(.clear) && slots.admits(.first))
        slots.select()
        #expect(slots.inUse == .first && slots.admits(.clear))
        slots.settle()
        #expect(!slots.admits(.clear) && slots.admits(.first))
        slots.prepare(isSealed: false)
        #expect(slots.inUse == .first && slots.admits(.clear) && slots.admits(.first))
        slots.select()
        #expect(slots.inUse == .clear && slots.admits(.first) && order(slots) == [.first])
        slots.settle()
        #expect(slots.admits(.clear) && !slots.admits(.first))
    }

    @Test("steps without a reload before them change nothing")
    func outOfTurn() {
        var slots = KeySlots(isSealed: true)
        let before = slots
        slots.select()
        slots.settle()
        #expect(slots == before)
        slots.prepare(isSealed: true)
        slots.settle()
        #expect(slots.admits(.first) && slots.admits(.second) && slots.inUse == .first)
    }
}
