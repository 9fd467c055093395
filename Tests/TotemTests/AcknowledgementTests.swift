import Basics
import Testing
import TotemWire

@testable import Totem

@Suite("The end of a synchronisation")
struct AcknowledgementTests {
    @Test("an acknowledgement that comes before a newer change does not count for that change")
    func late() {
        let now = Instant(nanoseconds: 1_000_000)
        var ring = TotemRing(
            me: NodeID(1), configured: [NodeID(1), NodeID(2)], parameters: RingParameters(), storedRingSequence: 0)
        ring.start(now: now)
        ring.forceGather(now: now)
        // Two rings have been installed; the services have not heard of either.
        var installed: [RingID] = []
        while let event = ring.nextEvent() {
            guard case .configuration(let change) = event, change.kind == .regular else { continue }
            installed.append(change.ringID)
            if installed.count == 1 {
                ring.acknowledgeConfiguration(now: now)
                #expect(ring.sendQueues.awaitsAcknowledgement)
            }
        }
        #expect(installed.count == 2)
        ring.acknowledgeConfiguration(now: now)
        #expect(!ring.sendQueues.awaitsAcknowledgement)
    }

    @Test("what services send before they hear of a new ring waits for the end of its synchronisation")
    func behind() {
        let now = Instant(nanoseconds: 1_000_000)
        var ring = TotemRing(
            me: NodeID(1), configured: [NodeID(1), NodeID(2)], parameters: RingParameters(), storedRingSequence: 0)
        ring.start(now: now)
        ring.forceGather(now: now)
        let body: [UInt8] = [1, 2, 3]
        var regular = 0
        while let event = ring.nextEvent() {
            guard case .configuration(let change) = event, change.kind == .regular else { continue }
            regular += 1
            if regular == 1 {
                // At rest in the first of two rings, with the second installed already.
                ring.acknowledgeConfiguration(now: now)
                let isTaken = ring.submit(body.span, group: .services, now: now)
                #expect(isTaken)
                #expect(!ring.hasUnsentMessages)
            } else {
                // Synchronisation's own messages go at once, and first.
                let isTaken = ring.submit(body.span, group: .synchronization, now: now)
                #expect(isTaken)
                #expect(ring.hasUnsentMessages)
            }
        }
        #expect(regular == 2)
        #expect(ring.framesWaiting == 2)
    }
}
