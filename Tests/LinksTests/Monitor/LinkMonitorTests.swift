import Basics
import Testing

@testable import Links

/// One link's watch, with a peer that the test plays.
private struct Watch {
    private(set) var now = Instant(nanoseconds: 10_000_000_000)
    let grid = PingGrid(origin: Instant(nanoseconds: 10_000_000_000))
    var monitor: LinkMonitor
    /// No other link stands in for it.
    var isAlone = true
    /// Milliseconds since the start at which pings left, and those at which the link went down.
    private(set) var pings: [UInt64] = []
    private(set) var downs: [UInt64] = []
    private(set) var ups: [UInt64] = []
    private(set) var last: UInt64 = 0
    /// Milliseconds after which the peer answers; nil when it does not.
    var answersAfter: UInt64? = 1
    private var answers: [(at: Instant, number: UInt64)] = []

    init(_ timing: LinkTiming = LinkTiming(pingInterval: 750, timeout: 1500)) {
        monitor = LinkMonitor(timing, now: now)
    }

    var elapsed: UInt64 { now.milliseconds(since: grid.origin) }

    mutating func run(until end: UInt64) {
        let end = grid.origin.adding(milliseconds: end)
        while true {
            let next = earliest(monitor.deadline(isAlone: isAlone), answers.first?.at) ?? end
            guard next <= end else { break }
            now = max(now, next)
            step()
        }
        now = end
    }

    private mutating func step() {
        while let answer = answers.first, answer.at <= now {
            answers.removeFirst()
            if monitor.pong(answer.number, now: now) == .up { ups.append(elapsed) }
        }
        while let step = monitor.step(now: now, grid: grid, isAlone: isAlone) { take(step) }
    }

    mutating func take(_ step: LinkMonitor.Step) {
        switch step {
        case .down: downs.append(elapsed)
        case .ping(let number):
            pings.append(elapsed)
            last = number
            if let delay = answersAfter { answers.append((now.adding(milliseconds: delay), number)) }
        }
    }

    mutating func data() -> Bool { monitor.dataArrived(now: now) }

    mutating func report() {
        if let number = monitor.reported(now: now) { take(.ping(number)) }
    }
}

struct LinkMonitorTests {
    @Test("a new link comes up with the third pong, and is asked again 200 ms after each pong until then")
    func up() {
        var watch = Watch()
        watch.run(until: 2000)
        #expect(watch.pings == [0, 201, 402, 750, 1500])
        #expect(watch.ups == [403])
    }

    @Test("without an answer pings leave at the common instants only, whenever the link was added")
    func grid() {
        var watch = Watch()
        watch.answersAfter = nil
        watch.run(until: 3100)
        #expect(watch.pings == [0, 750, 1500, 2250, 3000])
        #expect(watch.ups.isEmpty && watch.downs.isEmpty)
    }

    @Test("a link that came up again needs its pongs at the usual interval")
    func upAgain() {
        var watch = Watch()
        watch.run(until: 10_000)
        watch.answersAfter = nil
        watch.run(until: 15_000)
        #expect(watch.downs.count == 1)
        watch.answersAfter = 1
        watch.run(until: 18_000)
        #expect(watch.ups.dropFirst() == [17_251])
    }

    @Test("a settled link is down by its timeout after the last pong and twice the latency")
    func down() {
        var watch = Watch()
        watch.run(until: 12_100)
        watch.answersAfter = nil
        watch.run(until: 20_000)
        // The last pong came at 12001, with a mean latency of 1 ms.
        #expect(watch.downs == [13_503])
    }

    @Test("soon after its start a link that nothing stands in for is given more time, any other is not")
    func patience() {
        var alone = Watch()
        alone.run(until: 1000)
        alone.answersAfter = nil
        alone.run(until: 30_000)
        // 751 + 1500 × factor + 2, with a factor of 10 less the seconds gone, comes true in the sixth second with 4.
        #expect(alone.downs == [6_753])
        var helped = Watch()
        helped.isAlone = false
        helped.run(until: 1000)
        helped.answersAfter = nil
        helped.run(until: 30_000)
        #expect(helped.downs == [2_253])
    }

    @Test("a ping without an answer brings doubt and quick questions, and an answer ends it")
    func doubt() {
        var watch = Watch()
        watch.run(until: 12_700)
        watch.answersAfter = nil
        watch.run(until: 12_840)
        #expect(watch.monitor.isTrusted)
        watch.run(until: 12_860)
        #expect(watch.monitor.isConnected && !watch.monitor.isTrusted)
        watch.answersAfter = 1
        watch.run(until: 12_960)
        #expect(watch.monitor.isTrusted)
        #expect(watch.pings.suffix(3) == [12_750, 12_850, 12_950])
    }

    @Test("a report of the network is a hint: an answer refutes it, silence proves it after three questions")
    func report() {
        var watch = Watch()
        watch.run(until: 12_100)
        watch.report()
        watch.run(until: 12_740)
        #expect(watch.monitor.isTrusted && watch.downs.isEmpty)
        #expect(watch.pings.suffix(2) == [12_000, 12_100])
        // Right after one was refuted others are not heard.
        for _ in 0..<100 { watch.report() }
        #expect(watch.pings.last == 12_100)
        watch.run(until: 13_600)
        watch.answersAfter = nil
        watch.report()
        watch.run(until: 13_749)
        #expect(watch.downs.isEmpty && !watch.monitor.isTrusted)
        watch.run(until: 13_751)
        #expect(watch.downs == [13_750])
    }

    @Test("no number of reports takes a link down whose peer answers")
    func manyReports() {
        var watch = Watch()
        watch.run(until: 3000)
        for time in 3000..<6000 {
            watch.run(until: UInt64(time))
            watch.report()
        }
        #expect(watch.downs.isEmpty)
        #expect(watch.pings.count < 20)
    }

    @Test("a pong counts once, only for an outstanding ping, and not when it is late")
    func pongs() {
        var watch = Watch()
        watch.answersAfter = nil
        watch.run(until: 0)
        #expect(watch.monitor.pong(0, now: watch.now) == .unexpected)
        #expect(watch.monitor.pong(2, now: watch.now) == .unexpected)
        #expect(watch.monitor.pong(1, now: watch.now.adding(milliseconds: 5)) == .counted(1))
        #expect(watch.monitor.pong(1, now: watch.now.adding(milliseconds: 6)) == .unexpected)
        #expect(watch.monitor.latency.mean == 5000)
        watch.run(until: 1000)
        let late = watch.last
        watch.run(until: 2600)
        #expect(watch.monitor.pong(late, now: watch.now) == .late)
        #expect(watch.monitor.latency.samples == 1)
    }

    @Test("the mean of the latency is whole microseconds over the configured number of round trips")
    func latency() {
        var latency = Latency()
        #expect(latency.least == .max)
        latency.add(microseconds: 1000, precision: 2)
        latency.add(microseconds: 2001, precision: 2)
        #expect(latency.mean == 1500)
        latency.add(microseconds: 3000, precision: 2)
        #expect(latency.mean == 2250)
        #expect(latency.samples == 2 && latency.least == 1000 && latency.greatest == 2250)
    }

    @Test("data brings a link up that has had one pong, and none that has had none")
    func data() {
        var watch = Watch()
        #expect(watch.data() == false)
        watch.run(until: 10)
        #expect(watch.data() == true)
        #expect(watch.monitor.isConnected)
        #expect(watch.data() == false)
    }

    @Test("a node that stood still does not think that its peer died")
    func pause() {
        var watch = Watch()
        watch.run(until: 12_100)
        // For five seconds nobody called; then everything is due at once.
        var monitor = watch.monitor
        let now = watch.now.adding(milliseconds: 5000)
        guard case .ping(let number) = monitor.step(now: now, grid: watch.grid, isAlone: true) else {
            Issue.record("no ping was due")
            return
        }
        #expect(monitor.step(now: now, grid: watch.grid, isAlone: true) == nil)
        #expect(monitor.pong(number, now: now.adding(milliseconds: 1)) == .alive)
        #expect(monitor.isTrusted)
    }

    @Test("nor after a ping of his was lost, nor after a report")
    func pauseAfterLoss() {
        for isReported in [false, true] {
            var watch = Watch()
            watch.run(until: 12_700)
            watch.answersAfter = nil
            watch.run(until: 12_900)
            if isReported {
                watch.report()
                watch.run(until: 13_030)
            }
            #expect(watch.monitor.isConnected && watch.downs.isEmpty)
            var monitor = watch.monitor
            let now = watch.now.adding(milliseconds: 5000)
            var last: UInt64 = 0
            while let step = monitor.step(now: now, grid: watch.grid, isAlone: true) {
                guard case .ping(let number) = step else {
                    Issue.record("the peer is accused")
                    return
                }
                last = number
            }
            #expect(monitor.pong(last, now: now.adding(milliseconds: 1)) == .alive)
            #expect(monitor.isConnected)
        }
    }
}
