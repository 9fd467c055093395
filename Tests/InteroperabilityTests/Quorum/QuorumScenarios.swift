extension QuorumScenario {
    static let all = counting + waiting + shrinking + ties + changing

    /// Votes, expected votes and the majority of them.
    static let counting = [
        QuorumScenario(
            name: "a majority, nodes killed and stopped", lines: [],
            steps: [
                .start([1]), .start([2]), .start([3]), .kill(3), .kill(1), .start([1]), .stop(1), .start([3]),
                .start([1]), .stop(2), .stop(3),
            ]),
        QuorumScenario(
            name: "expected_votes beyond the node list", lines: ["expected_votes: 5"],
            steps: [.start([1, 2]), .start([3]), .stop(2), .start([2])]),
        QuorumScenario(
            name: "expected_votes below the node list", lines: ["expected_votes: 1"],
            steps: [.start([1]), .start([2]), .start([3]), .kill(1), .kill(2)]),
        QuorumScenario(
            name: "votes of the nodes differ", votes: [3, nil, 0], lines: [],
            steps: [.start([2, 3]), .start([1]), .kill(1), .start([1]), .stop(2), .stop(3), .start([2])]),
        QuorumScenario(
            name: "a device is configured but none is there", lines: ["device {", "model: net", "votes: 2", "}"],
            steps: [.start([1, 2]), .start([3]), .kill(2)]),
        QuorumScenario(
            name: "the device's votes are computed", lines: ["device {", "model: net", "}"],
            steps: [.start([1, 2]), .start([3]), .kill(2)]),
    ]

    /// two_node and wait_for_all.
    static let waiting = [
        QuorumScenario(
            name: "two_node", ids: [1, 2], lines: ["two_node: 1"],
            steps: [
                .start([1]), .start([2]), .kill(2), .start([2]), .stop(1), .kill(2), .start([1]), .start([2]),
                .partition([[1], [2]]), .heal,
            ]),
        QuorumScenario(
            name: "two_node without wait_for_all", ids: [1, 2], lines: ["two_node: 1", "wait_for_all: 0"],
            steps: [.start([1]), .start([2]), .kill(1), .start([1]), .stop(2)]),
        QuorumScenario(
            name: "two_node with a third node", lines: ["two_node: 1"],
            steps: [.start([1]), .start([2]), .start([3]), .kill(3), .kill(2)]),
        QuorumScenario(
            name: "wait_for_all", lines: ["wait_for_all: 1"],
            steps: [.start([1, 2]), .start([3]), .kill(3), .kill(2), .start([2]), .start([3]), .stop(1), .start([1])]),
        QuorumScenario(
            name: "wait_for_all is cancelled", lines: ["wait_for_all: 1"],
            steps: [
                .start([1, 2]), .tool(2, ["corosync-cmapctl", "-s", "quorum.cancel_wait_for_all", "u8", "1"]), .kill(2),
                .start([2]),
            ]),
    ]

    /// last_man_standing, allow_downscale and expected_votes_tracking.
    static let shrinking = [
        QuorumScenario(
            name: "last_man_standing", ids: [1, 2, 3, 4],
            lines: ["last_man_standing: 1", "last_man_standing_window: 1000", "wait_for_all: 1"],
            steps: [
                .start([1, 2, 3, 4]), .kill(4), .pass(.milliseconds(1500)), .kill(2), .pass(.milliseconds(1500)),
                .kill(1), .pass(.milliseconds(1500)),
                // As below: those who come back begin by themselves.
                .partition([[3], [1, 2, 4]]), .start([1]), .heal, .partition([[1, 3], [2, 4]]), .start([2, 4]), .heal,
            ]),
        QuorumScenario(
            name: "last_man_standing with auto_tie_breaker", ids: [1, 2, 3, 4],
            lines: ["last_man_standing: 1", "last_man_standing_window: 1000", "auto_tie_breaker: 1"],
            steps: [
                .start([1, 2, 3, 4]), .kill(4), .pass(.milliseconds(1500)), .kill(3), .pass(.milliseconds(1500)),
                .kill(2), .pass(.milliseconds(1500)), .start([2]), .pass(.milliseconds(1500)),
            ]),
        QuorumScenario(
            name: "last_man_standing ends where a node has two votes", votes: [nil, 2, nil],
            lines: ["last_man_standing: 1", "last_man_standing_window: 500"],
            steps: [.start([1, 2, 3]), .kill(3), .pass(.milliseconds(1000))]),
        QuorumScenario(
            name: "allow_downscale", lines: ["allow_downscale: 1", "expected_votes: 2"],
            steps: [
                .start([1, 2]), .start([3]), .stop(3), .stop(2), .forget(2),
                // Heard of by others at once, a starting Corosync takes over what they expect or does not, by the order in
                // which what they say of themselves comes (spec: services.md 6.6 steps 4 and 5). So it begins alone.
                .partition([[1, 3], [2]]), .start([2]), .heal, .forget(3), .start([3]), .kill(3), .stop(2),
            ]),
        QuorumScenario(
            name: "expected_votes_tracking", lines: ["expected_votes_tracking: 1"],
            steps: [
                .start([1, 2]), .start([3]), setExpected(5, on: 1), .kill(2), setExpected(3, on: 3),
                setExpected(4, on: 1),
                .stop(3),
            ]),
    ]
}
