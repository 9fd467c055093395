/// The network as scenario texts write it.
extension NetworkConditions {
    var text: String {
        var text = " delay \(Measure.microseconds.text(delay)) jitter \(Measure.microseconds.text(jitter))"
        if let spread { text += " spread " + spread.text }
        if turn > 0 { text += " turn \(Measure.nanoseconds.text(turn))" }
        if lossPerMillion > 0 { text += " loss \(lossPerMillion)" }
        if duplicatePerMillion > 0 { text += " duplicates \(duplicatePerMillion)" }
        if flipPerMillion > 0 { text += " flips \(flipPerMillion)" }
        if slowPerMillion > 0 || slowness > 0 {
            text += " slow \(slowPerMillion) by \(Measure.microseconds.text(slowness))"
        }
        if !keepsOrder { text += " reorders" }
        return text
    }

    static func read(_ words: inout LineWords) throws(ScenarioTextError) -> NetworkConditions {
        var network = NetworkConditions()
        while !words.isEmpty {
            let word = try words.next("a condition")
            switch word {
            case "delay": network.delay = try time(&words)
            case "jitter": network.jitter = try time(&words)
            case "spread": network.spread = try .read(&words)
            case "turn":
                network.turn = try words.duration(.nanoseconds, "a time", in: 0...TextLimits.longestDelay * 1000)
            case "loss": network.lossPerMillion = try words.millionths("a loss per million")
            case "duplicates": network.duplicatePerMillion = try words.millionths("a number per million")
            case "flips": network.flipPerMillion = try words.millionths("a number per million")
            case "slow":
                network.slowPerMillion = try words.millionths("a number per million")
                try words.expect("by")
                network.slowness = try time(&words)
            case "reorders": network.keepsOrder = false
            default:
                throw words.failure(
                    .unknownWord(
                        String(word),
                        expected: "one of delay, jitter, spread, turn, loss, duplicates, flips, slow, reorders"))
            }
        }
        return network
    }

    private static func time(_ words: inout LineWords) throws(ScenarioTextError) -> UInt64 {
        try words.duration(.microseconds, "a time", in: 0...TextLimits.longestDelay)
    }
}

extension DurationDistribution {
    fileprivate var text: String {
        let time = Measure.nanoseconds
        return switch self {
        case .constant(let value): "constant \(time.text(value))"
        case .uniform(let low, let high): "uniform \(time.text(low)) \(time.text(high))"
        case .pareto(let shortest): "pareto \(time.text(shortest))"
        case .exponential(let mean): "exponential \(time.text(mean))"
        case .logNormal(let median, let sigma): "lognormal \(time.text(median)) \(sigma)"
        }
    }

    fileprivate static func read(_ words: inout LineWords) throws(ScenarioTextError) -> DurationDistribution {
        func time(_ words: inout LineWords) throws(ScenarioTextError) -> UInt64 {
            try words.duration(.nanoseconds, "a time", in: 0...TextLimits.longestDelay * 1000)
        }
        let kind = try words.next("a distribution")
        switch kind {
        case "constant": return .constant(try time(&words))
        case "uniform": return .uniform(try time(&words), try time(&words))
        case "exponential": return .exponential(mean: try time(&words))
        case "pareto": return .pareto(shortest: try time(&words))
        case "lognormal":
            let median = try time(&words)
            let word = try words.next("a sigma")
            guard let sigma = Double(word), (0...2).contains(sigma) else {
                throw words.failure(.notANumber(String(word), of: "a sigma", range: 0...2))
            }
            return .logNormal(median: median, sigma: sigma)
        default:
            throw words.failure(
                .unknownWord(String(kind), expected: "one of constant, uniform, exponential, pareto, lognormal"))
        }
    }
}
