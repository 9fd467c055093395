/// How often the token passes a node of a ring that has nothing to send (spec: totem.md 16).
///
/// The representative, the member with the lowest node id, keeps the token for the hold time before it lets it go round
/// again. The beat is therefore neither `token` nor `token_retransmit`, which are timeouts that start with each beat.
public struct IdleHeartbeat: Sendable, Hashable {
    /// How long the token takes round the ring without holding.
    public var rotation: Microseconds
    public var hold: Microseconds
    public var token: Microseconds
    public var tokenRetransmit: Microseconds
    /// Rotations without a message before the representative holds the token.
    public var rotationsBeforeHold: UInt64

    /// - Parameter hop: how long the token takes from one node to the next.
    public init(_ timings: TotemTimings, hop: Microseconds) {
        rotation = hop * UInt64(max(1, timings.ringSize))
        hold = .milliseconds(timings.hold)
        token = .milliseconds(timings.token)
        tokenRetransmit = .milliseconds(timings.tokenRetransmit)
        rotationsBeforeHold = UInt64(timings.seqnoUnchangedConst) + 1
    }

    /// From one passage of the token to the next.
    public var period: Microseconds { hold + rotation }

    /// Beats that fit in the token timeout: the token is given up after this many are missed.
    public var beatsPerTokenTimeout: UInt64 { period.count == 0 ? 0 : token.count / period.count }

    /// Beats per second, in tenths.
    public var beatsPerSecondInTenths: UInt64 {
        period.count == 0 ? 0 : (10_000_000 + period.count / 2) / period.count
    }
}
