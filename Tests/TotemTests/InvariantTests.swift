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
    private static let (me, other) = (NodeID(1), NodeID(2))

    /// A ring of this node with a number that much from the present one's.
    private static func ring(_ ring: TotemRing, _ step: Int64) -> RingID {
        RingID(representative: me, sequence: UInt64(Int64(ring.ringID.sequence) + step))
    }

    /// Begins to form a newer ring, as in COMMIT and RECOVERY, with a commit token.
    private static func form(_ ring: inout TotemRing, members: [NodeID] = [me]) -> CommitToken {
        ring.numbers.begin(Self.ring(ring, 4))
        return CommitToken(
            header: PacketHeader(type: .commitToken, nodeID: me), tokenSequence: 0, ringID: ring.ringID, memberIndex: 0,
            addresses: members, members: Array(repeating: .unset, count: members.count))
    }

    /// Stores messages behind the highest.
    private static func receive(_ count: Int, _ ring: inout TotemRing) {
        for _ in 0..<count { ring.reception.store(ring.pool.acquire(), at: ring.reception.highest.next) }
    }

    /// Tells the services of a ring.
    private static func announce(_ id: RingID, _ ring: inout TotemRing) {
        ring.announce(ConfigurationChange(kind: .regular, ringID: id, members: [me], joined: []))
        let (pool, configured, defects) = (ring.pool, ring.configured, ring.defects)
        while ring.delivery.next(in: pool, configured: configured, statistics: &ring.statistics, planted: defects)
            != nil
        {}
    }

    private static let damages: [(RingInvariant, Damage)] = [
        (.ringsGoForward, { $0.numbers.begin(ring($0, -4)) }),
        (.worksInInstalledRing, { $0.numbers.begin(ring($0, 4)) }),
        (.amMember, { $0.members = [other] }),
        (.amMember, { $0.ringOrder = [other] }),
        (.lowestRepresents, { $0.ringOrder = [other, me] }),
        (.tokenGoesToNext, { $0.visits.begin(target: other, start: .zero) }),
        (.amCandidate, { $0.proposal.restrict(to: [other]) }),
        (.opinionsRest, { $0.proposal.add(other) }),
        (.opinionsRest, { $0.proposal.fail(other) }),
        (.trustMyself, { $0.proposal.fail(me) }),
        (.listsAreBounded, { $0.proposal.install((1...385).map { NodeID($0) }) }),
        (
            .attemptIsPresentRing,
            {
                let token = form(&$0, members: [me, other]); $0.state = .commit(.init(token: token))
            }
        ),
        (
            .comeAlongFromBoth,
            {
                let token = form(&$0)
                $0.state = .recovery(
                    .init(
                        token: token, transitional: [other], old: Reception(), retransmissions: FIFO(),
                        installSequence: .zero))
            }
        ),
        (.lossIsNoticed, { $0.timers.cancel(.tokenLoss) }),
        (.keepsTokenCopy, { $0.visits.begin(target: me, start: .zero) }),
        (
            .holdsAsRepresentative,
            {
                $0.state = .idle; $0.timers.start(.hold, milliseconds: 9 as UInt32, now: now)
            }
        ),
        (
            .restsInOperational,
            {
                var token = ORFToken(
                    header: PacketHeader(type: .orfToken, nodeID: me), sequence: .zero, tokenSequence: .zero,
                    aru: .zero, aruAddress: .none, ringID: $0.ringID, retransFlag: 0)
                $0.visits.forward(&token, from: me, held: true)
                $0.state = .gather(.init(consensus: [me], since: now))
            }
        ),
        (.silentWhenIdle, { $0.state = .idle }),
        (.gatheringEnds, { $0.state = .gather(.init(consensus: [me], since: now)) }),
        (.agreeWithMyself, { $0.state = .gather(.init(consensus: [], since: now)) }),
        (.receivedInOrder, { $0.reception.release(through: $0.reception.highest.next, into: &$0.pool) }),
        (
            .deliveredInOrder,
            {
                receive(1, &$0)
                $0.reception.advanceARU()
                $0.reception.release(through: $0.reception.aru, into: &$0.pool)
            }
        ),
        (.aruReachesGap, { receive(1, &$0) }),
        (
            .windowBeginsBehindFreed,
            {
                let before = $0.reception.highest
                receive(4, &$0)
                $0.reception.advanceARU()
                while $0.reception.deliverNext() != nil {}
                for count: UInt32 in [4, 2] {
                    $0.reception.release(through: before.advanced(by: count), into: &$0.pool)
                }
            }
        ),
        (.everyBufferHasPlace, { _ = $0.pool.acquire() }),
        (.aruBehindSequence, { $0.visits.install(start: $0.visits.sequence.next) }),
        (
            .outboxHasBytes,
            { $0.outbox.packets.append(OutgoingPacket(destination: .everyone, payload: .control(0..<1_000_000))) }
        ),
        (.servicesFollow, { announce(ring($0, 4), &$0) }),
        (
            .ordinaryAfterAcknowledgement,
            {
                announce(ring($0, -4), &$0)
                $0.sendQueues.acknowledge(bringing: nil, frameSize: 1000, pool: &$0.pool)
            }
        ),
        (
            .keepsInOperational,
            {
                $0.enterGather(.accusation, now: Instant(nanoseconds: 1_000_000_000_000))
                $0.timers.start(.backPressure, nanoseconds: 1000, now: Instant(nanoseconds: 1_000_000_000_000))
            }
        ),
    ]

    @Test("what is damaged is named", arguments: damages.indices)
    func damaged(index: Int) {
        let (invariant, damage) = Self.damages[index]
        var ring = operational()
        damage(&ring)
        #expect(ring.brokenInvariant() == invariant)
    }

    @Test("every invariant is looked at, but for one that no call from outside its part can break")
    func complete() {
        let broken = Self.damages.map(\.0)
        #expect(RingInvariant.allCases.filter { !broken.contains($0) } == [.storesPresentRing])
    }
}
