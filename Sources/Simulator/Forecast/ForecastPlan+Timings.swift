import ClusterConfiguration

extension ForecastPlan {
    /// The longest timeout of a ring that is simulated, in ms: what a node waits for is walked through beat by beat, several
    /// times for each death, and weeks of it would tell nothing.
    package static let longestTimeout: UInt32 = 3_600_000

    /// That a ring with these timings is not simulated, with the line that is at fault; nil when it is.
    package static func refusal(of timings: DerivedTimings) -> ConfigurationError? {
        let parameters: [TimingParameter] = [
            .token, .tokenRetransmit, .hold, .join, .consensus, .merge, .sendJoin, .maxNetworkDelay,
        ]
        for parameter in parameters {
            guard let timing = timings[parameter], case .u32(let number) = timing.value, number > longestTimeout else {
                continue
            }
            return ConfigurationError(
                "no forecast for a ring with \(parameter.key) of \(timing.text) ms",
                origin: timings.origin(of: parameter),
                key: parameter.key,
                value: timing.value.description, permitted: "up to \(longestTimeout) ms, an hour",
                reason: timing.formula.isEmpty ? nil : "it is derived: \(timing.formula)",
                remedy: "lower it, or ask for another value with --set \(parameter.key)=VALUE")
        }
        return nil
    }
}
