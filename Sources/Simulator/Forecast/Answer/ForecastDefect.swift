/// A guarantee that the checks of a simulation found broken: a defect of Rondo.
package struct ForecastDefect: Sendable, Equatable {
    package let guarantee: String
    /// What should hold, in a sentence.
    package let title: String
    /// Who and what, in words.
    package let text: String
    /// A ring did not come to rest, which can be too much to ask.
    let isRestless: Bool

    init(_ breach: Violation) {
        guarantee = "\(breach.invariant.rawValue)"
        title = breach.invariant.title
        text = breach.text
        isRestless = breach.invariant == .liveness
    }

    init(_ breach: ClusterViolation) {
        guarantee = breach.invariant.name
        title = breach.invariant.title
        text = breach.text
        isRestless = breach.invariant == .liveness
    }
}
