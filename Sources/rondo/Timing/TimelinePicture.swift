import ClusterConfiguration

/// The time from a node's death to the new membership, drawn in 78 columns.
///
/// The token timeout and consensus are drawn to scale as far as their labels allow; all else is too short to be seen.
struct TimelinePicture {
    let failure: FailureTimeline
    let timings: TotemTimings
    let heartbeat: IdleHeartbeat
    let glyphs: Glyphs

    private static let width = 78
    private static let death = 11
    private static let end = 68
    private static let shortestSpan = 18

    var lines: [String] {
        var canvas = Canvas(width: Self.width, height: 4)
        let lost = tokenLoss
        drawRing(&canvas, from: 2, to: Self.death - 1)
        drawSilence(&canvas, to: lost)
        for column in lost...Self.end { canvas.put(glyphs.waiting, column, 1) }
        drawRing(&canvas, from: Self.end + 2, to: Self.width - 1)
        canvas.put(glyphs.death, Self.death, 1)
        canvas.put(glyphs.mark, lost, 1)
        canvas.put(glyphs.mark, Self.end + 1, 1)

        canvas.center("dies", Self.death, 0)
        canvas.center("token lost", lost, 0)
        canvas.center("new ring", Self.end + 1, 0)

        span(&canvas, "\(silenceName) \(failure.timeout.millisecondsText)", from: Self.death, to: lost - 1)
        span(&canvas, "consensus \(timings.consensus) ms", from: lost, to: Self.end)

        canvas.center("0", Self.death, 3)
        canvas.center(lossTime.shortText, lost, 3)
        canvas.center(failure.longest.shortText, Self.end + 1, 3)
        return canvas.lines + [""] + legend
    }

    private var legend: [String] {
        [
            "  \(glyphs.beat) beat of the idle ring, every \(heartbeat.period.millisecondsText)",
            "  \(glyphs.again) token sent again in vain, every \(timings.tokenRetransmit) ms: "
                + (retransmissions == 1 ? "once" : "\(retransmissions) times"),
            "  \(glyphs.waiting) survivors repeat their joins every \(timings.join) ms",
        ]
    }

    private var silenceName: String { failure.isHeartbeat ? "heartbeat" : "token" }
    /// Milliseconds without a token.
    private var silence: UInt64 { failure.timeout.count / 1000 }

    /// How often the token is sent again before it is given up.
    private var retransmissions: UInt64 {
        timings.tokenRetransmit == 0 ? 0 : (max(1, silence) - 1) / UInt64(timings.tokenRetransmit)
    }

    private var lossTime: Microseconds { failure.latestStart(of: 1) }

    /// The column of the token's loss.
    private var tokenLoss: Int {
        let room = Self.end + 1 - Self.death
        let share = Double(silence) / Double(max(1, silence + UInt64(timings.consensus)))
        let length = Int((share * Double(room)).rounded())
        return Self.death + min(max(length, Self.shortestSpan), room - Self.shortestSpan)
    }

    private func drawRing(_ canvas: inout Canvas, from start: Int, to end: Int) {
        for column in start...end {
            canvas.put((column - start) % 3 == 0 ? glyphs.beat : glyphs.ring, column, 1)
        }
    }

    private func drawSilence(_ canvas: inout Canvas, to lost: Int) {
        for column in Self.death..<lost { canvas.put(glyphs.silence, column, 1) }
        let columns = Double(lost - Self.death)
        var last = Self.death
        // Marks closer than two columns would run into one line.
        for number in 0..<min(retransmissions, 1000) {
            let time = Double(number + 1) * Double(timings.tokenRetransmit) / Double(max(1, silence))
            let column = Self.death + Int((time * columns).rounded())
            guard column >= last + 2, column < lost else { continue }
            canvas.put(glyphs.again, column, 1)
            last = column
        }
    }

    private func span(_ canvas: inout Canvas, _ text: String, from start: Int, to end: Int) {
        for column in start...end { canvas.put(glyphs.spanLine, column, 2) }
        canvas.put(glyphs.spanStart, start, 2)
        canvas.put(glyphs.spanEnd, end, 2)
        let room = end - start - 3
        canvas.center(" \(text.count <= room ? text : String(text.prefix(room))) ", (start + end + 1) / 2, 2)
    }
}
