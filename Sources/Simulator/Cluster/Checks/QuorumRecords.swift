import Basics
import TotemWire

/// What the nodes have told of quorum, and what the options make of their votes.
struct QuorumRecords: Sendable {
    struct Decision: Sendable, Equatable {
        var isQuorate: Bool
        var ring: RingID
        var members: [NodeID]
    }

    struct Watcher: Sendable {
        let node: Int
        let readsAtOnce: Bool
        /// The last list of nodes (model 1).
        var list: (ring: RingID, members: [NodeID])?
        var decision: Decision?
        /// The last decision as any model tells it.
        var isQuorate: Bool?
    }

    private let ids: [NodeID]
    var options: QuorumOptions
    var listed: [ConfigurationText.Member]
    /// The votes or the nodelist have been changed under way: what is promised then depends on who knew when.
    private(set) var hasChanged = false
    /// The most votes that any file has expected, or that there have been.
    private(set) var highestExpected: UInt32
    /// Which nodes run with the present file.
    private var isCurrent: [Bool]
    private(set) var decisions: [Decision?]
    var watchers: [Int: Watcher] = [:]

    init(_ scenario: ClusterScenario) {
        ids = scenario.nodes
        options = scenario.configuration.quorum
        listed = scenario.configuration.members
        highestExpected = max(options.expected, options.sum)
        isCurrent = Array(repeating: true, count: ids.count)
        decisions = Array(repeating: nil, count: ids.count)
    }

    // MARK: Lives

    mutating func started(_ node: Int) {
        decisions[node] = nil
        isCurrent[node] = true
    }

    mutating func stopped(_ node: Int) { decisions[node] = nil }

    mutating func published(_ text: ConfigurationText) {
        guard text.quorum != options || text.members != listed else { return }
        options = text.quorum
        highestExpected = max(highestExpected, options.expected, options.sum)
        listed = text.members
        hasChanged = true
        isCurrent = Array(repeating: false, count: ids.count)
    }

    mutating func reloaded(_ node: Int) { isCurrent[node] = true }

    func isCurrent(_ node: Int) -> Bool { isCurrent[node] }

    mutating func opened(_ connection: Int, node: Int, readsAtOnce: Bool) {
        watchers[connection] = Watcher(node: node, readsAtOnce: readsAtOnce)
    }

    mutating func closed(_ connection: Int) { watchers[connection] = nil }

    mutating func decided(_ node: Int, _ decision: Decision) { decisions[node] = decision }

    var unrest: String? { nil }

    // MARK: Votes

    func votes(of node: NodeID) -> UInt32 {
        guard let place = listed.firstIndex(where: { $0.id == node }), place < options.votes.count else { return 1 }
        return options.votes[place]
    }

    func votes(of members: [NodeID]) -> UInt32 { members.reduce(0) { $0 + votes(of: $1) } }

    /// The votes that a majority of what a fixed configuration expects takes.
    var majority: UInt32 { options.expected / 2 + 1 }

    /// Why a decision cannot be right; nil when it can.
    ///
    /// - Parameter leaving: members that are on their way out; whoever ends during a synchronisation may not have told its
    ///   votes.
    func fault(of decision: Decision, leaving: [NodeID]) -> String? {
        guard !hasChanged else { return nil }
        let votes = votes(of: decision.members)
        let isMajority = votes >= majority
        let isShort = self.votes(of: decision.members.filter { !leaving.contains($0) }) < majority
        if options.isPlainMajority, decision.isQuorate != isMajority, decision.isQuorate || !isShort {
            return "\(votes) of \(options.expected) votes"
        }
        if options.isFixed, decision.isQuorate, !isMajority {
            // Half of the votes may do with a tie-breaker, nothing less ever.
            guard options.autoTieBreaker, votes == options.expected / 2 else {
                return "\(votes) of \(options.expected) votes"
            }
        }
        return nil
    }

    /// Another partition that is quorate at the same time, though the options promise that there is none.
    func rival(of node: Int, _ decision: Decision) -> Int? {
        guard decision.isQuorate, options.promisesOnePartition, !hasChanged else { return nil }
        return decisions.indices.first { other in
            guard other != node, let theirs = decisions[other], theirs.isQuorate else { return false }
            return !theirs.members.contains { decision.members.contains($0) }
        }
    }
}
