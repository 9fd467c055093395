import Totem

/// What losses do to the token (spec: totem.md 7, 16): each costs `token_retransmit`, and a ring breaks when the losses
/// of one turn of the token, from any node back to it, cost more than the timeout leaves.
extension ForecastPlan {
    /// Nanoseconds that the token may come later than on an idle ring's beat.
    package var slack: UInt64 {
        let limit = UInt64(parameters.silenceLimit) * 1_000_000
        return limit > beat ? limit - beat : 0
    }

    /// How many copies of the token must be lost in one turn before the ring breaks.
    package var lossesToBreak: Int { Int(clamping: slack / repetition) + 1 }

    private var repetition: UInt64 { max(UInt64(parameters.tokenRetransmit), 1) * 1_000_000 }

    /// Nanoseconds that so many losses cost on the way from the representative. It counts from when it got the token,
    /// which it has held since: its first repetition comes soon.
    private func representativeCost(_ losses: Int) -> UInt64 {
        guard losses > 0 else { return 0 }
        let hold = UInt64(parameters.hold) * 1_000_000
        return (hold / repetition + UInt64(losses)) * repetition - hold
    }

    /// How many breaks the losses of one beat lead to: each is counted at the hop of its first loss.
    var breaksFromLossPerBeat: Double {
        let loss = Double(network.lossPerMillion) / 1e6
        guard loss > 0, nodes > 1 else { return 0 }
        guard loss < 1 else { return 1 }
        let others = nodes - 1
        var sum = 0.0
        for losses in 0...lossesToBreak + 1 {
            let cost = representativeCost(losses)
            let needed = cost > slack ? 0 : Int(clamping: (slack - cost) / repetition) + 1
            let here = Self.power(loss, losses) * (1 - loss)
            // More losses than that do not happen.
            guard here > 0 else { break }
            let othersLate = Self.tail(needed, hops: others, loss)
            // It begins at the representative …
            if losses > 0 { sum += here * othersLate }
            // … or at one of the others, where then at least one was lost.
            let without = (1 - loss) * Self.tail(needed, hops: others - 1, loss)
            sum += here * Double(others) * max(othersLate - without, 0)
        }
        return min(sum, 1)
    }

    private static func power(_ base: Double, _ exponent: Int) -> Double {
        exponent == 0 ? 1 : Elementary.exp(Double(exponent) * Elementary.log(base))
    }

    /// How likely at least `count` copies are lost on so many hops, each of which repeats until one arrives.
    private static func tail(_ count: Int, hops: Int, _ loss: Double) -> Double {
        guard count > 0 else { return 1 }
        guard hops > 0 else { return 0 }
        var term = power(1 - loss, hops)
        var sum = 0.0
        for losses in 0..<(count + 400) {
            if losses >= count { sum += term }
            guard term > 0 else { break }
            term *= loss * Double(losses + hops) / Double(losses + 1)
        }
        return sum
    }
}
