import Simulator

/// The longest times in which a node was quorate in a ring that others had left without it, over many runs: with what follows
/// from silence, and without (`rondo.silence: 0`).
struct QuorumOverlap: Sendable {
    private typealias Longest = (seed: UInt64, time: UInt64)

    private var hasty: Longest?
    private var patient: Longest?

    mutating func add(_ figures: RunFigures, seed: UInt64) {
        let known = figures.isPatient ? patient : hasty
        guard figures.staleQuorum > known?.time ?? 0 else { return }
        if figures.isPatient { patient = (seed, figures.staleQuorum) } else { hasty = (seed, figures.staleQuorum) }
    }

    /// Nil when there was no such time.
    var sentence: String? {
        guard hasty != nil || patient != nil else { return nil }
        return
            "longest quorum of a node that the others had parted with: \(text(hasty)), without silence \(text(patient))"
    }

    private func text(_ longest: Longest?) -> String {
        longest.map { "\($0.time / 1_000_000) ms (seed \($0.seed))" } ?? "none"
    }
}
