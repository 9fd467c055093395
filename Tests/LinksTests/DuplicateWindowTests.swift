import Links
import Testing

struct DuplicateWindowTests {
    /// Judges and, if it is fresh, delivers.
    static func deliver(
        _ sequence: UInt16, _ window: inout DuplicateWindow, _ rule: DuplicateWindow.BehindRule = .refuse
    ) -> DuplicateWindow.Verdict {
        let verdict = window.judge(sequence, behind: rule)
        if verdict == .fresh { window.markDelivered(sequence) }
        return verdict
    }

    static func ping(_ sequence: UInt16, isForced: Bool = false) throws -> Ping {
        Ping(
            host: HostID(3), link: try #require(LinkNumber(0)), stamp: PingStamp(0, 0), sequence: sequence,
            isForced: isForced)
    }

    /// The `number`th packet of a host that began with 1.
    static func sequence(_ number: Int) -> UInt16 { UInt16((number - 1) % 65_535 + 1) }

    @Test("a packet is taken once, also when copies come by several links")
    func copies() {
        var window = DuplicateWindow()
        for sequence in 1...200 as ClosedRange<UInt16> {
            #expect(Self.deliver(sequence, &window) == .fresh)
            #expect(Self.deliver(sequence, &window) == .duplicate)
        }
        #expect(Self.deliver(150, &window) == .duplicate)
    }

    @Test("a packet that was not delivered may come again, as one for another node does")
    func notDelivered() {
        var window = DuplicateWindow()
        #expect(window.judge(7, behind: .refuse) == .fresh)
        #expect(window.judge(7, behind: .refuse) == .fresh)
        window.markDelivered(7)
        #expect(window.judge(7, behind: .refuse) == .duplicate)
    }

    @Test(
        "late packets are taken up to 4095 before the newest, also behind the wrap", arguments: [5000, 65_535, 66_000])
    func late(_ newest: Int) {
        var window = DuplicateWindow()
        for number in 1...newest where !number.isMultiple(of: 5) {
            #expect(Self.deliver(Self.sequence(number), &window) == .fresh)
        }
        for number in (newest - 4095)...newest {
            let isMissing = number.isMultiple(of: 5)
            #expect(Self.deliver(Self.sequence(number), &window) == (isMissing ? .fresh : .duplicate))
        }
        for number in (newest - 4095)...newest {
            #expect(Self.deliver(Self.sequence(number), &window) == .duplicate)
        }
    }

    @Test("0 is no number: behind 65535 comes 1")
    func wrap() {
        var window = DuplicateWindow()
        for number in 65_530...65_540 { #expect(Self.deliver(Self.sequence(number), &window) == .fresh) }
        #expect(window.top == 65_540)
    }

    @Test("a jump ahead forgets nothing that lies in the window", arguments: [63, 64, 65, 200, 1000, 4000])
    func ahead(_ jump: UInt16) {
        var window = DuplicateWindow()
        for sequence in 1...90 as ClosedRange<UInt16> { _ = Self.deliver(sequence, &window) }
        #expect(Self.deliver(90 + jump, &window) == .fresh)
        for sequence in 1...90 as ClosedRange<UInt16> { #expect(Self.deliver(sequence, &window) == .duplicate) }
        for sequence in 91..<(90 + jump) { #expect(Self.deliver(sequence, &window) == .fresh) }
    }

    @Test("what lies behind the window is refused where the host's life is known, and else begins anew")
    func behind() {
        for number in [4096, 4097, 5000, 30_000] as [UInt16] {
            var window = DuplicateWindow()
            #expect(Self.deliver(40_000, &window) == .fresh)
            #expect(Self.deliver(40_000 - number, &window, .refuse) == .behind)
            #expect(Self.deliver(40_001, &window, .refuse) == .fresh)
            #expect(Self.deliver(40_001 - number, &window, .follow) == .fresh)
            #expect(Self.deliver(40_001 - number, &window, .follow) == .duplicate)
        }
    }

    /// The sequence of numbers that was tried on real nodes.
    @Test("jumps forth and back are followed as libknet does")
    func jumps() {
        var window = DuplicateWindow()
        for sequence in [1000, 999, 5096, 999, 5096, 9193, 1000] as [UInt16] {
            #expect(Self.deliver(sequence, &window, .follow) == .fresh, "\(sequence)")
        }
    }

    @Test("a recorded packet sent again and again is never taken")
    func replayed() {
        var window = DuplicateWindow()
        _ = Self.deliver(20_000, &window)
        for _ in 0..<100 { #expect(Self.deliver(5000, &window) == .behind) }
        #expect(Self.deliver(20_001, &window) == .fresh)
    }

    @Test("a host that goes on counting behind the window is heard in the end")
    func persistent() {
        var window = DuplicateWindow()
        // Something has set the window far ahead of the host.
        _ = Self.deliver(30_000, &window)
        let taken = (1000..<1100).filter { Self.deliver(UInt16($0), &window) == .fresh }
        #expect(taken.count > 90)
        #expect(taken.count < 100)
    }

    @Test("a recorded stretch sent again beside the host's own packets is not taken")
    func interleaved() {
        var window = DuplicateWindow()
        for number in 0..<100 as Range<UInt16> {
            #expect(Self.deliver(30_000 + number, &window) == .fresh)
            #expect(Self.deliver(1000 + number, &window) == .behind)
        }
    }

    @Test("a ping with 0 lets a restarted host begin anew, and one that comes late and is doubted forgets nothing")
    func restart() throws {
        var window = DuplicateWindow()
        for number in 1...100 as ClosedRange<UInt16> { _ = Self.deliver(number, &window) }
        #expect(window.hear(try Self.ping(100), honoursRestart: true) == .none)
        #expect(window.hear(try Self.ping(0), honoursRestart: true) == .restarted)
        for number in 1...50 as ClosedRange<UInt16> { #expect(Self.deliver(number, &window) == .fresh) }
        // The same by another link, behind the first packets.
        #expect(window.hear(try Self.ping(0), honoursRestart: false) == .restartDoubted)
        for number in 1...50 as ClosedRange<UInt16> { #expect(Self.deliver(number, &window) == .duplicate) }
    }

    @Test("a restart that is doubted changes nothing, and can be believed later")
    func doubted() throws {
        var window = DuplicateWindow()
        for number in 1...100 as ClosedRange<UInt16> { _ = Self.deliver(number, &window) }
        _ = window.hear(try Self.ping(100), honoursRestart: false)
        #expect(window.hear(try Self.ping(0), honoursRestart: false) == .restartDoubted)
        #expect(Self.deliver(50, &window) == .duplicate)
        #expect(window.hear(try Self.ping(0), honoursRestart: true) == .restarted)
        #expect(Self.deliver(50, &window) == .fresh)
    }

    @Test("packets of the life before are not taken for late ones of the new life")
    func earlierLife() throws {
        var window = DuplicateWindow()
        _ = Self.deliver(65_000, &window)
        _ = window.hear(try Self.ping(65_000), honoursRestart: true)
        _ = window.hear(try Self.ping(0), honoursRestart: true)
        #expect(Self.deliver(65_001, &window) == .behind)
        #expect(Self.deliver(1, &window) == .fresh)
        #expect(Self.deliver(65_002, &window) == .behind)
    }

    @Test("pings move the window of a host along that sends to others only")
    func overheard() throws {
        var window = DuplicateWindow()
        _ = Self.deliver(1, &window)
        for number in stride(from: 8191, through: 65_528, by: 8191) {
            #expect(window.hear(try Self.ping(UInt16(number), isForced: true), honoursRestart: false) == .none)
        }
        #expect(Self.deliver(65_529, &window) == .fresh)
        #expect(Self.deliver(5, &window) == .fresh)
        #expect(window.top == 65_540)
    }

    @Test("a ping says nothing of the packets just before it: they may still come")
    func pingOvertakes() throws {
        var window = DuplicateWindow()
        _ = Self.deliver(8000, &window)
        _ = window.hear(try Self.ping(8191, isForced: true), honoursRestart: false)
        for number in 8001...8191 as ClosedRange<UInt16> { #expect(Self.deliver(number, &window) == .fresh) }
    }

    @Test("forgetting takes any number")
    func forgotten() {
        var window = DuplicateWindow()
        _ = Self.deliver(30_000, &window)
        window.forget()
        #expect(window.top == nil)
        #expect(Self.deliver(30_000, &window) == .fresh)
    }

    @Test("lost, doubled and reordered packets of three rounds: each once, none that came in time refused")
    func shuffled() {
        var random = Numbers(seed: 7)
        var window = DuplicateWindow()
        var seen: Set<Int> = []
        var taken = 0
        for number in 1...200_000 {
            // Any of the last 4000, most of them near the newest.
            let back = random.below(random.below(10) == 0 ? 4000 : 10)
            let late = max(number - back, 1)
            let verdict = Self.deliver(Self.sequence(late), &window)
            #expect(verdict == (seen.insert(late).inserted ? .fresh : .duplicate))
            taken += verdict == .fresh ? 1 : 0
        }
        #expect(taken == seen.count)
    }
}

/// Numbers that are the same in each run.
struct Numbers {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func below(_ limit: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % limit
    }
}
