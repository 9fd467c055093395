import Basics
import Links
import TotemWire

/// Faults of links as scenario texts write them.
extension LinkFault {
    package func text(_ ids: [NodeID]) -> String {
        func direction(_ from: [Int], _ to: [Int]) -> String {
            func list(_ places: [Int]) -> String { places.map { " \(ids[$0])" }.joined() }
            return "from" + list(from) + " to" + list(to)
        }
        switch self {
        case .cut(let link, let from, let to): return "cut-link \(link) " + direction(from, to)
        case .mend(let link, let from, let to): return "mend-link \(link) " + direction(from, to)
        case .loss(let link, let perMillion): return "link-loss \(link) \(perMillion)"
        case .delay(let link, let time): return "link-delay \(link) \(Measure.microseconds.text(time))"
        case .path(let link, let from, let to, let bytes): return "path \(link) \(bytes) " + direction(from, to)
        case .interface(let node, let link, let bytes): return "interface \(ids[node]) \(link) \(bytes)"
        case .interfaceGone(let node, let link): return "interface-gone \(ids[node]) \(link)"
        case .interfaceBack(let node, let link): return "interface-back \(ids[node]) \(link)"
        case .reports(let isOn): return "reports \(isOn ? "on" : "off")"
        case .changeKeys(let next, let late, let time):
            let delay = late.map { " late \(ids[$0]) by \(Measure.milliseconds.text(time))" } ?? ""
            return "change-keys \(next.text)\(delay)"
        }
    }

    package static let verbs = [
        "cut-link", "mend-link", "link-loss", "link-delay", "path", "interface", "interface-gone", "interface-back",
        "reports", "change-keys",
    ]

    package static func read(
        _ verb: Substring, _ words: inout LineWords, _ nodes: [NodeID]
    ) throws(ScenarioTextError) -> LinkFault {
        switch verb {
        case "cut-link", "mend-link":
            let link = try words.linkNumber()
            let (from, to) = try words.direction(of: nodes)
            return verb == "cut-link" ? .cut(link: link, from: from, to: to) : .mend(link: link, from: from, to: to)
        case "link-loss":
            return .loss(link: try words.linkNumber(), perMillion: try words.millionths("a loss per million"))
        case "link-delay":
            let link = try words.linkNumber()
            let range = 0...TextLimits.longestDelay
            return .delay(link: link, microseconds: try words.duration(.microseconds, "a time", in: range))
        case "path":
            let link = try words.linkNumber()
            let bytes = try words.pathSize()
            let (from, to) = try words.direction(of: nodes)
            return .path(link: link, from: from, to: to, bytes: bytes)
        case "interface":
            let node = try words.node(of: nodes)
            return .interface(node: node, link: try words.linkNumber(), bytes: try words.pathSize())
        case "interface-gone":
            return .interfaceGone(node: try words.node(of: nodes), link: try words.linkNumber())
        case "interface-back":
            return .interfaceBack(node: try words.node(of: nodes), link: try words.linkNumber())
        case "reports":
            let isOn = words.takes("on")
            if !isOn { try words.expect("off") }
            return .reports(isOn)
        default:
            let next = try Protection.read(&words)
            guard words.takes("late") else { return .changeKeys(next, late: nil, milliseconds: 0) }
            let late = try words.node(of: nodes)
            try words.expect("by")
            let time = try words.duration(.milliseconds, "a time", in: 0...60_000)
            return .changeKeys(next, late: late, milliseconds: time)
        }
    }
}

extension Protection {
    var text: String { isSealed ? "\(hasCipher ? "sealed" : "signed") \(hashSize)" : "clear" }

    static func read(_ words: inout LineWords) throws(ScenarioTextError) -> Protection {
        if words.takes("clear") { return .clear }
        let hasCipher = words.takes("sealed")
        if !hasCipher { try words.expect("signed") }
        return Protection(hasCipher: hasCipher, hashSize: try words.count("bytes of a digest", in: 8...64))
    }
}

extension LineWords {
    mutating func linkNumber() throws(ScenarioTextError) -> Int { try count("a link", in: 0...7) }

    mutating func pathSize() throws(ScenarioTextError) -> Int { try count("an MTU", in: 576...65_535) }

    mutating func direction(of nodes: [NodeID]) throws(ScenarioTextError) -> ([Int], [Int]) {
        try expect("from")
        let from = try self.nodes(of: nodes)
        try expect("to")
        return (from, try self.nodes(of: nodes))
    }
}
