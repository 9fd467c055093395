import Basics
import Testing

@testable import Daemon

/// Nobody fills the log from outside, and what is left out is told.
struct LineLimiterTests {
    private var limiter = LineLimiter()
    private let start = Instant(nanoseconds: 1_000_000_000_000)

    private static func line(_ text: String) -> LogLine { LogLine(.error, .main, text) }

    private mutating func write(_ count: Int, _ kind: LineKind, at milliseconds: UInt64) -> (lines: Int, sums: [String])
    {
        let now = start.adding(milliseconds: milliseconds)
        var lines = 0
        var sums: [String] = []
        for number in 0..<count {
            sums += limiter.sumUp(now: now).map(\.text)
            if limiter.admits(Self.line("denied \(number)"), kind, now: now) { lines += 1 }
        }
        return (lines, sums)
    }

    @Test mutating func `A few lines pass, the rest is counted and told when the time is over`() {
        #expect(write(10_000, .deniedUser(7), at: 0) == (LineLimiter.allowance, []))
        #expect(limiter.deadline == start.adding(milliseconds: 1000))
        #expect(limiter.sumUp(now: start.adding(milliseconds: 999)).isEmpty)
        let sums = limiter.sumUp(now: start.adding(milliseconds: 1000))
        #expect(sums == [Self.line("9990 more lines like this were left out in 1 s: denied 9")])
        #expect(limiter.deadline == nil)
    }

    @Test mutating func `One flood does not hide another user's line`() {
        #expect(write(100, .deniedUser(7), at: 0).lines == LineLimiter.allowance)
        #expect(write(1, .deniedUser(8), at: 0).lines == 1)
        #expect(write(1, .foreignDatagram, at: 0).lines == 1)
    }

    @Test mutating func `A flood that goes on costs a few lines a minute; when it is over it is forgotten`() {
        var lines = 0
        for second: UInt64 in 0..<3600 {
            let written = write(50, .foreignDatagram, at: second * 1000)
            lines += written.lines + written.sums.count
        }
        #expect(lines < 70 * (LineLimiter.allowance + 1))
        #expect(!limiter.sumUp(now: start.adding(milliseconds: 3_700_000)).isEmpty)
        #expect(limiter.sumUp(now: start.adding(milliseconds: 3_800_000)).isEmpty)
        #expect(write(LineLimiter.allowance, .foreignDatagram, at: 3_801_000) == (LineLimiter.allowance, []))
        #expect(limiter.sumUp(now: start.adding(milliseconds: 3_802_000)).isEmpty)
    }

    /// Lines and their sums, of lines that come at these times.
    private mutating func cost(
        _ kinds: (UInt64) -> [LineKind], of each: Int, every milliseconds: UInt64, for time: UInt64
    ) -> Int {
        var lines = 0
        for moment in stride(from: 0, to: time, by: UInt64.Stride(milliseconds)) {
            for kind in kinds(moment) {
                let written = write(each, kind, at: moment)
                lines += written.lines + written.sums.count
            }
        }
        return lines
    }

    @Test(arguments: [
        (LineLimiter.allowance, 1000), (LineLimiter.allowance - 1, 1000), (1, 100), (LineLimiter.allowance, 2500),
        (LineLimiter.allowance + 1, 3100), (LineLimiter.allowance, 61_000),
    ])
    mutating func `Just as many lines as are allowed, in whatever bursts, cost no more than a flood`(
        each: Int, every milliseconds: Int
    ) {
        #expect(cost({ _ in [.foreignDatagram] }, of: each, every: UInt64(milliseconds), for: 3_600_000) < 70 * 11)
    }

    @Test mutating func `Endless kinds take no endless memory, and are limited together`() {
        var lines = 0
        for user: UInt32 in 0..<100_000 { lines += write(1, .deniedUser(user), at: 0).lines }
        #expect(lines == LineLimiter.familyAllowance)
        #expect(limiter.sumUp(now: start.adding(milliseconds: 1000)).count == 1)
    }

    @Test(arguments: [1, 20])
    mutating func `Users with many ids write no more over time than one, and hide nobody else`(each: Int) {
        var next: UInt32 = 0
        let many: (UInt64) -> [LineKind] = { _ in
            next += 64
            return (next..<next + 64).map { .deniedUser($0 % 65_536) }
        }
        #expect(cost(many, of: each, every: 1000, for: 180_000) < 3 * 30 + LineLimiter.familyAllowance)
        let now: UInt64 = 180_000
        #expect(write(1, .packet, at: now).lines == 1)
        #expect(write(1, .message(from: NodeID(3)), at: now).lines == 1)
        #expect(write(1, .silentUser(1), at: now).lines == 1)
    }

    @Test mutating func `A line now and then is never left out`() {
        for minute: UInt64 in 0..<1000 { #expect(write(5, .packet, at: minute * 60_000) == (5, [])) }
    }

    @Test mutating func `At the end of the log nothing is kept back`() {
        _ = write(12, .foreignDatagram, at: 0)
        let sums = limiter.sumUp(now: start.adding(milliseconds: 10), isLast: true)
        #expect(sums.map(\.text) == ["2 more lines like this were left out in 1 s: denied 9"])
    }
}
