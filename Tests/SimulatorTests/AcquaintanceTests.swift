import Testing

@testable import Simulator

@Suite("What links are asked to make of a host's packets")
struct AcquaintanceTests {
    private func packet(_ number: UInt64) -> PacketOrigin {
        PacketOrigin(kind: .data, sender: 0, life: 1, number: number)
    }

    @Test(
        "a host that counts on behind the window may be followed after eight packets, also where the first came too early"
    )
    func persistence() {
        var known = Acquaintance()
        func expect(_ number: UInt64, isSettled: Bool) -> Acquaintance.Expectation {
            known.expect(packet(number), isReplayed: false, isSettled: isSettled, belief: 0, now: 1)
        }
        _ = expect(10_000, isSettled: true)
        known.noteDelivered(packet(10_000), isSettled: true)
        for number in 1...3 as ClosedRange<UInt64> { #expect(expect(number, isSettled: false) == .either) }
        for number in 4...7 as ClosedRange<UInt64> { #expect(expect(number, isSettled: true) == .refuse(.once)) }
        #expect(expect(8, isSettled: true) == .either)
    }

    @Test("what came before it could be known whose it was may be refused when it comes again")
    func early() {
        var known = Acquaintance()
        func expect(_ number: UInt64, isSettled: Bool) -> Acquaintance.Expectation {
            known.expect(packet(number), isReplayed: false, isSettled: isSettled, belief: 0, now: 1)
        }
        #expect(expect(5, isSettled: false) == .either)
        _ = expect(20, isSettled: true)
        known.noteDelivered(packet(20), isSettled: true)
        #expect(expect(5, isSettled: true) == .either)
        #expect(expect(6, isSettled: true) == .deliver)
        #expect(expect(20, isSettled: true) == .refuse(.once))
    }
}
