import Basics
import Testing
import TotemWire

@testable import ClusterEngine
@testable import Totem

@Suite("What is said of lost messages")
struct LossReportTests {
    /// A ring in which large packets do not get to node 3 once it is formed.
    private func ring() throws -> VirtualCluster {
        var cluster = try VirtualCluster(nodes: 3)
        try cluster.start()
        try #require(cluster.run(upTo: 10_000) { $0.isSynchronized && $0.ring.members.count == 3 })
        cluster.arrives = { destination, bytes in destination != 2 || bytes.count < 1000 }
        return cluster
    }

    private func list(_ sequences: [UInt32], lacking node: UInt32) -> RingNotice {
        var list = RetransmitList()
        for sequence in sequences { list.append(RetransmitEntry(ringID: .none, sequence: SequenceNumber(sequence))) }
        return .retransmitList(RequestedMessages(list), lacking: NodeID(node))
    }

    private func send(_ cluster: inout VirtualCluster, bytes: Int) {
        let message = [UInt8](repeating: 7, count: bytes)
        _ = cluster.with(0) { engine, now in engine.ring.submit(message.span, group: .services, now: now) }
    }

    @Test("one line says which node, how large, and what to try, and the lists do not fill the log")
    func largePacketsDoNotArrive() throws {
        var cluster = try ring()
        send(&cluster, bytes: 1300)
        // Each of 50 visits of the token takes the hold time, since the ring is at rest.
        cluster.run(milliseconds: 40_000)
        for index in 0..<2 {
            let lines = cluster.lines(index).filter { $0.hasPrefix("Tokens arrive at") }
            #expect(lines.count == 1, "\(cluster.lines(index))")
            let line = try #require(lines.first)
            #expect(line.hasPrefix("Tokens arrive at node 3 (10.0.0.3), but message "))
            let words = line.split(separator: " ")
            let size = try #require(words.firstIndex(of: "bytes").flatMap { Int(words[$0 - 1]) })
            #expect((1300...1455).contains(size) && line.contains("ping -M do -s \(size) 10.0.0.3."), "\(line)")
            #expect(line.contains("MTU") && line.contains("firewall") && line.contains("totem.netmtu"))
        }
        let own = cluster.lines(2).filter { $0.hasPrefix("Tokens arrive at") }
        #expect(
            own.count == 1 && own.allSatisfy { $0.hasPrefix("Tokens arrive at this node (10.0.0.3), but message ") })
        #expect(own.allSatisfy { $0.contains("from each other node with ping -M do -s 1455 10.0.0.3.") })
        for index in 0..<3 {
            #expect(cluster.lines(index).count(where: { $0.hasPrefix("Retransmit List: ") }) <= 10)
        }
    }

    @Test("losses that repair themselves are no reason for it")
    func repairedLosses() throws {
        var cluster = try ring()
        var number = 0
        cluster.arrives = { _, bytes in
            number += 1
            return bytes[3] != PacketType.mcast.rawValue || number % 5 != 0
        }
        for _ in 0..<40 {
            send(&cluster, bytes: 1300)
            cluster.run(milliseconds: 100)
        }
        for index in 0..<3 {
            #expect(cluster.lines(index).contains { $0.hasPrefix("Retransmit List: ") })
            #expect(!cluster.lines(index).contains { $0.hasPrefix("Tokens arrive at") })
        }
    }

    @Test("ten lists a minute are written, then a summary each minute, until a minute passes without")
    func summaries() {
        var report = LossReport(names: .init(me: NodeID(1), addresses: [NodeID(2): "10.0.0.2"]))
        var traffic = LossReport.Traffic(messages: 1000, fullPacket: 1455)
        var (lists, summaries): (Int, [String]) = (0, [])
        /// Lists each 100 ms for so many seconds.
        func play(_ seconds: ClosedRange<UInt64>, losing: Bool) {
            for tick in (seconds.lowerBound * 10)..<(seconds.upperBound * 10) {
                let now = Instant(nanoseconds: tick * 100_000_000)
                traffic.messages += 100
                if losing {
                    let verdict = report.take(
                        list([UInt32(tick)], lacking: tick % 4 == 0 ? 1 : 2), now: now, traffic)
                    if case .line = verdict { lists += 1 }
                }
                if report.isDue(now), let line = report.summary(now: now, traffic) { summaries.append(line.text) }
            }
        }
        play(100...230, losing: true)
        #expect(lists == 10)
        #expect(
            summaries == [
                "Retransmit List summary: 591 lists of the last minute are not shown. 601 of 60000 messages (1.0 %) were asked "
                    + "for again. Most were lacked by node 2 (10.0.0.2), in 450 of 601 lists.",
                "Retransmit List summary: 600 lists of the last minute are not shown. 600 of 60000 messages (1.0 %) were asked "
                    + "for again. Most were lacked by node 2 (10.0.0.2), in 450 of 600 lists.",
            ])
        play(230...400, losing: false)
        #expect(summaries.count == 3)
        play(400...402, losing: true)
        #expect(lists == 20)
    }

    @Test("a message is counted once while it is asked for, over the end of the numbers and through other rings")
    func asked() {
        var asked = AskedMessages()
        for round: UInt32 in 0..<3 {
            for offset: UInt32 in 0..<1000 { asked.note(SequenceNumber(UInt32.max - 500 &+ offset &+ 100 * round)) }
        }
        #expect(asked.count == 1200)
        // Its place in the window was another's before.
        asked.note(SequenceNumber(UInt32.max - 500).advanced(by: 16_384))
        #expect(asked.count == 1201)
        asked.note(SequenceNumber(1 << 30))
        #expect(asked.count == 1202)
        asked.forgetNumbers()
        asked.note(SequenceNumber(1))
        #expect(asked.count == 1203)
        asked.beginCount()
        asked.note(SequenceNumber(1))
        #expect(asked.count == 1)
    }

    @Test("FAILED TO RECEIVE stays, and is explained once a minute")
    func failedToReceive() {
        var report = LossReport(names: .init(me: NodeID(1)))
        let traffic = LossReport.Traffic(messages: 0, fullPacket: 1455)
        var explanations = 0
        for second in 0..<90 {
            switch report.take(.failedToReceive, now: Instant(nanoseconds: UInt64(second) * 1_000_000_000), traffic) {
            case .line: break
            case .nothing: Issue.record("the line that tools look for is missing")
            case .explanation(let line, let afterOwnLine):
                explanations += 1
                #expect(afterOwnLine && line.text.hasPrefix("Tokens arrive at this node, but a message does not"))
                #expect(line.text.contains("ping -M do -s 1455 ADDRESS"))
            }
        }
        #expect(explanations == 2)
    }

    @Test("what is lost although it is small is not lost by its size")
    func smallPackets() {
        var report = LossReport(names: .init(me: NodeID(1)))
        let traffic = LossReport.Traffic(messages: 0, fullPacket: 1455)
        let verdict = report.take(
            .messageStuck(SequenceNumber(5), bytes: 120, lacking: NodeID(2)), now: Instant(nanoseconds: 1), traffic)
        guard case .explanation(let line, false) = verdict else {
            Issue.record("no explanation")
            return
        }
        #expect(
            line.text.contains("message 5 of 120 bytes") && line.text.contains("firewall") && !line.text.contains("MTU")
        )
    }
}
