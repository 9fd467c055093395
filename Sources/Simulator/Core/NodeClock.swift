/// A node's clock: it begins where it likes and runs at a rate of its own. The node knows no other time.
package struct NodeClock: Sendable, Equatable {
    /// What it shows at the beginning, in nanoseconds.
    package var offset: UInt64
    /// By how many millionths it is fast; negative when it is slow. Within ±500,000.
    package var drift: Int64

    package static let exact = NodeClock(offset: 0, drift: 0)

    package init(offset: UInt64, drift: Int64) {
        self.offset = offset
        self.drift = min(max(drift, -500_000), 500_000)
    }

    /// What it shows at a true time, both in nanoseconds. It never goes back.
    package func reading(at time: UInt64) -> UInt64 {
        guard drift != 0 else { return offset &+ time }
        let gain = Int64(time / Self.million) * drift + Int64(time % Self.million) * drift / Int64(Self.million)
        return offset &+ time &+ UInt64(bitPattern: gain)
    }

    /// The first true time at which it shows at least `reading`.
    package func time(of reading: UInt64) -> UInt64 {
        guard reading > offset else { return 0 }
        let shown = reading - offset
        guard drift != 0 else { return shown }
        let rate = UInt64(Int64(Self.million) + drift)
        guard shown / rate < UInt64(Int64.max) / Self.million else { return .max }
        var time = shown / rate * Self.million + shown % rate * Self.million / rate
        while self.reading(at: time) < reading { time += 1 }
        while time > 0, self.reading(at: time - 1) >= reading { time -= 1 }
        return time
    }

    private static let million: UInt64 = 1_000_000
}
