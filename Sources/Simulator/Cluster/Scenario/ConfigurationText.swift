import Basics
import TotemWire

/// A corosync.conf, written as administrators write it and read as the daemon reads it.
package struct ConfigurationText: Sendable, Equatable {
    /// Keys of the `totem` section beside those every file has.
    package var totem: [(key: String, value: UInt64)] = []
    package var members: [Member]
    package var quorum: QuorumOptions
    package var configVersion: UInt64?

    package struct Member: Sendable, Equatable {
        /// Among all nodes there ever are; the address follows from it.
        package var place: Int
        package var id: NodeID

        package init(place: Int, id: NodeID) {
            self.place = place
            self.id = id
        }
    }

    package init(nodes: [NodeID], quorum: QuorumOptions) {
        members = nodes.enumerated().map { Member(place: $0.offset, id: $0.element) }
        self.quorum = quorum
    }

    package static func == (a: ConfigurationText, b: ConfigurationText) -> Bool { a.text == b.text }

    static func address(_ place: Int) -> String { "10.0.\(place / 200).\(place % 200 + 1)" }

    /// The file, the same on all nodes.
    package var text: String {
        var lines = ["totem {", "  version: 2", "  cluster_name: simulated", "  transport: udpu"]
        if let configVersion { lines.append("  config_version: \(configVersion)") }
        for (key, value) in totem { lines.append("  \(key): \(value)") }
        lines.append("}")
        lines.append("nodelist {")
        for (index, member) in members.enumerated() {
            lines += [
                "  node {", "    ring0_addr: \(Self.address(member.place))", "    nodeid: \(member.id)",
                "    name: node\(member.id)",
            ]
            if index < quorum.votes.count, quorum.votes[index] != QuorumOption.Default.votes {
                lines.append("    quorum_votes: \(quorum.votes[index])")
            }
            lines.append("  }")
        }
        lines.append("}")
        lines.append("quorum {")
        lines += quorumLines.map { "  " + $0 }
        lines.append("}")
        return lines.joined(separator: "\n") + "\n"
    }

    private var quorumLines: [String] {
        var lines: [String] = []
        func write(_ option: QuorumOption, _ value: some CustomStringConvertible) {
            lines.append("\(option.rawValue): \(value)")
        }
        write(.provider, "corosync_votequorum")
        if let votes = quorum.expectedVotes { write(.expectedVotes, votes) }
        if quorum.twoNode { write(.twoNode, 1) }
        if let waits = quorum.waitForAll { write(.waitForAll, waits ? 1 : 0) }
        if let window = quorum.lastManStanding {
            write(.lastManStanding, 1)
            write(.lastManStandingWindow, window)
        }
        if quorum.autoTieBreaker { write(.autoTieBreaker, 1) }
        if let node = quorum.tieBreakerNode { write(.autoTieBreakerNode, node) }
        if quorum.allowDownscale { write(.allowDownscale, 1) }
        if quorum.tracksExpectedVotes { write(.expectedVotesTracking, 1) }
        return lines
    }
}
