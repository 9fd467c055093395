extension QuorumScenario {
    private static func set(_ key: String, _ type: String, _ value: String, on node: Int) -> Step {
        .tool(node, ["corosync-cmapctl", "-s", key, type, value])
    }

    /// What administrators change while the ring runs.
    static let changing = [
        QuorumScenario(
            name: "expected votes are set", lines: [],
            steps: [
                .start([1, 2, 3]), setExpected(5, on: 2), .stop(3), setExpected(6, on: 1), setExpected(1, on: 1),
                setExpected(2, on: 1), .start([3]), setExpected(0, on: 3), .kill(2), .kill(1), setExpected(1, on: 3),
            ]),
        QuorumScenario(
            name: "votes are set", lines: [],
            steps: [
                .start([1, 2, 3]), setVotes(3, of: 1, on: 2), .kill(2), setVotes(0, of: 3, on: 3),
                setVotes(2, of: 2, on: 1), setVotes(5, of: 8, on: 1), .start([2]), setVotes(1, of: 1, on: 1), .stop(1),
                .start([1]),
            ]),
        QuorumScenario(
            name: "keys of the map are set", lines: [],
            steps: [
                .start([1, 2, 3]), set("quorum.expected_votes", "u32", "4", on: 1),
                set("nodelist.node.1.quorum_votes", "u32", "2", on: 2), set("quorum.two_node", "u8", "1", on: 3),
                set("quorum.wait_for_all", "u8", "1", on: 1),
                // Corosync reads a deleted key once more, so the deletion shows with the next change.
                .tool(
                    1, ["sh", "-c", "corosync-cmapctl -d quorum.expected_votes; corosync-cmapctl -s quorum.note u8 1"]),
                .kill(3),
            ]),
        QuorumScenario(
            name: "the configuration is reloaded", lines: [],
            steps: [
                .start([1, 2, 3]), .reload(lines: ["expected_votes: 5"], votes: []),
                .reload(lines: [], votes: [nil, 3, nil]), .kill(2),
                .reload(lines: ["two_node: 1"], votes: []), .start([2]),
            ]),
        QuorumScenario(
            name: "two_node is reloaded away and back", ids: [1, 2], lines: ["two_node: 1"],
            steps: [
                .start([1]), .reload(lines: [], votes: []), .start([2]), .reload(lines: ["two_node: 1"], votes: []),
                .kill(2),
            ]),
        QuorumScenario(
            name: "a device comes and goes with the configuration", lines: [],
            steps: [
                .start([1, 2, 3]), .reload(lines: ["device {", "model: net", "votes: 2", "}"], votes: []), .kill(3),
                .reload(lines: [], votes: []),
            ]),
    ]
}
