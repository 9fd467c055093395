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
            let mixtures = try [Mixture.corosyncAlone, .rondoAlone].available
            let labs = try mixtures.rings(Self.configurations.map(\.configuration))
            defer { labs.close() }
            // The rings spin thirty times after their last message before they rest.
            try labs.rest(.seconds(3))
            let captures = try labs.map { try $0.node(2).capture("udp port 5405") }
            try labs.rest(.seconds(20))
            let subjects = mixtures.flatMap { mixture in Self.configurations.map { (mixture.engines[0], $0.name) } }
            let beats = try zip(subjects, zip(labs, captures)).map { subject, ring in
                let (lab, capture) = ring
                return Beat(
                    engine: subject.0, name: subject.1, hold: lab.timings.hold,
                    intervals: try capture.finish().tokenIntervals(at: lab.node(2).address))
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
