import Basics
import ClientProtocol
import Testing

/// Whether what waits for local programs holds back their node (docs/decisions/local-ipc.md).
@Suite struct BackPressureTests {
    private func time(_ milliseconds: UInt64) -> Instant {
        Instant(nanoseconds: 1_000_000_000).adding(milliseconds: milliseconds)
    }

    @Test func itIsOnAboveTheLimitAndOffAtHalfOfIt() {
        var pressure = BackPressure(limit: 1000)
        var changes: [Bool] = []
        var states: [Bool] = []
        for waiting in [1000, 1001, 501, 500, 0] {
            changes.append(pressure.update(waiting: waiting, now: time(0)))
            states.append(pressure.isOn)
        }
        #expect(changes == [false, true, false, true, false])
        #expect(states == [false, true, true, false, false])
    }

    @Test func whatLastsIsToldOnceEachTime() {
        var pressure = BackPressure(limit: 1000)
        var told: [UInt64] = []
        for (moment, waiting) in [
            (0, 2000), (900, 2000), (950, 0), (960, 2000), (1900, 2000), (1960, 600), (3000, 2000),
        ] {
            _ = pressure.update(waiting: waiting, now: time(UInt64(moment)))
            if pressure.takeNews(now: time(UInt64(moment))) { told.append(UInt64(moment)) }
        }
        #expect(told == [1960])
    }

    @Test func aProgramThatHasStoppedReadingCountsForTwoSecondsOnly() {
        #expect(BackPressure.share(of: 5_000, lastRead: time(0), behind: nil, now: time(0)) == 5_000)
        #expect(BackPressure.share(of: 5_000, lastRead: time(0), behind: nil, now: time(2000)) == 5_000)
        #expect(BackPressure.share(of: 5_000, lastRead: time(0), behind: nil, now: time(2001)) == 0)
        #expect(BackPressure.share(of: 5_000, lastRead: time(9000), behind: nil, now: time(0)) == 5_000)
        // Who reads and reads, and never enough, counts for ten seconds.
        #expect(BackPressure.share(of: 5_000, lastRead: time(9000), behind: time(0), now: time(10_000)) == 5_000)
        #expect(BackPressure.share(of: 5_000, lastRead: time(9000), behind: time(0), now: time(10_001)) == 0)
    }
}
