import Basics
import TotemWire

/// A node whose local programs do not keep up slows the ring down: it keeps each token for a while.
///
/// To the other members that looks like a slow node. What it keeps back in a rotation is, for all members together, a tenth of
/// the token timeout at most, half of the time after which a token is repeated, and 300 ms: none is lost or repeated for it. In an
/// idle ring, whose representative holds the token for a while, nobody keeps it besides.
extension TotemRing {
    /// Local programs have fallen behind, or have caught up. In the second case a token that is kept leaves at once.
    public mutating func setBackPressure(_ isOn: Bool, now: Instant) {
        defer { assertInvariants() }
        isUnderPressure = isOn
        if !isOn, timers.isRunning(.backPressure), !has(.keepsTokenWithoutNeed) { sendKeptToken(now: now) }
        processLoopback(now: now)
    }

    /// Tokens are kept once the services have synchronised: what forms a ring waits for nobody's programs.
    var keepsTokens: Bool { isUnderPressure && isOperational && !sendQueues.awaitsAcknowledgement }

    /// Nanoseconds by which a rotation may become longer, whatever the timeouts: more would only delay everybody's messages.
    private static let longestKeepingOfAll: UInt64 = 300_000_000

    /// Nanoseconds for which this node may keep a token.
    package var longestKeeping: UInt64 {
        if has(.keepsTokenTooLong) { return UInt64(parameters.token) * 600_000 }
        return min(
            UInt64(parameters.token) * 100_000, UInt64(parameters.tokenRetransmit) * 500_000, Self.longestKeepingOfAll)
            / UInt64(max(members.count, 1))
    }

    /// The one way out for a token that is kept.
    mutating func sendKeptToken(now: Instant) {
        timers.cancel(.backPressure)
        rotations.left(at: now, rests: false)
        sendLastToken()
        history.sent(at: now)
    }
}
