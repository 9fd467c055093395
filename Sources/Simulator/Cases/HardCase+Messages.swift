import Totem
import TotemWire

/// Messages on the edge of being lost.
extension HardCase {
    static let messages = [
        HardCase(
            name: "last-message-lost",
            summary: "Node 3 dies after a message that only node 1 got: all survivors deliver it, or none.",
            scenario: lastMessage
        ) { outcome in
            outcome.hasRing(of: ids(1, 2), together: true) ? nil : "nodes 1 and 2 did not go on together"
        },
        HardCase(
            name: "programs-do-not-keep-up",
            summary: "The local programs of all nodes do not keep up for five seconds: the ring slows down, and stays.",
            scenario: slowPrograms
        ) { outcome in
            let later = outcome.installations(by: ids(1, 2, 3), between: 1000, and: .max / 1_000_000)
            return later.isEmpty ? nil : "a ring was formed anew"
        },
        HardCase(
            name: "message-nobody-got",
            summary: "Node 3 dies after messages that nobody got: the ring goes on without a gap.",
            scenario: nobodyGotIt
        ) { outcome in
            outcome.hasRing(of: ids(1, 2), together: true) ? nil : "nodes 1 and 2 did not go on together"
        },
    ]

    private static let slowPrograms: Scenario = quiet(
        3, calmAt: 7000, sends: 2_000,
        [1, 2, 3].map { at(1000 + 10 * UInt64($0), .own(.lag(node: $0 - 1, milliseconds: 5000))) })

    private static let lastMessage: Scenario = {
        var scenario = quiet(
            3,
            [
                at(995, .lose(LossRule(.mcast, from: 2, to: 1, count: 1_000_000))),
                at(1020, .crash(node: 2, sending: 0)),
            ])
        scenario.workload.paces = [.silent, .silent, .steady(microseconds: 5_000)]
        scenario.comesBack[2] = false
        return scenario
    }()

    private static let nobodyGotIt: Scenario = {
        var scenario = quiet(
            3,
            [
                at(995, .lose(LossRule(.mcast, from: 2, count: 1_000_000))),
                at(1020, .crash(node: 2, sending: 0)),
            ])
        scenario.workload.paces = [.silent, .silent, .steady(microseconds: 5_000)]
        scenario.comesBack[2] = false
        return scenario
    }()
}
