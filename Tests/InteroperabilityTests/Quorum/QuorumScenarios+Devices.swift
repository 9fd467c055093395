extension QuorumScenario {
    private static func device(_ votes: Int?, _ algorithm: String) -> [String] {
        ["device {", "model: net", "timeout: 2000", "sync_timeout: 4000"] + (votes.map { ["votes: \($0)"] } ?? [])
            + ["net {", "host: 10.77.0.3", "algorithm: \(algorithm)", "tls: off", "}", "}"]
    }

    /// Two nodes and a machine with corosync-qnetd that has the casting vote.
    static let devices = [
        QuorumScenario(
            name: "a device for an even split", ids: [1, 2], arbiter: true, lines: device(1, "ffsplit"),
            steps: [
                .start([1]), .start([2]), .startDevice(1), .startDevice(2), .await(1, quorate: true, total: 3),
                .await(2, quorate: true, total: 3), .kill(1), .await(2, quorate: true, total: 2), .start([1]),
                .startDevice(1), .await(1, quorate: true, total: 3), .kill(2), .await(1, quorate: true, total: 2),
                .start([2]), .startDevice(2), .await(2, quorate: true, total: 3), .partition([[1, 3], [2]]),
                .await(1, quorate: true, total: 2), .await(2, quorate: false, total: 1), .heal,
                .await(2, quorate: true, total: 3), .partition([[1, 2], [3]]), .await(1, quorate: true, total: 2),
                .await(2, quorate: true, total: 2), .heal, .await(1, quorate: true, total: 3), .stopDevice(2),
                .await(2, quorate: true, total: 2), .stop(1), .await(2, quorate: false, total: 1),
            ]),
        QuorumScenario(
            name: "a device for the last man standing", ids: [1, 2], arbiter: true, lines: device(nil, "lms"),
            steps: [
                .start([1, 2]), .startDevice(1), .startDevice(2), .await(1, quorate: true, total: 3),
                .await(2, quorate: true, total: 3), .kill(2), .await(1, quorate: true, total: 2), .start([2]),
                .startDevice(2), .await(2, quorate: true, total: 3), .stopDevice(1), .await(1, quorate: true, total: 2),
                .startDevice(1), .await(1, quorate: true, total: 3),
            ]),
    ]
}
