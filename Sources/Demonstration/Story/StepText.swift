import ClusterConfiguration
import TotemWire

/// The words for a failure's steps, in columns of one width.
enum StepText {
    static func columns(_ name: String, _ measured: String, _ computed: String) -> String {
        "  " + Columns.left(name, 11) + Columns.right(measured, 10) + "   " + Columns.left(computed, 20)
    }

    /// The heading of computed times, which know of no lost packets.
    static func computed(hasLoss: Bool) -> String { hasLoss ? "computed, no loss" : "computed" }

    static func range(_ step: FailureTimeline.Step) -> String { range(step.shortest, step.longest) }

    static func range(_ shortest: Microseconds, _ longest: Microseconds) -> String {
        if shortest == longest { return longest.shortText }
        return shortest == .zero ? "up to \(longest.shortText)" : "\(shortest.shortText) - \(longest.shortText)"
    }

    static func remark(_ step: FailureWatch.Step, survivors: Int) -> String {
        switch step.kind {
        case .silence: "node \(step.node) misses it first"
        case .gather: survivors == 1 ? "" : "all call for a new ring"
        case .consensus: "the dead do not answer"
        case .agreement: "node \(step.node) leads the commit"
        case .commit: "twice round"
        case .recovery: "old messages exchanged"
        case .leave, .refusal, .absence: ""
        }
    }
}

extension FailureTimeline.StepKind {
    /// As `rondo timing` has it.
    var title: String {
        switch self {
        case .silence: "token lost"
        case .gather: "gather"
        case .consensus: "consensus"
        case .agreement: "agreement"
        case .commit: "commit"
        case .recovery: "recovery"
        case .leave: "leave"
        case .refusal: "refusal"
        case .absence: "silence"
        }
    }
}
