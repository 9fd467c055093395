import Basics
import Testing
import TotemWire

@testable import Totem

/// Packets that bear a member's address and are not its own: a ring whose token goes round is not given up for them.
@Suite("Forged packets of members")
struct ForgeryTests {
    /// A ring of three, an idle one or one under load.
    private func ring() -> PerfectNetwork {
        var network = PerfectNetwork(nodes: 3)
        network.startAll()
        network.run(milliseconds: 1000)
        return network
    }

    private func mergeDetect(from id: UInt32, ahead: UInt64, of network: PerfectNetwork) -> [UInt8] {
        var writer = ByteWriter()
        MergeDetect(
            header: PacketHeader(type: .mergeDetect, nodeID: NodeID(id)), systemFrom: NodeID(id),
            ringID: RingID(representative: NodeID(id), sequence: network.rings[0].ringID.sequence + ahead)
        ).encode(into: &writer)
        return writer.bytes
    }

    private func mcast(from id: UInt32, _ sequence: SequenceNumber, _ ring: RingID) -> [UInt8] {
        var writer = ByteWriter()
        McastHeader(
            header: PacketHeader(type: .mcast, encapsulated: Encapsulation.frame, nodeID: NodeID(id)),
            systemFrom: NodeID(id), sequence: sequence, thisSequenceNumber: 0, ringID: ring
        ).encode(into: &writer)
        writer.zeros(60)
        return writer.bytes
    }

    @Test("a merge detect or a message of a member in another ring changes nothing while the token comes")
    func elsewhere() {
        var network = ring()
        let before = network.rings[0].ringID
        for round in 1...200 as ClosedRange<UInt64> {
            let victim = Int(round % 3)
            let member = UInt32((round + 1) % 3 + 1)
            network.inject(victim, mergeDetect(from: member, ahead: 4 * round, of: network))
            let other = RingID(representative: NodeID(member), sequence: before.sequence + 4 * round)
            network.inject(victim, mcast(from: member, SequenceNumber(1), other))
            network.run(milliseconds: 37)
        }
        #expect(network.rings.allSatisfy { $0.isOperational && $0.ringID == before })
    }

    @Test("what bears the receiver's own id and comes from the network is dropped, counted and named")
    func ownName() {
        var network = ring()
        let before = network.rings[0].ringID
        let other = RingID(representative: NodeID(1), sequence: before.sequence + 40)
        let next = network.rings[0].progress.highest.next
        let dropped = network.rings[0].statistics.receivedDropped
        network.inject(0, mergeDetect(from: 1, ahead: 40, of: network))
        network.inject(0, mcast(from: 1, SequenceNumber(1), other))
        network.inject(0, mcast(from: 1, next, before))
        network.inject(0, mcast(from: 1, next.advanced(by: 3), before))
        #expect(network.rings[0].statistics.receivedDropped == dropped + 4)
        #expect(network.log[0].count { $0.contains("it bears my own id") } == 4)
        #expect(network.rings[0].progress.highest.next == next)
        network.run(milliseconds: 5000)
        #expect(network.rings.allSatisfy { $0.isOperational && $0.ringID == before })
    }

    @Test("a flood of forged packets costs a few lines, and none goes uncounted")
    func flood() {
        var network = ring()
        let ring = network.rings[0].ringID
        let before = network.rings[0].statistics.receivedDropped
        var limiter = LineLimiter()
        var (lines, omitted) = (0, 0)
        func write(_ sums: [LogLine]) {
            lines += sums.count
            for sum in sums { omitted += sum.text.split(separator: " ").first.flatMap { Int($0) } ?? 0 }
        }
        network.notices[0] = []
        for _ in 0..<3000 {
            network.inject(0, mcast(from: 1, network.rings[0].progress.highest.next, ring))
            network.run(milliseconds: 20)
            write(limiter.sumUp(now: network.now))
            for notice in network.notices[0] {
                let line = LogLine(notice.severity, notice.subsystem, notice.text)
                guard notice.kind.map({ limiter.admits(line, $0, now: network.now) }) ?? true else { continue }
                lines += 1
            }
            network.notices[0] = []
        }
        #expect(lines < 80)
        let written = lines
        write(limiter.sumUp(now: network.now, isLast: true))
        #expect(network.rings[0].statistics.receivedDropped == before + 3000)
        #expect(omitted > 3000 - written)
        #expect(network.rings.allSatisfy { $0.isOperational && $0.ringID == ring })
    }

    @Test("in GATHER too, messages of the ring that is left are taken from others only, not in the own name")
    func ownNameInGather() {
        var network = ring()
        let before = network.rings[0].ringID
        network.kill(1)
        network.kill(2)
        network.run(milliseconds: 4000)
        #expect(network.rings[0].phase == .gather && network.rings[0].ringID == before)
        let next = network.rings[0].progress.highest.next
        let dropped = network.rings[0].statistics.receivedDropped
        network.inject(0, mcast(from: 1, next, before))
        #expect(network.rings[0].progress.highest.next == next)
        #expect(network.rings[0].statistics.receivedDropped == dropped + 1)
        network.inject(0, mcast(from: 2, next, before))
        #expect(network.rings[0].phase == .gather && network.rings[0].progress.highest == next)
    }

    /// Its number was only claimed, by a falsified token.
    @Test("of a message that nobody has, nobody says that it is too large")
    func messageOfNobody() throws {
        var network = ring()
        let last = network.rings[2].visits.copy.bytes
        var token = try ORFToken(decoding: last.span, header: try PacketHeader(decoding: last.span))
        token.tokenSequence = token.tokenSequence.advanced(by: 3)
        token.sequence = token.sequence.next
        var writer = ByteWriter()
        token.encode(into: &writer)
        network.inject(0, writer.bytes)
        network.run(milliseconds: 40_000)
        #expect(network.log.contains { $0.contains { $0.hasPrefix("Retransmit List: ") } })
        for notices in network.notices {
            #expect(!notices.contains { if case .messageStuck = $0 { true } else { false } })
        }
    }

    @Test("my own messages that others repeat are no forgeries")
    func repetition() {
        var network = ring()
        // Node 2 asks for it, and the token is with node 3 before it is with me.
        network.passes = { from, to, bytes in
            bytes[3] != PacketType.mcast.rawValue || from != NodeID(1) || to != NodeID(2)
        }
        let accepted = network.send(0, "to all")
        #expect(accepted)
        network.run(milliseconds: 3000)
        #expect(network.messages[1] == ["to all"])
        #expect(network.rings[2].statistics.mcastRetransmitted > 0)
        #expect(!network.log[0].contains { $0.contains("it bears my own id") })
    }

    @Test("a message in my own name does not take the place of another member's that was lost on its way to me")
    func place() {
        var network = ring()
        let next = network.rings[0].progress.highest.next
        network.passes = { from, to, bytes in bytes[3] != PacketType.mcast.rawValue || to != NodeID(1) }
        let accepted = network.send(1, "the real one")
        #expect(accepted)
        network.run(milliseconds: 500)
        #expect(network.messages[2] == ["the real one"])
        network.inject(0, mcast(from: 1, next, network.rings[0].ringID))
        #expect(network.log[0].contains { $0.contains("it bears my own id") })
        network.passes = { _, _, _ in true }
        network.run(milliseconds: 3000)
        #expect(network.messages[0] == ["the real one"])
    }

    @Test("a message in my own name that the others have stored and the token has counted does not stop the ring")
    func stored() {
        var network = ring()
        let ring = network.rings[0].ringID
        let last = network.rings[0].progress.highest
        var tokens: SequenceNumber = .zero
        for index in 1...2 { network.inject(index, mcast(from: 1, last.next, ring)) }
        network.passes = { _, to, bytes in
            if bytes[3] == PacketType.orfToken.rawValue, to == NodeID(2),
                let header = try? PacketHeader(decoding: bytes.span),
                let token = try? ORFToken(decoding: bytes.span, header: header)
            {
                tokens = token.tokenSequence
            }
            return true
        }
        network.run(milliseconds: 1000)
        var token = ByteWriter()
        ORFToken(
            header: PacketHeader(type: .orfToken, nodeID: NodeID(1)), sequence: last.next,
            tokenSequence: tokens.advanced(by: 100), aru: last, aruAddress: NodeID(1), ringID: ring
        ).encode(into: &token)
        network.inject(1, token.bytes)
        let accepted = network.send(0, "afterwards")
        #expect(accepted)
        network.run(milliseconds: 30_000)
        #expect(network.rings.allSatisfy { $0.isOperational })
        for node in 0...2 { #expect(network.messages[node].contains("afterwards")) }
    }

    /// Neither its join nor its farewell was heard; the others have only its merge detect to go by.
    @Test("a member that is really elsewhere is found before the token is lost")
    func restarted() {
        var network = ring()
        let before = network.rings[0].ringID
        network.kill(2)
        network.rings[2] = TotemRing(
            me: NodeID(3), configured: network.rings[0].configured, parameters: RingParameters(),
            storedRingSequence: before.sequence)
        network.passes = { from, _, bytes in from != NodeID(3) || bytes[3] != PacketType.join.rawValue }
        network.start(2)
        network.run(milliseconds: 100)
        network.passes = { _, _, _ in true }
        let parameters = RingParameters()
        network.run(
            milliseconds: UInt64(parameters.hold) * 2 + UInt64(parameters.merge + parameters.tokenRetransmit + 100))
        #expect(network.rings.allSatisfy { $0.isOperational && $0.members.count == 3 && $0.ringID != before })
        #expect(!network.log[0].contains { $0.contains("A processor failed") })
    }
}
