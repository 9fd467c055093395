import Basics
import TotemWire

@testable import Demonstration

/// A plan with short timings that does not grow with the nodes.
func shortPlan(nodes: Int = 3, token: Int = 300) throws -> RingPlan {
    try RingPlan(shortOptions(nodes: nodes, token: token))
}

func shortOptions(nodes: Int = 3, token: Int = 300) -> DemonstrationOptions {
    var options = DemonstrationOptions()
    options.nodes = nodes
    options.settings = [("totem.token_coefficient", "0"), ("totem.token", "\(token)")]
    return options
}

func ids(_ numbers: ClosedRange<UInt32>) -> [NodeID] { numbers.map { NodeID($0) } }

func time(_ milliseconds: UInt64) -> Instant { Instant(nanoseconds: milliseconds * 1_000_000) }
