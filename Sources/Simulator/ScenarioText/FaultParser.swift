import TotemWire

/// Faults as scenario texts write them.
enum FaultParser {
    static func read(_ words: inout LineWords, _ nodes: [NodeID]) throws(ScenarioTextError) -> Fault {
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
        case "gather": return .forceGather(node: try words.node(of: nodes))
        case "pause":
            let node = try words.node(of: nodes)
            try words.expect("for")
            let time = try words.duration(.milliseconds, "a time", in: 0...ScenarioParser.longest)
            return .pause(node: node, milliseconds: time)
        case "partition": return .partition(try partition(&words, nodes))
        case "cut":
            try words.expect("from")
            let from = try words.nodes(of: nodes)
            try words.expect("to")
            return .cut(from: from, to: try words.nodes(of: nodes))
        case "mend":
            try words.expect("from")
            let from = try words.nodes(of: nodes)
            try words.expect("to")
            return .mend(from: from, to: try words.nodes(of: nodes))
        case "sever": return .sever(try words.pairs(of: nodes))
        case "slow":
            let node = try words.node(of: nodes)
            try words.expect("by")
            return .slow(node: node, microseconds: try words.duration(.microseconds, "a time", in: 0...1_000_000))
        case "damage-disk": return .damageDisk(node: try words.node(of: nodes), try damage(&words))
        case "restart-all":
            let farewell = words.takes("farewell")
            try words.expect("within")
            let time = try words.duration(.milliseconds, "a time", in: 0...ScenarioParser.longest)
            return .restartAll(farewell: farewell, milliseconds: time)
        case "heal": return .heal
        case "network": return .conditions(try ScenarioParser.conditions(&words))
        case "lose": return .lose(try loss(&words, nodes))
        default:
            throw words.failure(
                .unknownWord(
                    String(verb),
                    expected:
                        "one of crash, restart, leave, pause, partition, cut, mend, sever, heal, network, lose, gather, "
                        + "slow, damage-disk, restart-all"))
        }
    }

    private static func damage(_ words: inout LineWords) throws(ScenarioTextError) -> DiskDamage {
        let kind = try words.next("a damage")
        switch kind {
        case "lost": return .lost
        case "torn": return .torn
        case "garbage": return .garbage(try words.number("a number", in: 0...UInt64.max))
        default: throw words.failure(.unknownWord(String(kind), expected: "one of lost, torn, garbage"))
        }
    }

    private static func partition(_ words: inout LineWords, _ nodes: [NodeID]) throws(ScenarioTextError) -> [UInt8] {
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

    private static func loss(_ words: inout LineWords, _ nodes: [NodeID]) throws(ScenarioTextError) -> LossRule {
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
