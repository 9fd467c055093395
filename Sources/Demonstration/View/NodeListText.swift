import Basics
import TotemWire

/// Node ids in few characters: `1 2 3`, or `1-5 7` where that is shorter.
enum NodeListText {
    static func text(_ nodes: [NodeID]) -> String {
        guard !nodes.isEmpty else { return "-" }
        guard nodes.count > 3 else { return nodes.map(\.description).joined(separator: " ") }
        var parts: [String] = []
        var first = nodes[0]
        var last = nodes[0]
        func part() -> String { first == last ? "\(first)" : "\(first)-\(last)" }
        for node in nodes.dropFirst() {
            if node.rawValue != last.rawValue &+ 1 {
                parts.append(part())
                first = node
            }
            last = node
        }
        return (parts + [part()]).joined(separator: " ")
    }
}
