extension QuorumScenario {
    /// auto_tie_breaker in all its forms.
    static let ties = [
        QuorumScenario(
            name: "auto_tie_breaker: the lowest", ids: [1, 2, 3, 4], lines: ["auto_tie_breaker: 1"],
            steps: [
                .start([1, 2, 3, 4]), .partition([[1, 2], [3, 4]]), .heal, .partition([[2, 3, 4], [1]]), .heal,
                .kill(1),
                .stop(3), .start([1]),
            ]),
        QuorumScenario(
            name: "auto_tie_breaker: the highest", ids: [1, 2, 3, 4],
            lines: ["auto_tie_breaker: 1", "auto_tie_breaker_node: highest"],
            steps: [.start([1, 2]), .start([3, 4]), .partition([[1, 2], [3, 4]]), .kill(4), .heal]),
        QuorumScenario(
            name: "auto_tie_breaker: a list", ids: [1, 2, 3, 4],
            lines: ["auto_tie_breaker: 1", "auto_tie_breaker_node: 3 2 9"],
            steps: [
                .start([1, 2, 3, 4]), .partition([[1, 2], [3, 4]]), .heal, .kill(3), .kill(4), .start([3, 4]),
                .partition([[1, 4], [2, 3]]), .heal,
            ]),
        QuorumScenario(
            name: "auto_tie_breaker of an odd cluster waits for all",
            lines: ["auto_tie_breaker: 1", "wait_for_all: 1"],
            steps: [.start([1, 2]), .start([3]), .stop(3), .kill(2), .start([2])]),
        QuorumScenario(
            name: "auto_tie_breaker of an odd cluster alone is off", lines: ["auto_tie_breaker: 1"],
            steps: [.start([1, 2, 3]), .kill(3), .kill(2)]),
        QuorumScenario(
            name: "auto_tie_breaker follows the number of votes", lines: ["auto_tie_breaker: 1"],
            steps: [
                .start([1, 2, 3]), .reload(lines: ["auto_tie_breaker: 1"], votes: [2, nil, nil]),
                .partition([[1], [2, 3]]), .heal, .reload(lines: ["auto_tie_breaker: 1"], votes: []),
                .partition([[1], [2, 3]]),
            ]),
        QuorumScenario(
            name: "auto_tie_breaker_node without auto_tie_breaker", ids: [1, 2],
            lines: ["auto_tie_breaker_node: highest"], steps: [.start([1, 2]), .kill(1)]),
        QuorumScenario(
            name: "auto_tie_breaker_node that is none", ids: [1, 2],
            lines: ["auto_tie_breaker: 1", "auto_tie_breaker_node: middle"], steps: [.start([1, 2]), .kill(2)]),
        QuorumScenario(
            name: "two_node gives way to auto_tie_breaker", ids: [1, 2], lines: ["two_node: 1", "auto_tie_breaker: 1"],
            steps: [.start([1]), .start([2]), .partition([[1], [2]]), .heal]),
        QuorumScenario(
            name: "node ids beyond 31 bits", ids: [7, 3_000_000_000, 4_000_000_000, 5], lines: ["auto_tie_breaker: 1"],
            steps: [.start([1, 2, 3, 4]), .partition([[1, 4], [2, 3]]), .heal]),
    ]
}
