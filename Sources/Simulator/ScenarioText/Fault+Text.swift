import Basics
import Totem
import TotemWire

/// Faults as scenario texts write them.
extension LayerFault {
    func text(_ ids: [NodeID]) -> String {
        switch self {
        case .crash(let node, let sending): "crash \(ids[node])" + (sending > 0 ? " after \(sending) datagrams" : "")
        case .restart(let node): "restart \(ids[node])"
        case .leave(let node): "leave \(ids[node])"
        case .pause(let node, let milliseconds):
            "pause \(ids[node]) for \(Measure.milliseconds.text(milliseconds))"
        case .partition(let groups): "partition" + Self.partition(groups, ids)
        case .cut(let from, let to): "cut from" + Self.list(from, ids) + " to" + Self.list(to, ids)
        case .mend(let from, let to): "mend from" + Self.list(from, ids) + " to" + Self.list(to, ids)
        case .sever(let pairs): "sever" + pairs.map { " \(ids[$0.first])-\(ids[$0.second])" }.joined()
        case .heal: "heal"
        case .conditions(let network): "network" + network.text
        case .loss(let perMillion): "loss \(perMillion)"
        case .late(let node, let time): "late \(ids[node]) by \(Measure.microseconds.text(time))"
        case .lose(let rule):
            "lose " + rule.type.logName + (rule.from.map { " from \(ids[$0])" } ?? "")
                + (rule.to.map { " to \(ids[$0])" } ?? "") + " copies \(rule.count)"
        case .own(let own): own.text(ids)
        }
    }

    private static func partition(_ groups: [UInt8], _ ids: [NodeID]) -> String {
        (0...(groups.max() ?? 0)).map { group in
            zip(ids, groups).filter { $1 == group }.map { " \($0.0)" }.joined()
        }.joined(separator: " |")
    }

    private static func list(_ places: [Int], _ ids: [NodeID]) -> String { places.map { " \(ids[$0])" }.joined() }

    private static var verbs: [String] {
        [
            "crash", "restart", "leave", "pause", "partition", "cut", "mend", "sever", "heal", "network", "loss",
            "late", "lose",
        ] + Own.verbs
    }

    static func read(_ words: inout LineWords, _ nodes: [NodeID]) throws(ScenarioTextError) -> Self {
        let verb = try words.next("a fault")
        switch verb {
        case "crash":
            let node = try words.node(of: nodes)
            guard words.takes("after") else { return .crash(node: node, sending: 0) }
            let sending = try words.count("a number of datagrams", in: 1...1_000_000)
            try words.expect("datagrams")
            return .crash(node: node, sending: sending)
        case "restart": return .restart(node: try words.node(of: nodes))
        case "leave": return .leave(node: try words.node(of: nodes))
        case "pause":
            let node = try words.node(of: nodes)
            try words.expect("for")
            let time = try words.duration(.milliseconds, "a time", in: 0...TextLimits.longest)
            return .pause(node: node, milliseconds: time)
        case "partition": return .partition(try readPartition(&words, nodes))
        case "cut":
            let (from, to) = try readDirection(&words, nodes)
            return .cut(from: from, to: to)
        case "mend":
            let (from, to) = try readDirection(&words, nodes)
            return .mend(from: from, to: to)
        case "sever": return .sever(try words.pairs(of: nodes))
        case "heal": return .heal
        case "network": return .conditions(try .read(&words))
        case "loss": return .loss(perMillion: try words.millionths("a loss per million"))
        case "late":
            let node = try words.node(of: nodes)
            try words.expect("by")
            return .late(node: node, microseconds: try words.duration(.microseconds, "a time", in: 0...60_000_000))
        case "lose": return .lose(try readLoss(&words, nodes))
        default:
            guard Own.verbs.contains(String(verb)) else {
                let expected = "one of \(verbs.joined(separator: ", "))"
                throw words.failure(.unknownWord(String(verb), expected: expected))
            }
            return .own(try Own.read(verb, &words, nodes))
        }
    }

    private static func readDirection(
        _ words: inout LineWords, _ nodes: [NodeID]
    ) throws(ScenarioTextError) -> ([Int], [Int]) {
        try words.expect("from")
        let from = try words.nodes(of: nodes)
        try words.expect("to")
        return (from, try words.nodes(of: nodes))
    }

    private static func readPartition(
        _ words: inout LineWords, _ nodes: [NodeID]
    ) throws(ScenarioTextError) -> [UInt8] {
        var groups = [UInt8?](repeating: nil, count: nodes.count)
        var group: UInt8 = 0
        repeat {
            for place in try words.nodes(of: nodes) {
                if groups[place] != nil { throw words.failure(.misplacedNode(nodes[place].rawValue)) }
                groups[place] = group
            }
            guard words.takes("|") else { break }
            group &+= 1
        } while group > 0
        var complete: [UInt8] = []
        for (place, group) in groups.enumerated() {
            guard let group else { throw words.failure(.nodeInNoGroup(nodes[place].rawValue)) }
            complete.append(group)
        }
        return complete
    }

    private static func readLoss(_ words: inout LineWords, _ nodes: [NodeID]) throws(ScenarioTextError) -> LossRule {
        let name = try words.next("a kind of packet")
        guard let type = PacketType.allCases.first(where: { $0.logName == name }) else {
            let expected = "one of \(PacketType.allCases.map(\.logName).joined(separator: ", "))"
            throw words.failure(.unknownWord(String(name), expected: expected))
        }
        let from = words.takes("from") ? try words.node(of: nodes) : nil
        let to = words.takes("to") ? try words.node(of: nodes) : nil
        try words.expect("copies")
        return LossRule(type, from: from, to: to, count: try words.count("a number of copies", in: 1...Int.max))
    }
}

extension Occasion {
    func text(_ ids: [NodeID]) -> String {
        switch self {
        case .at(let milliseconds): "at \(Measure.milliseconds.text(milliseconds))"
        case .entering(let node, let phase, let count, let beforeSending):
            "when \(ids[node]) enters \(phase) \(count) \(beforeSending ? "before-sending" : "after-sending")"
        }
    }

    static func read(
        _ words: inout LineWords, timed: Bool, _ nodes: [NodeID]
    ) throws(ScenarioTextError) -> Occasion {
        if timed { return .at(milliseconds: try words.duration(.milliseconds, "a time", in: 0...TextLimits.longest)) }
        let node = try words.node(of: nodes)
        try words.expect("enters")
        let name = try words.next("a state")
        guard let phase = RingPhase.allCases.first(where: { "\($0)" == name }) else {
            let expected = "one of \(RingPhase.allCases.map { "\($0)" }.joined(separator: ", "))"
            throw words.failure(.unknownWord(String(name), expected: expected))
        }
        let count = try words.count("how often", in: 1...1_000_000)
        let isBefore = words.takes("before-sending")
        if !isBefore { try words.expect("after-sending") }
        return .entering(node: node, phase: phase, count: count, beforeSending: isBefore)
    }
}
