import Basics
import TotemWire

/// Which node decides when the cluster splits into two equal halves (spec: services.md 6.8).
enum TieBreaker: Sendable, Equatable {
    case none
    case lowest
    case highest
    /// The first of these that is present.
    case list([NodeID])

    /// As in `runtime.votequorum.atb_type`.
    var number: UInt32 {
        switch self {
        case .none: 0
        case .lowest: 1
        case .highest: 2
        case .list: 3
        }
    }

    /// Reads `quorum.auto_tie_breaker_node`.
    /// - Returns: `nil` when the text is none of the permitted forms.
    static func parse(_ text: String?) -> TieBreaker? {
        guard let text else { return .lowest }
        if text == "lowest" { return .lowest }
        if text == "highest" { return .highest }
        var nodes: [NodeID] = []
        for word in text.split(whereSeparator: { $0 == " " || $0 == "\t" }) {
            guard let id = UInt32(word), id != 0 else { break }
            nodes.append(NodeID(id))
        }
        return nodes.isEmpty ? nil : .list(nodes)
    }
}
