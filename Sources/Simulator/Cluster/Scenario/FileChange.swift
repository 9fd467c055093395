import Basics
import TotemWire

/// What administrators change in the file that all machines have.
package enum FileChange: Sendable, Equatable {
    /// A key of the `totem` section.
    case set(key: String, value: UInt64)
    /// The node is put on the nodelist and started, by its place in `ClusterScenario.nodes`.
    case enlist(node: Int, votes: UInt32)
    /// The node is taken off the nodelist, whether it runs or not.
    case strike(node: Int)
    /// A key for links, another one with each change, and how it seals; the file reaches one machine, perhaps, so many
    /// milliseconds later.
    case protect(Protection, late: Int?, milliseconds: UInt64)
}

extension ConfigurationText {
    /// Whether it is the same but for how links are sealed.
    func equals(_ other: ConfigurationText) -> Bool {
        var like = self
        like.links = other.links
        like.configVersion = other.configVersion
        return like == other
    }

    /// - Parameter ids: of all nodes there ever are, by their place.
    /// - Returns: whether anything is different now.
    mutating func apply(_ change: FileChange, ids: [NodeID]) -> Bool {
        switch change {
        case .set(let key, let value):
            guard let index = totem.firstIndex(where: { $0.key == key }), totem[index].value != value else {
                return false
            }
            totem[index].value = value
        case .enlist(let node, let votes):
            guard !lists(node), ids.indices.contains(node) else { return false }
            let index = members.firstIndex { $0.place > node } ?? members.endIndex
            members.insert(Member(place: node, id: ids[node]), at: index)
            quorum.votes.insert(votes, at: min(index, quorum.votes.count))
        case .strike(let node):
            // One node stays, or there would be no cluster.
            guard members.count > 1, let index = members.firstIndex(where: { $0.place == node }) else { return false }
            members.remove(at: index)
            if quorum.votes.indices.contains(index) { quorum.votes.remove(at: index) }
        case .protect(let protection, _, _):
            guard links != nil else { return false }
            links?.protection = protection
            links?.keyChanges += 1
        }
        // As its name says, and as administrators of Corosync are told.
        if members.count != 2 { quorum.twoNode = false }
        return true
    }

    func lists(_ node: Int) -> Bool { members.contains { $0.place == node } }
}

extension FileChange {
    /// The machine that gets the file later than the others.
    var late: (node: Int, milliseconds: UInt64)? {
        guard case .protect(_, let late?, let time) = self else { return nil }
        return (late, time)
    }

    var simpler: FileChange? {
        guard case .protect(let protection, _?, _) = self else { return nil }
        return .protect(protection, late: nil, milliseconds: 0)
    }
}

/// In scenarios that are made smaller, and as text.
extension FileChange {
    func renumbered(_ places: [Int?]) -> FileChange? {
        switch self {
        case .set: self
        case .enlist(let node, let votes): places[node].map { .enlist(node: $0, votes: votes) }
        case .strike(let node): places[node].map { .strike(node: $0) }
        case .protect(let protection, let late, let time):
            .protect(protection, late: late.flatMap { places[$0] }, milliseconds: time)
        }
    }

    func words(_ ids: [NodeID]) -> String {
        switch self {
        case .set(let key, let value): "\(key) \(value)"
        case .enlist(let node, _): "with node \(ids[node])"
        case .strike(let node): "without node \(ids[node])"
        case .protect(let protection, let late, let time):
            "another key, \(protection.words)" + (late.map { ", on machine \(ids[$0]) \(time) ms later" } ?? "")
        }
    }

    func text(_ ids: [NodeID]) -> String {
        switch self {
        case .set(let key, let value): "totem \(key) \(value)"
        case .enlist(let node, let votes): "enlist \(ids[node]) votes \(votes)"
        case .strike(let node): "strike \(ids[node])"
        case .protect(let protection, let late, let time):
            "protect \(protection.text)"
                + (late.map { " late \(ids[$0]) by \(Measure.milliseconds.text(time))" } ?? "")
        }
    }

    static func read(_ words: inout LineWords, _ nodes: [NodeID]) throws(ScenarioTextError) -> FileChange {
        let what = try words.next("what is changed")
        switch what {
        case "totem":
            let key = try words.next("a key of the totem section")
            return .set(key: String(key), value: try words.number("a value of \(key)", in: 0...UInt64(UInt32.max)))
        case "enlist":
            let node = try words.node(of: nodes)
            try words.expect("votes")
            let votes = try words.number("a number of votes", in: 0...1_000_000)
            return .enlist(node: node, votes: UInt32(clamping: votes))
        case "strike": return .strike(node: try words.node(of: nodes))
        case "protect":
            let protection = try Protection.readNamed(&words)
            guard words.takes("late") else { return .protect(protection, late: nil, milliseconds: 0) }
            let late = try words.node(of: nodes)
            try words.expect("by")
            return .protect(
                protection, late: late,
                milliseconds: try words.duration(.milliseconds, "a time", in: 0...TextLimits.longest))
        default: throw words.failure(.unknownWord(String(what), expected: "one of totem, enlist, strike, protect"))
        }
    }
}
