import Totem

extension RingParameters {
    /// Timings derived from the token timeout as Corosync derives them (spec: totem.md 7), so that a simulation can
    /// shorten them all together.
    package static func derived(
        token: UInt32, retransmits: UInt32 = 4, join: UInt32 = 50, merge: UInt32 = 200, beat: UInt32 = 0
    ) -> RingParameters {
        var parameters = RingParameters()
        parameters.token = token
        parameters.tokenRetransmit = UInt32(UInt64(token) * 10 / (UInt64(retransmits) * 10 + 2))
        let hold = UInt64(parameters.tokenRetransmit) * 8 / 10
        parameters.hold = UInt32(hold > 24 ? hold - 10 : 14)
        parameters.consensus = UInt32(UInt64(token) * 12 / 10)
        parameters.join = join
        parameters.merge = merge
        parameters.beat = beat
        return parameters
    }

    /// The same with beats and silence as they are in other parameters.
    static func derived(token: UInt32, like other: RingParameters) -> RingParameters {
        var parameters = derived(token: token, beat: other.beat)
        parameters.silence = other.silence
        return parameters
    }

    /// The same ring with a token timeout of so many percent, and what is derived from it.
    func scaled(percent: UInt32) -> RingParameters {
        let scale = { (milliseconds: UInt32) in UInt32(clamping: UInt64(milliseconds) * UInt64(percent) / 100) }
        var scaled = self
        scaled.token = scale(token)
        scaled.tokenRetransmit = scale(tokenRetransmit)
        scaled.hold = scale(hold)
        scaled.consensus = scale(consensus)
        return scaled
    }
}
