import ClusterLab
import Foundation
import Testing

extension Interoperability {
    /// The beat of an idle ring, seen from outside.
    @Suite struct HeartbeatTests {
        /// What one ring's tokens looked like at node 2.
        private struct Beat {
            let engine: Engine
            let name: String
            let hold: Double
            let intervals: [Double]
        }

        private static let configurations: [(name: String, configuration: RingConfiguration)] = [
            ("defaults", RingConfiguration()),
            ("token 1000", RingConfiguration(totem: [("token", "1000")])),
            (
                "token 5000, 10 retransmits",
                RingConfiguration(totem: [
                    ("token", "5000"), ("token_coefficient", "0"), ("token_retransmits_before_loss_const", "10"),
                ])
            ),
        ]

        @Test("An idle ring beats once per hold time, Rondo's as Corosync's")
        func heartbeat() throws {
            var rings: [(name: String, mixture: Mixture, lab: Laboratory)] = []
            defer { for ring in rings { ring.lab.close() } }
            for mixture in [Mixture.corosyncAlone, .rondoAlone] where try mixture.absence == nil {
                for (name, configuration) in Self.configurations {
                    let lab = try Laboratory(nodes: 3)
                    rings.append((name, mixture, lab))
                    try lab.configure(configuration)
                    try lab.start(mixture.engines)
                }
            }
            for ring in rings { try ring.lab.awaitRing(within: ring.lab.startLimit) }
            // The rings spin thirty times after their last message before they rest.
            try rings.map(\.lab).rest(.seconds(3))
            let captures = try rings.map { try $0.lab.node(2).capture("udp port 5405") }
            try rings.map(\.lab).rest(.seconds(20))
            var beats: [Beat] = []
            for (ring, capture) in zip(rings, captures) {
                let intervals = try capture.finish().tokenIntervals(at: ring.lab.node(2).address)
                beats.append(
                    Beat(
                        engine: ring.mixture.engines[0], name: ring.name, hold: ring.lab.timings.hold,
                        intervals: intervals))
            }
            for beat in beats {
                let median = try #require(beat.intervals.median, "\(beat.engine), \(beat.name): no tokens seen")
                #expect(abs(median - beat.hold) < beat.hold * 0.1, "\(beat.engine), \(beat.name)")
            }
            for (name, _) in Self.configurations { report(beats.filter { $0.name == name }) }
        }

        private func report(_ beats: [Beat]) {
            for beat in beats {
                let figures = [beat.intervals.median, beat.intervals.min(), beat.intervals.max()].map {
                    $0.map { String(format: "%7.1f", $0) } ?? "      -"
                }
                Summary.add(
                    "heartbeat  \(pad(beat.name, 28)) \(pad(beat.engine.description, 9)) computed "
                        + String(format: "%5.0f", beat.hold)
                        + " ms, measured median \(figures[0]) ms (min \(figures[1]), max \(figures[2]), "
                        + "\(beat.intervals.count) beats)")
            }
        }
    }
}

func pad(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
}
