import Basics
import TotemWire

/// A corosync.conf in the words of scenario texts: facts that each have a line of their own, or stand one after the other
/// behind a reload.
extension ConfigurationText {
    static let subjects = ["totem", "quorum", "members", "config-version", "rondo"] + NodeLinks.subjects

    func facts(of ids: [NodeID]) -> [String] {
        var facts = totem.map { "totem \($0.key) \($0.value)" }
        let all = ids.enumerated().map { Member(place: $0.offset, id: $0.element) }
        if members != all { facts.append("members" + members.map { " \($0.id)" }.joined()) }
        if let configVersion { facts.append("config-version \(configVersion)") }
        facts += rondo.map { "rondo \($0.key) \($0.value)" }
        facts += links?.facts ?? []
        if quorum.votes != Array(repeating: 1, count: members.count) {
            facts.append("quorum votes" + quorum.votes.map { " \($0)" }.joined())
        }
        if let votes = quorum.expectedVotes { facts.append("quorum expected-votes \(votes)") }
        if quorum.twoNode { facts.append("quorum two-node") }
        if let waits = quorum.waitForAll { facts.append("quorum wait-for-all \(waits ? "yes" : "no")") }
        if let window = quorum.lastManStanding {
            facts.append("quorum last-man-standing \(Measure.milliseconds.text(UInt64(window)))")
        }
        if quorum.autoTieBreaker { facts.append("quorum auto-tie-breaker") }
        if let node = quorum.tieBreakerNode { facts.append("quorum tie-breakers \(node)") }
        if quorum.allowDownscale { facts.append("quorum allow-downscale") }
        if quorum.tracksExpectedVotes { facts.append("quorum expected-votes-tracking") }
        return facts
    }

    /// What follows one of `subjects`.
    mutating func read(
        _ subject: Substring, _ words: inout LineWords, _ ids: [NodeID]
    ) throws(ScenarioTextError) {
        switch subject {
        case "totem": totem.append(try Self.setting("totem", such: "token", &words, totem))
        case "rondo": rondo.append(try Self.setting("rondo", such: "silence", &words, rondo))
        case "members":
            for place in try words.nodes(of: ids) { members.append(Member(place: place, id: ids[place])) }
            if members.isEmpty { throw words.failure(.missing("a node")) }
        case "config-version": configVersion = try words.number("a version", in: 0...UInt64.max)
        case "quorum": try readQuorum(&words)
        default:
            var read = links ?? NodeLinks(links: 0)
            try read.read(subject, &words)
            links = read
        }
    }

    /// A key of a section with its number.
    private static func setting(
        _ section: String, such example: String, _ words: inout LineWords, _ known: [(key: String, value: UInt64)]
    ) throws(ScenarioTextError) -> (key: String, value: UInt64) {
        let key = try words.next("a key of the \(section) section")
        guard key.utf8.allSatisfy({ $0 == 0x5F || (0x61...0x7A).contains($0) }) else {
            throw words.failure(
                .unknownWord(String(key), expected: "a key of the \(section) section, such as \(example)"))
        }
        if known.contains(where: { $0.key == key }) { throw words.failure(.repeated("\(section) \(key)")) }
        return (String(key), try words.number("a value of \(key)", in: 0...UInt64(UInt32.max)))
    }

    private mutating func readQuorum(_ words: inout LineWords) throws(ScenarioTextError) {
        let option = try words.next("an option of quorum")
        switch option {
        case "votes":
            quorum.votes = try words.numbers("a number of votes", in: 0...1_000_000).map { UInt32(clamping: $0) }
        case "expected-votes":
            quorum.expectedVotes = UInt32(clamping: try words.number("a number of votes", in: 0...1_000_000))
        case "two-node": quorum.twoNode = true
        case "wait-for-all":
            let isYes = words.takes("yes")
            if !isYes { try words.expect("no") }
            quorum.waitForAll = isYes
        case "last-man-standing":
            let window = try words.duration(.milliseconds, "a time", in: 0...TextLimits.longest)
            quorum.lastManStanding = UInt32(clamping: window)
        case "auto-tie-breaker": quorum.autoTieBreaker = true
        case "tie-breakers":
            let nodes = try words.numbers("a node", in: 1...UInt64(UInt32.max)).map(\.description)
            if !nodes.isEmpty {
                quorum.tieBreakerNode = nodes.joined(separator: " ")
            } else if words.takes("lowest") {
                quorum.tieBreakerNode = "lowest"
            } else {
                try words.expect("highest")
                quorum.tieBreakerNode = "highest"
            }
        case "allow-downscale": quorum.allowDownscale = true
        case "expected-votes-tracking": quorum.tracksExpectedVotes = true
        default:
            let expected =
                "one of votes, expected-votes, two-node, wait-for-all, last-man-standing, auto-tie-breaker, "
                + "tie-breakers, allow-downscale, expected-votes-tracking"
            throw words.failure(.unknownWord(String(option), expected: expected))
        }
    }

    /// What no fact was given for: all nodes are members, with one vote each.
    mutating func complete(_ ids: [NodeID]) {
        if members.isEmpty { members = ids.enumerated().map { Member(place: $0.offset, id: $0.element) } }
        if quorum.votes.isEmpty { quorum.votes = Array(repeating: 1, count: members.count) }
    }

    /// Without the nodes that have no new place.
    func renumbered(_ places: [Int?]) -> ConfigurationText {
        var smaller = self
        smaller.members = []
        smaller.quorum.votes = []
        for (index, member) in members.enumerated() {
            guard let place = places[member.place] else { continue }
            smaller.members.append(Member(place: place, id: member.id))
            if index < quorum.votes.count { smaller.quorum.votes.append(quorum.votes[index]) }
        }
        let gone = members.filter { places[$0.place] == nil }.map { $0.id.description }
        if let list = quorum.tieBreakerNode {
            let left = list.split(separator: " ").filter { !gone.contains(String($0)) }
            smaller.quorum.tieBreakerNode = left.isEmpty ? nil : left.joined(separator: " ")
        }
        return smaller
    }

    /// With other ids, by place.
    func renamed(_ ids: [NodeID]) -> ConfigurationText {
        var renamed = self
        var names: [String: String] = [:]
        for index in members.indices where members[index].place < ids.count {
            names[members[index].id.description] = ids[members[index].place].description
            renamed.members[index].id = ids[members[index].place]
        }
        if let list = quorum.tieBreakerNode {
            renamed.quorum.tieBreakerNode = list.split(separator: " ").map { names[String($0)] ?? String($0) }
                .joined(separator: " ")
        }
        return renamed
    }
}
