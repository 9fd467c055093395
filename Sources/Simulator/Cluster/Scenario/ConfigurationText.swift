import Basics
import TotemWire

/// A corosync.conf, written as administrators write it and read as the daemon reads it.
package struct ConfigurationText: Sendable, Equatable {
    /// Keys of the `totem` section beside those every file has.
    package var totem: [(key: String, value: UInt64)] = []
    package var members: [Member]
    package var quorum: QuorumOptions
    package var configVersion: UInt64?
    /// Keys of the `rondo` section.
    package var rondo: [(key: String, value: UInt64)] = []
    /// What carries the ring's packets; nil for transport udpu.
    package var links: NodeLinks?

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

    package static func == (a: ConfigurationText, b: ConfigurationText) -> Bool {
        a.text == b.text && a.links == b.links
    }

    /// The address of a node on a link.
    static func address(_ place: Int, link: Int) -> IPAddress {
        .v4(0x0A00_0000 | UInt32(link) << 16 | UInt32(place / 200) << 8 | UInt32(place % 200 + 1))
    }

    static let linkLimit = 8

    /// The file, the same on all nodes.
    package var text: String {
        var lines = ["totem {", "  version: 2", "  cluster_name: simulated"]
        lines += (links?.lines ?? ["transport: udpu"]).map { "  " + $0 }
        if let configVersion { lines.append("  config_version: \(configVersion)") }
        for (key, value) in totem { lines.append("  \(key): \(value)") }
        lines.append("}")
        lines.append("nodelist {")
        for (index, member) in members.enumerated() {
            lines.append("  node {")
            for link in 0..<max(links?.links.count ?? 1, 1) {
                lines.append("    ring\(link)_addr: \(Self.address(member.place, link: link))")
            }
            lines += ["    nodeid: \(member.id)", "    name: node\(member.id)"]
            if index < quorum.votes.count, quorum.votes[index] != QuorumOption.Default.votes {
                lines.append("    quorum_votes: \(quorum.votes[index])")
            }
            lines.append("  }")
        }
        lines.append("}")
        lines.append("quorum {")
        lines += quorumLines.map { "  " + $0 }
        lines.append("}")
        if !rondo.isEmpty { lines += ["rondo {"] + rondo.map { "  \($0.key): \($0.value)" } + ["}"] }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Nothing follows from silence but that the token is missed, as with Corosync.
    var isPatient: Bool { rondo.contains { $0.key == "silence" && $0.value == 0 } }

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
