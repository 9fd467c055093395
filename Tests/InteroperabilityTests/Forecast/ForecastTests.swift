import ClusterLab
import Foundation
import Testing

extension Interoperability {
    /// `rondo simulate --config` against real rings in namespaces, under the same network.
    @Suite struct ForecastTests {
        /// How far a real ring may be from its forecast.
        private static let tolerance = 0.10

        private func compare(
            _ what: String, _ subject: ForecastCase, measured: Double?, forecast: Double?, unit: String
        ) throws {
            let measured = try #require(measured, "\(subject.name): \(what) was not measured")
            let forecast = try #require(forecast, "\(subject.name): \(what) was not forecast")
            let deviation = measured / forecast - 1
            Summary.add(
                "forecast   \(pad(subject.name, 26)) \(pad(what, 10)) forecast "
                    + String(
                        format: "%8.1f %@, measured %8.1f %@ (%+.1f %%)", forecast, unit, measured, unit,
                        deviation * 100))
            #expect(abs(deviation) <= Self.tolerance, "\(subject.name): \(what)")
        }

        private func isNear(_ measured: Double?, _ forecast: Double?) -> Bool {
            guard let measured, let forecast else { return false }
            return abs(measured / forecast - 1) <= Self.tolerance
        }

        /// A ring at full load, and what is forecast for it with the turn of a node as it was then.
        private func measure(
            _ ring: ForecastRing, _ program: String
        ) throws -> (load: ForecastRing.Load, forecast: ForecastFigures) {
            let load = try ring.load(program)
            Summary.add(
                "forecast   \(pad(ring.subject.name, 26)) \(pad("turn", 10)) "
                    + String(format: "measured %8.3f ms, an input of the forecasts under load", load.turn))
            return (load, try ring.subject.forecast(try ring.configurationFile(), turn: load.turn))
        }

        /// Each ring at full load, one after the other, and those that are not as forecast again, up to five times in all.
        ///
        /// The host of a virtual machine takes its processors away for a minute now and then: a tenth to a third of the
        /// time is stolen and a sleep of a millisecond takes fifty. Then neither packets nor programs keep to anything, so
        /// such a minute is waited for to end.
        private func measureLoads(
            _ rings: [ForecastRing], _ program: String
        ) throws -> [(load: ForecastRing.Load, forecast: ForecastFigures)] {
            var measured: [(load: ForecastRing.Load, forecast: ForecastFigures)] = []
            for ring in rings {
                try awaitProcessors([ring])
                measured.append(try measure(ring, program))
            }
            for _ in 1...4 {
                let others = measured.indices.filter {
                    let (load, forecast) = measured[$0]
                    return !isNear(load.messages, forecast.messagesPerSecond)
                        || !isNear(load.rotation, forecast.rotation)
                }
                guard !others.isEmpty else { break }
                for index in others {
                    let (load, forecast) = measured[index]
                    print(
                        "\(rings[index].subject.name): \(load.messages) messages/s, rotation \(load.rotation) ms where "
                            + "\(forecast.messagesPerSecond) and \(forecast.rotation) are forecast, with "
                            + "\(percent(load.stolen)) of the processors' time stolen; once more")
                    try awaitProcessors([rings[index]])
                    measured[index] = try measure(rings[index], program)
                }
            }
            return measured
        }

        /// Four deaths on each ring, all rings at once, in rounds of which next to nothing was stolen; and four more where
        /// these leave a ring far from its forecast, since the median of four is a rough one.
        private func measureDeaths(_ rings: [ForecastRing], _ forecasts: [ForecastFigures]) throws {
            var round = 0
            var disturbed = 0
            func areNear() -> Bool {
                zip(rings, forecasts).allSatisfy { isNear($0.failovers.median, $1.failover) }
            }
            while round < 4 || round < 8 && !areNear() {
                try awaitProcessors(rings)
                // The next deaths come at another moment of the beat.
                try rings.map(\.lab).rest(.milliseconds(130 * (round + disturbed)))
                let times = try ProcessorTimes.now
                for ring in rings { try ring.kill() }
                let failovers = try rings.map { try $0.awaitFailover() }
                let stolen = try ProcessorTimes.now.stolenShare(since: times)
                for ring in rings { try ring.restart() }
                for ring in rings { try ring.awaitWhole() }
                if stolen < Self.tolerableShare || ContinuousClock.now >= patience {
                    for (ring, time) in zip(rings, failovers) { ring.failovers.append(time) }
                    round += 1
                } else {
                    print(
                        "failovers of \(failovers) ms with \(percent(stolen)) of the processors' time stolen do not count"
                    )
                    disturbed += 1
                }
                if round == 4, !areNear() { print("failovers of \(rings.map(\.failovers)) ms; four more") }
            }
        }

        /// When what the host takes away is no longer waited for.
        private let patience = ContinuousClock.now + .seconds(360)

        /// The share of the processors' time that may be stolen while something is measured.
        private static let tolerableShare = 0.005

        private func percent(_ share: Double) -> String { String(format: "%.1f %%", share * 100) }

        /// Until next to nothing of the processors' time is stolen, or patience is at its end.
        private func awaitProcessors(_ rings: [ForecastRing]) throws {
            repeat {
                let times = try ProcessorTimes.now
                try rings.map(\.lab).rest(.seconds(2))
                if try ProcessorTimes.now.stolenShare(since: times) < Self.tolerableShare { return }
            } while ContinuousClock.now < patience
            print("the host takes the processors away; going on all the same")
        }

        @Test("Three rings lie within 10 % of their forecasts")
        func comparison() throws {
            let rings = try ForecastCase.all.map(ForecastRing.init)
            defer { rings.map(\.lab).close() }
            print("the network is shaped by \(rings.first?.shaper.description ?? "nobody")")
            let forecasts = try rings.map { try $0.subject.forecast(try $0.configurationFile()) }

            // Idle rings need next to no processor time: all of them at once.
            try rings.map(\.lab).rest(.seconds(2))
            let captures = try rings.map { try $0.lab.node(2).capture("udp port 5405") }
            try rings.map(\.lab).rest(.seconds(8))
            let beats = try zip(rings, captures).map { ring, capture in
                try capture.finish().tokenIntervals(at: ring.lab.node(2).address).median
            }
            try measureDeaths(rings, forecasts)
            for ring in rings where ring.subject.pause != nil {
                for node in 1...3 {
                    try ring.pauseOnce(node)
                    try [ring.lab].rest(.milliseconds(800 + 190 * node))
                }
            }
            let program = try LoadSource.build(in: rings[0].lab.folder)
            let busy = try measureLoads(rings, program)
            for (index, ring) in rings.enumerated() {
                let (forecast, load) = (forecasts[index], busy[index].load)
                try compare("heartbeat", ring.subject, measured: beats[index], forecast: forecast.heartbeat, unit: "ms")
                try compare(
                    "failover", ring.subject, measured: ring.failovers.median, forecast: forecast.failover, unit: "ms")
                if ring.subject.pause != nil {
                    try compare(
                        "break", ring.subject, measured: ring.breaks.median, forecast: forecast.breakLength, unit: "ms")
                }
                try compare(
                    "rotation", ring.subject, measured: load.rotation, forecast: busy[index].forecast.rotation,
                    unit: "ms")
                try compare(
                    "throughput", ring.subject, measured: load.messages,
                    forecast: busy[index].forecast.messagesPerSecond, unit: "/s")
            }
        }
    }
}

/// The benchmark's member of a process group that sends as fast as it is let.
private enum LoadSource {
    static func build(in folder: String) throws -> String {
        let program = folder + "/cpg-load"
        let result = try run(
            ["cc", "-O2", "-o", program, Checkout.root + "/Benchmarks/load/cpg-load.c", "-lcpg"], within: .seconds(60))
        guard result.succeeded else {
            throw LabError.commandFailed(
                command: result.command, status: "\(result.status)", output: result.output + result.errors)
        }
        return program
    }
}
