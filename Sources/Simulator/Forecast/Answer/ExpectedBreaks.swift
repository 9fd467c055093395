import Totem

/// What the losses and pauses of a plan lead to by computation, one cause at a time. A few simulated days cannot show
/// what happens once in years; this can, and where both can the simulation tells whether it is right.
package struct ExpectedBreaks: Sendable, Equatable {
    /// How often a year a node stands still for so long that another one misses the token.
    package var fromPauses = 0.0
    /// How often a year so many copies of the token are lost, one soon after the other, that it comes too late.
    package var fromLoss = 0.0
    /// How often a year a node stands still for so long that the others go on without it.
    package var exclusions = 0.0

    package var breaks: Double { fromPauses + fromLoss }

    private static let year = 365.25 * 86_400e9

    package init(_ plan: ForecastPlan) {
        guard plan.nodes > 1 else { return }
        let beat = Double(plan.beat)
        let timeout = Double(plan.parameters.silenceLimit) * 1e6
        if let pauses = plan.pauses {
            let perYear = Double(plan.nodes) * Self.year / (Double(pauses.every) + Double(pauses.length.mean))
            // The token comes to the paused node at any moment of its pause's first beat.
            func share(beyond limit: Double) -> Double {
                let steps = 64
                var sum = 0.0
                for step in 0..<steps {
                    sum += pauses.length.share(beyond: limit - beat + beat * (Double(step) + 0.5) / Double(steps))
                }
                return sum / Double(steps)
            }
            fromPauses = perYear * share(beyond: timeout)
            exclusions = perYear * share(beyond: timeout + Double(plan.parameters.consensus) * 1e6)
        }
        fromLoss = Self.year / beat * plan.breaksFromLossPerBeat
    }
}

extension RingParameters {
    /// Milliseconds of silence after which a node gives the ring up: the token timeout, or that of the heartbeat.
    package var silenceLimit: UInt32 {
        guard heartbeatFailuresAllowed > 0 else { return token }
        let heartbeat = UInt64(heartbeatFailuresAllowed) * UInt64(tokenRetransmit) + UInt64(maxNetworkDelay)
        return UInt32(clamping: min(heartbeat, UInt64(token)))
    }
}

extension DurationDistribution {
    /// The share of durations above `limit` nanoseconds.
    func share(beyond limit: Double) -> Double {
        guard limit > 0 else { return 1 }
        switch self {
        case .constant(let value):
            return Double(value) > limit ? 1 : 0
        case .uniform(let low, let high):
            guard high > low else { return Double(low) > limit ? 1 : 0 }
            return min(max((Double(high) - limit) / Double(high - low), 0), 1)
        case .exponential(let mean):
            return mean == 0 ? 0 : Elementary.exp(-limit / Double(mean))
        case .logNormal(let median, let sigma):
            guard median > 0, sigma > 0 else { return Double(median) > limit ? 1 : 0 }
            return Elementary.normalShare(beyond: Elementary.log(limit / Double(median)) / sigma)
        case .pareto(let shortest):
            let ratio = Double(shortest) / limit
            return ratio >= 1 ? 1 : ratio * ratio
        }
    }
}

extension Elementary {
    /// The share of a standard normal distribution above `x`: by its continued fraction far out, by its series near the
    /// middle.
    static func normalShare(beyond x: Double) -> Double {
        if x < 0 { return 1 - normalShare(beyond: -x) }
        let density = exp(-x * x / 2) / (2 * Double.pi).squareRoot()
        guard x >= 3 else {
            var term = x
            var sum = x
            for odd in stride(from: 3.0, through: 81, by: 2) {
                term *= x * x / odd
                sum += term
            }
            return 0.5 - density * sum
        }
        var fraction = 0.0
        for step in stride(from: 60.0, through: 1, by: -1) { fraction = step / (x + fraction) }
        return density / (x + fraction)
    }
}
