import ClusterConfiguration

/// How many lost packets a ring bears before it does little but form again.
///
/// Each lost token costs one `token_retransmit`, and the token timeout has room for a few of those in one rotation. The
/// more nodes, the more packets a rotation takes, and the fewer of them may be lost. With as many losses a rotation as
/// permitted here, less than one rotation in a hundred takes longer than the timeout.
enum LossLimit {
    /// Mean number of losses a rotation may have, for each repetition that fits in the token timeout.
    private static let share = 0.15

    /// In percent.
    static func percent(_ timings: TotemTimings) -> Double {
        guard timings.tokenRetransmit > 0 else { return 0 }
        let losses = share * Double(timings.token / timings.tokenRetransmit)
        let chance = losses / (Double(max(timings.ringSize, 1)) + losses)
        return min((chance * 1000).rounded(.down) / 10, DemonstrationOptions.lossLimits.upperBound)
    }

    static func check(_ loss: Double, _ timings: TotemTimings) throws(DemonstrationError) {
        let limit = percent(timings)
        guard loss > limit else { return }
        throw DemonstrationError(
            "--loss \(loss) is too much for \(timings.ringSize) nodes: a token that is lost is repeated after "
                + "\(timings.tokenRetransmit) ms, and a rotation that takes longer than \(timings.token) ms breaks the "
                + "ring; give --loss \(limit) or less, fewer nodes, or "
                + "--set token_retransmits_before_loss_const=\(timings.tokenRetransmitsBeforeLoss * 2)", isUsage: true)
    }
}
