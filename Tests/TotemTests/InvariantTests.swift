import Basics
import Testing
import TotemWire

@testable import Totem

/// That the machine's own invariants are looked at: each hand laid on a sound machine is noticed, under the right name.
@Suite("Invariants of the ring machine")
struct InvariantTests {
    private static let now = Instant(nanoseconds: 1_000_000)

    /// A machine alone in its ring.
    private func operational(rests: Bool = false) -> TotemRing {
        var parameters = RingParameters()
        if !rests { parameters.sequenceUnchangedConstant = .max }
        var ring = TotemRing(
            me: NodeID(1), configured: [NodeID(1), NodeID(2)], parameters: parameters, storedRingSequence: 0)
        ring.start(now: Self.now)
        _ = ring.takeSequenceToStore()
        while ring.nextEvent() != nil {}
        while ring.nextPacket() != nil {}
        return ring
    }

    @Test("a sound machine breaks none, idle, alone in its ring, gathering, and when it has left")
    func sound() {
        var idle = TotemRing(
            me: NodeID(1), configured: [NodeID(1), NodeID(2)], parameters: RingParameters(), storedRingSequence: 7)
        #expect(idle.brokenInvariant() == nil)
        var ring = operational()
        #expect(ring.isOperational)
        #expect(ring.brokenInvariant() == nil)
        ring.leave(now: Self.now)
        #expect(ring.brokenInvariant() == nil)
    }

    @Test("a machine that has left a resting ring says nothing more, though its services do")
    func afterLeaving() {
        var ring = operational(rests: true)
        #expect(ring.visits.isHeld)
        ring.leave(now: Self.now)
        while ring.nextPacket() != nil {}
        let body: [UInt8] = [1]
        _ = ring.submit(body.span, group: .services, now: Self.now)
        #expect(ring.outgoingCount == 0)
        #expect(ring.brokenInvariant() == nil)
    }

    typealias Damage = @Sendable (inout TotemRing) -> Void
    private static let damages: [(RingInvariant, Damage)] = [
        (.amMember, { $0.members = [NodeID(2)] }),
        (.amMember, { $0.ringOrder = [NodeID(2)] }),
        (.lowestRepresents, { $0.ringOrder = [NodeID(2), NodeID(1)] }),
        (.lossIsNoticed, { $0.timers.cancel(.tokenLoss) }),
        (
            .holdsAsRepresentative,
            {
                $0.state = .idle; $0.timers.start(.hold, milliseconds: 9 as UInt32, now: now)
            }
        ),
        (.silentWhenIdle, { $0.state = .idle }),
        (.gatheringEnds, { $0.state = .gather(.init(consensus: [NodeID(1)], since: now)) }),
        (.agreeWithMyself, { $0.state = .gather(.init(consensus: [], since: now)) }),
        (.receivedInOrder, { $0.reception.aru = $0.reception.highest.next }),
        (.deliveredInOrder, { $0.reception.delivered = $0.reception.aru.next }),
        (
            .windowBeginsBehindFreed,
            {
                let far = $0.reception.released.advanced(by: 3)
                ($0.reception.released, $0.reception.delivered, $0.reception.aru, $0.reception.highest) = (
                    far, far, far, far
                )
            }
        ),
        (.everyBufferHasPlace, { _ = $0.pool.acquire() }),
    ]

    @Test("what is damaged is named", arguments: damages.indices)
    func damaged(index: Int) {
        let (invariant, damage) = Self.damages[index]
        var ring = operational()
        damage(&ring)
        #expect(ring.brokenInvariant() == invariant)
    }
}
