import ClusterLab
import Testing

/// Nodes that come and go, one step after the other, under one quorum section.
struct QuorumScenario: CustomTestStringConvertible, Sendable {
    enum Step: Sendable, CustomStringConvertible {
        /// These nodes start together.
        case start([Int])
        case stop(Int)
        case kill(Int)
        case partition([[Int]])
        case heal
        /// A tool on a node; what it says and how it ends is part of the comparison.
        case tool(Int, [String])
        /// Time passes: a window ends.
        case pass(Duration)
        /// The stored highest number of votes is lost, as Corosync always loses it (spec: services.md 13 item 14).
        case forget(Int)
        /// corosync-qdevice starts on a node.
        case startDevice(Int)
        /// corosync-qdevice ends on a node, having said so.
        case stopDevice(Int)
        /// Goes on when the node counts so many votes.
        case await(Int, quorate: Bool, total: Int)
        /// All nodes get another quorum section and other votes, and one of them reloads.
        case reload(lines: [String], votes: [UInt32?])

        var description: String {
            switch self {
            case .start(let nodes): "start \(nodes)"
            case .stop(let node): "stop \(node)"
            case .kill(let node): "kill \(node)"
            case .partition(let sets): "partition \(sets)"
            case .heal: "heal"
            case .tool(let node, let words): "on \(node): \(words.joined(separator: " "))"
            case .pass(let time): "\(time.milliseconds) ms pass"
            case .forget(let node): "the tracked votes of \(node) are lost"
            case .startDevice(let node): "a device for \(node)"
            case .stopDevice(let node): "no device for \(node)"
            case .await(let node, let quorate, let total):
                "\(node) has \(total) votes and is \(quorate ? "quorate" : "not quorate")"
            case .reload(let lines, let votes):
                "reload with \(lines) and votes \(votes.map { $0.map { "\($0)" } ?? "-" })"
            }
        }
    }

    let name: String
    /// Node ids.
    var ids: [UInt32] = [1, 2, 3]
    /// `quorum_votes` of the nodes, where given.
    var votes: [UInt32?] = []
    /// One more machine, after the nodes, with corosync-qnetd.
    var arbiter = false
    /// Lines of the quorum section after the provider.
    let lines: [String]
    let steps: [Step]

    var testDescription: String { name }

    /// A token of 500 ms however many nodes there are: most steps end with a lost or a found node.
    func configuration(lines: [String]? = nil, votes: [UInt32?]? = nil) -> RingConfiguration {
        var configuration = RingConfiguration(totem: [("token", "500"), ("token_coefficient", "0")])
        configuration.quorum = true
        configuration.quorumLines = lines ?? self.lines
        let votes = votes ?? self.votes
        configuration.nodes = ids.enumerated().map { index, id in
            NodeAddress(
                id: id, addresses: ["10.77.0.\(index + 1)"], votes: votes.indices.contains(index) ? votes[index] : nil)
        }
        return configuration
    }

    static func setExpected(_ votes: Int, on node: Int) -> Step {
        .tool(node, ["corosync-quorumtool", "-e", "\(votes)"])
    }

    static func setVotes(_ votes: Int, of id: UInt32, on node: Int) -> Step {
        .tool(node, ["corosync-quorumtool", "-v", "\(votes)", "-n", "\(id)"])
    }
}
