import ClusterConfiguration
import ClusterEngine
import Totem

/// The token timeout that a wanted rate of false failures asks for.
package struct TokenSearch: Sendable {
    /// The value of `totem.token`, in ms, and what follows from it for this number of nodes.
    package struct Answer: Sendable, Equatable {
        package var configured: UInt32
        package var effective: UInt32
        package var breaksAYear: Double
        /// From the loss of a node's machine to the new ring, at most.
        package var longestFailover: Microseconds
    }

    package let wanted: Double
    /// What is set now.
    package let present: Answer
    /// The least that does, in steps of a quarter of a second; nil when ten minutes do not either.
    package let needed: Answer?

    private static let step: UInt32 = 250
    private static let longest: UInt32 = 600_000

    /// - Parameter rondo: what the configuration says of beats and silence.
    package init(_ plan: ForecastPlan, _ inputs: TimingInputs, rondo: RondoSettings, breaksAYear wanted: Double) {
        self.wanted = wanted
        func answer(_ token: UInt32?) -> Answer {
            var asked = inputs
            if let token { asked.set("totem.token", .u32(token), source: .override) }
            let timings = DerivedTimings(asked).totem
            var other = plan
            other.parameters = RingParameters(
                timings, netMTU: plan.parameters.netMTU, maximumDatagram: plan.parameters.maximumDatagram)
            let hop = Microseconds(plan.network.usualHop)
            return Answer(
                configured: token ?? inputs.given(.token)?.value.asU32 ?? TimingParameter.token.defaultValue ?? 0,
                effective: timings.token, breaksAYear: ExpectedBreaks(other).breaks,
                longestFailover: FailureTimeline.ofLoss(timings, hop: hop, rondo: rondo)?.longest ?? .zero)
        }
        present = answer(nil)
        // Longer timeouts never break more often.
        var low: UInt32 = 1
        var high = Self.longest / Self.step
        guard answer(high * Self.step).breaksAYear <= wanted else {
            needed = nil
            return
        }
        while low < high {
            let middle = (low + high) / 2
            if answer(middle * Self.step).breaksAYear <= wanted { high = middle } else { low = middle + 1 }
        }
        needed = answer(high * Self.step)
    }

    package var isEnough: Bool { present.breaksAYear <= wanted }
}
