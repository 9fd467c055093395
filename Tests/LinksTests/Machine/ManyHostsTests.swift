import Basics
import Testing
import TotemWire

@testable import Links

/// The largest ring that a configuration can have: 384 nodes with eight links each. One machine is real; its peers answer all
/// that they are asked.
@Suite struct ManyHostsTests {
    private static let hosts: ClosedRange<UInt16> = 2...384
    private static let links: ClosedRange<UInt8> = 0...7
    private static var linkCount: Int { hosts.count * links.count }

    /// What the machine had to do in some time.
    private struct Work {
        /// Calls for which nothing but time was a reason.
        var wakes = 0
        var pings = 0
        /// Probes to each host.
        var probes: [UInt16: Int] = [:]
    }

    private static func address(_ node: UInt16, _ link: UInt8) -> SocketAddress {
        SocketAddress(.v4(0x0A00_0000 | UInt32(link) << 16 | UInt32(node)), port: 5405 + UInt16(link))
    }

    private static func machine(
        links: ClosedRange<UInt8> = links, settings: KnetSettings = KnetSettings(), now: Instant
    ) throws -> KnetLinks {
        var machine = KnetLinks(me: HostID(1), settings: settings, secret: LinkSecret(1, 2), now: now)
        for host in hosts {
            for number in links {
                let settings = LinkSettings(
                    number: try #require(LinkNumber(number)), own: address(1, number), remote: address(host, number),
                    timing: LinkTiming(pingInterval: 750, timeout: 1500))
                try machine.add(settings, to: HostID(host), now: now)
            }
        }
        return machine
    }

    /// What a peer has answered.
    private struct Answer {
        var host: UInt16
        var link: UInt8
        var datagram: [UInt8]
    }

    /// Lets time pass; whatever the machine asks of another is answered half a millisecond later. Interfaces carry 1500 bytes.
    ///
    /// - Parameter narrow: a host on the way to which longer packets than 1000 bytes vanish.
    private static func run(
        _ machine: inout KnetLinks, from start: Instant, milliseconds: UInt64, narrow: UInt16? = nil
    ) -> Work {
        var work = Work()
        let end = start.adding(milliseconds: milliseconds)
        var now = start
        var answers: [Answer] = []
        collect(&answers, from: &machine, &work, narrow, now: now)
        while true {
            let arrived = answers
            answers = []
            if arrived.isEmpty {
                guard let wake = machine.nextDeadline, wake <= end else { return work }
                now = max(now, wake)
                work.wakes += 1
            } else {
                now = now.adding(nanoseconds: 500_000)
            }
            for answer in arrived {
                _ = machine.receive(
                    answer.datagram.span, from: address(answer.host, answer.link), on: SocketNumber(answer.link),
                    openedWith: .clear, now: now)
                collect(&answers, from: &machine, &work, narrow, now: now)
            }
            machine.advance(to: now)
            collect(&answers, from: &machine, &work, narrow, now: now)
        }
    }

    /// Sends what the machine wants sent.
    private static func collect(
        _ answers: inout [Answer], from machine: inout KnetLinks, _ work: inout Work, _ narrow: UInt16?, now: Instant
    ) {
        while machine.nextEvent() != nil {}
        while let packet = machine.nextOutgoing() {
            for number in 0..<packet.targetCount {
                let target = machine.target(number, of: packet)
                guard let asked = try? KnetPacket(decoding: machine.datagram(0, of: packet)) else { continue }
                let answer: KnetPacket
                switch asked {
                case .ping(let ping):
                    work.pings += 1
                    answer = .pong(ping.answer(from: target.host))
                case .probe(let probe) where probe.packetSize > 1500:
                    machine.refused(packet, to: target, because: .tooLong(mtu: 1500), now: now)
                    continue
                case .probe(let probe):
                    work.probes[target.host.rawValue, default: 0] += 1
                    if target.host.rawValue == narrow, probe.packetSize > 1000 { continue }
                    answer = .probeReply(probe.answer(from: target.host))
                case .data, .pong, .probeReply: continue
                }
                var writer = ByteWriter(capacity: 64)
                answer.encode(into: &writer)
                answers.append(
                    Answer(host: target.host.rawValue, link: target.link.rawValue, datagram: writer.take()))
            }
        }
    }

    @Test("all links come up, and then cost a ping an interval each and a few wakes")
    func answered() throws {
        let start = Instant(nanoseconds: 1_000_000_000)
        var machine = try Self.machine(now: start)
        _ = Self.run(&machine, from: start, milliseconds: 10_000)
        let links = Self.hosts.flatMap { machine.links(to: NodeID(UInt32($0))) }
        #expect(links.count == Self.linkCount && links.allSatisfy(\.isConnected))
        #expect(links.count { $0.mtu == 1446 } == Self.linkCount)
        let work = Self.run(&machine, from: start.adding(milliseconds: 10_000), milliseconds: 7500)
        // Ten intervals; the ends of the time may cut one off or add one.
        #expect((9 * Self.linkCount...11 * Self.linkCount).contains(work.pings), "\(work)")
        // Links are pinged together: whoever is woken for each one would look at all of them thousands of times.
        #expect(work.wakes <= 200, "\(work)")
    }

    @Test("whether long datagrams still pass is asked of no more hosts a second in a large ring than in a small one")
    func questions() throws {
        var now = Instant(nanoseconds: 1_000_000_000)
        var machine = try Self.machine(links: 0...0, settings: KnetSettings(probeInterval: 1_000_000), now: now)
        _ = Self.run(&machine, from: now, milliseconds: 10_500)
        now = now.adding(milliseconds: 10_500)
        /// A second in which messages of 600 bytes go to all.
        func second(_ narrow: UInt16? = nil) -> [UInt16: Int] {
            var probes: [UInt16: Int] = [:]
            for _ in 0..<4 {
                _ = machine.send(TestNetwork.packet(600).span, to: .everyone, now: now)
                probes.merge(
                    Self.run(&machine, from: now, milliseconds: 250, narrow: narrow).probes, uniquingKeysWith: +)
                now = now.adding(milliseconds: 250)
            }
            return probes
        }
        var asked: [UInt16: Int] = [:]
        var most = 0
        for _ in 0..<40 {
            let probes = second()
            most = max(most, probes.values.reduce(0, +))
            asked.merge(probes, uniquingKeysWith: +)
        }
        #expect(most <= QuestionTurn.hostsASecond, "\(most) in a second")
        #expect(Self.hosts.allSatisfy { (2...4).contains(asked[$0] ?? 0) }, "\(asked)")
        // Each turn comes every twelve seconds; three questions in vain are proof.
        for _ in 0..<14 { _ = second(200) }
        #expect(machine.links(to: NodeID(200)).map(\.mtu) == [946])
        let data = machine.dataMTU
        #expect(data == 946)
    }

    @Test("links that never answer cost no more")
    func silence() throws {
        let start = Instant(nanoseconds: 1_000_000_000)
        var machine = try Self.machine(now: start)
        var now = start
        var wakes = 0
        var pings = 0
        while let wake = machine.nextDeadline, wake <= start.adding(milliseconds: 15_000) {
            now = max(now, wake)
            wakes += 1
            machine.advance(to: now)
            while let packet = machine.nextOutgoing() { pings += packet.targetCount }
            while machine.nextEvent() != nil {}
        }
        let isReachable = machine.isReachable(NodeID(2))
        #expect(!isReachable)
        #expect(pings <= 21 * Self.linkCount, "\(pings)")
        #expect(wakes <= 400, "\(wakes)")
    }

    @Test("a packet for all goes out once for each host, and is counted")
    func toAll() throws {
        let start = Instant(nanoseconds: 1_000_000_000)
        var machine = try Self.machine(now: start)
        _ = Self.run(&machine, from: start, milliseconds: 10_000)
        let packet = TestNetwork.packet(200)
        let outcome = machine.send(packet.span, to: .everyone, now: start.adding(milliseconds: 10_000))
        #expect(outcome == .queued)
        var targets = 0
        while let packet = machine.nextOutgoing() { targets += packet.targetCount }
        #expect(targets == Self.hosts.count)
        let own = machine.links(to: NodeID(1))
        #expect(own.first?.statistics.sent.data.packets == 1)
    }
}
