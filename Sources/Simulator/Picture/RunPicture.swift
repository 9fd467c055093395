import Basics
import Totem
import TotemWire

/// A run as a picture: one lane a node, time to the right, its state as a coloured band, packets between the lanes.
package struct RunPicture {
    /// What of the course a picture shows, whichever layer it is of.
    struct Stage {
        var nodes: [NodeID]
        var network: NetworkConditions
        var calmAt: UInt64
        var tokenTimeout: UInt64
    }

    /// What came of it.
    struct Result {
        /// The guarantee that was broken, in words, and when.
        var violation: (words: String, time: UInt64)?
        var simulatedTime: UInt64
        var phases: [PhaseChange]
        var installations: [InstalledRing]
    }

    let scenario: Stage
    let outcome: Result
    let recording: Recording
    /// Nanoseconds.
    let window: Range<UInt64>
    let title: String
    let lane: Double
    var svg: SVGWriter
    /// What could not be shown as it was.
    var remarks: [String] = []

    /// Where the lanes begin, behind their names.
    let left: Double
    static let right = 24.0
    static let width = 1480.0
    static let top = 118.0
    static let listed = 24

    /// The picture as SVG text, or nil when the run was not recorded.
    ///
    /// - Parameters:
    ///   - window: the nanoseconds to show; what lies outside the run is left out.
    package static func draw<C: RunnableCourse>(
        _ course: C, _ outcome: RunOutcome<C.Guarantee>, title: String, window: Range<UInt64>
    ) -> String? {
        guard let recording = outcome.recording else { return nil }
        let end = max(min(window.upperBound, max(outcome.figures.simulatedTime, 1)), 1)
        let start = min(window.lowerBound, end - 1)
        let violation = outcome.violation.map {
            (words: "breaks guarantee \($0.invariant.name): \($0.invariant.title)", time: $0.time)
        }
        var picture = RunPicture(
            Stage(
                nodes: course.nodes, network: course.network, calmAt: course.calmAt,
                tokenTimeout: course.tokenTimeout),
            Result(
                violation: violation, simulatedTime: outcome.figures.simulatedTime, phases: outcome.phases,
                installations: outcome.installations),
            recording: recording, window: start..<end, title: title)
        let height = picture.drawEverything()
        return picture.svg.finished(height: height)
    }

    private init(
        _ scenario: Stage, _ outcome: Result, recording: Recording, window: Range<UInt64>, title: String
    ) {
        self.scenario = scenario
        self.outcome = outcome
        self.recording = recording
        self.window = window
        self.title = title
        lane = max(min(900 / Double(max(scenario.nodes.count, 1)), 84), 22)
        let longest = scenario.nodes.map(\.description.count).max() ?? 0
        left = max(60 + 8 * Double(longest), 100)
        svg = SVGWriter(width: Self.width, style: Self.style, definitions: Self.definitions)
    }

    /// What tells most lies on top.
    ///
    /// - Returns: the height of it all.
    private mutating func drawEverything() -> Double {
        drawTitle()
        drawAxis()
        drawPackets()
        drawLanes()
        drawDeliveries()
        drawMarks()
        drawInstallations()
        drawViolation()
        return drawLegend() + 12
    }

    // MARK: Places

    /// Pixels from the left of a time in nanoseconds; times outside the window lie on its edges.
    func x(_ time: UInt64) -> Double {
        let inside = min(max(time, window.lowerBound), window.upperBound) - window.lowerBound
        let span = window.upperBound - window.lowerBound
        return left + Double(inside) / Double(span) * (Self.width - left - Self.right)
    }

    func y(_ node: Int) -> Double { Self.top + lane * Double(node) }

    var band: Double { min(lane * 0.42, 18) }

    /// The height of a node's line between packets.
    func axis(_ node: Int) -> Double { y(node) + lane * 0.3 + band / 2 }

    var bottom: Double { y(scenario.nodes.count) }

    // MARK: Frame

    private mutating func drawTitle() {
        svg.write(title, left, 26, "title")
        svg.write(
            outcome.violation?.words ?? "every guarantee was kept", left, 46,
            outcome.violation == nil ? "kept" : "broken")
        let count = scenario.nodes.count
        svg.write(
            "\(count) node\(count == 1 ? "" : "s"), token timeout \(scenario.tokenTimeout) ms; "
                + scenario.network.words, left, 64, "small")
    }

    private mutating func drawAxis() {
        let span = window.upperBound - window.lowerBound
        var step: UInt64 = 1000
        for factor in [2, 5, 10, 20, 50, 100, 200, 500].flatMap({ f in [1000, 1_000_000, 1_000_000_000].map { f * $0 } }
        )
        .sorted() where span / step > 14 {
            step = UInt64(factor)
        }
        var tick = (window.lowerBound + step - 1) / step * step
        while tick <= window.upperBound {
            svg.line(x(tick), Self.top - 8, x(tick), bottom, "grid")
            svg.write(Self.time(tick), x(tick), bottom + 14, "tick")
            tick += step
        }
    }

    /// Milliseconds, with decimals as far as there are any.
    static func time(_ nanoseconds: UInt64) -> String {
        let microseconds = nanoseconds / 1000
        var fraction = String(microseconds % 1000)
        fraction = String(repeating: "0", count: 3 - fraction.count) + fraction
        while fraction.hasSuffix("0") { fraction.removeLast() }
        return "\(microseconds / 1000)" + (fraction.isEmpty ? "" : ".\(fraction)") + " ms"
    }

    private mutating func drawViolation() {
        guard let violation = outcome.violation, window.contains(violation.time) || violation.time == window.upperBound
        else { return }
        let place = x(violation.time)
        svg.line(place, Self.top - 30, place, bottom, "violation")
        let isLeft = place > Self.width / 2
        svg.write("violation", place + (isLeft ? -5 : 5), Self.top - 22, isLeft ? "broken end" : "broken")
    }
}
