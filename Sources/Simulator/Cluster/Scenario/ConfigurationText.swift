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
            if index < quorum.votes.count, quorum.votes[index] != 1 {
                lines.append("    quorum_votes: \(quorum.votes[index])")
            }
            lines.append("  }")
        }
        lines.append("}")
        lines.append("quorum {")
        lines.append("  provider: corosync_votequorum")
        lines += quorumLines.map { "  " + $0 }
        lines.append("}")
        return lines.joined(separator: "\n") + "\n"
    }

    private var quorumLines: [String] {
        var lines: [String] = []
        if let votes = quorum.expectedVotes { lines.append("expected_votes: \(votes)") }
        if quorum.twoNode { lines.append("two_node: 1") }
        if let waits = quorum.waitForAll { lines.append("wait_for_all: \(waits ? 1 : 0)") }
        if let window = quorum.lastManStanding {
            lines += ["last_man_standing: 1", "last_man_standing_window: \(window)"]
        }
        if quorum.autoTieBreaker { lines.append("auto_tie_breaker: 1") }
        if let node = quorum.tieBreakerNode { lines.append("auto_tie_breaker_node: \(node)") }
        if quorum.allowDownscale { lines.append("allow_downscale: 1") }
        if quorum.tracksExpectedVotes { lines.append("expected_votes_tracking: 1") }
        return lines
    }
}
