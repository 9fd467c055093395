/// A course of events that can be run, with the checks of its layer.
package protocol RunnableCourse: Course {
    associatedtype Guarantee: GuaranteeName
    associatedtype Planted: PlantedFault

    func run(_ view: RunView, planted: Planted?) -> RunOutcome<Guarantee>
}

/// A fault to plant, to see that the checks find it, by the name it has on the command line.
package protocol PlantedFault: Sendable, Equatable {
    static var names: [String] { get }
    var name: String { get }
    init?(name: String)
}

/// What of a run is kept for people to look at.
package struct RunView: Sendable {
    /// A line for each event.
    package var traces: Bool
    /// In the trace, also each packet sent.
    package var tracesPackets: Bool
    /// What a picture needs, packets only of this window of time in nanoseconds; nil for no picture.
    package var records: Range<UInt64>?

    package init(traces: Bool = false, tracesPackets: Bool = false, records: Range<UInt64>? = nil) {
        self.traces = traces
        self.tracesPackets = tracesPackets
        self.records = records
    }
}
