/// Something an administrator should know about a configuration.
public struct Advice: Sendable, Hashable {
    public enum Weight: String, Sendable, Hashable {
        /// Worth knowing; nothing need be done.
        case note
        /// Likely to hurt.
        case warning
    }

    public var weight: Weight
    /// The key to look at, such as `totem.consensus`.
    public var key: String
    public var origin: Origin?
    public var text: String
    public var remedy: String

    public init(_ weight: Weight, _ key: String, origin: Origin? = nil, _ text: String, remedy: String) {
        self.weight = weight
        self.key = key
        self.origin = origin
        self.text = text
        self.remedy = remedy
    }
}

extension DerivedTimings {
    /// Risky combinations, warnings first (spec: configuration.md 5.1, 9.6).
    ///
    /// - Parameter hop: how long the token takes from one node to the next.
    public func advice(hop: Microseconds) -> [Advice] {
        let found =
            consensusAdvice() + tokenAdvice(hop: hop) + retransmissionAdvice(hop: hop) + holdAdvice()
            + heartbeatAdvice() + membershipAdvice() + windowAdvice() + linkAdvice(hop: hop)
        return found.filter { $0.weight == .warning } + found.filter { $0.weight == .note }
    }

    func advice(
        _ weight: Advice.Weight, _ parameter: TimingParameter, _ text: String, remedy: String
    ) -> Advice {
        var origin: Origin?
        if case .file(let place) = self[parameter]?.source { origin = place }
        return Advice(weight, parameter.key, origin: origin, text, remedy: remedy)
    }
}
