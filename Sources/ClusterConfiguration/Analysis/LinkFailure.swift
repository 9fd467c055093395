/// What follows when one knet link between two nodes dies (spec: knet.md 8; docs/decisions/links.md).
///
/// All times count from the cut, and are the longest on a link that has been up for ten seconds.
public struct LinkFailure: Sendable, Hashable {
    /// How often libknet looks at its links; its pings leave at multiples of it.
    public static let corosyncTick = Microseconds.milliseconds(200)
    /// Rondo doubts a link whose ping has no answer for so long.
    private static let doubt = Microseconds.milliseconds(100)

    public let link: TotemTimings.Link
    /// The link is shown as down.
    public let down: Microseconds
    /// A Corosync shows it as down, and sends by another one from then on.
    public let corosyncDown: Microseconds
    /// Rondo sends by another link besides; nil where there is none.
    public let takeover: Microseconds?
    /// From the healing: the link is up again.
    public let up: Microseconds
    /// A link that has come up, or has been configured, in the last nine seconds is given up by a Corosync up to so much later.
    public let corosyncPatience: Microseconds
    /// By then a token that was lost with the link has been sent again by another one, even by a Corosync.
    public let tokenPasses: Microseconds
    public let token: Microseconds

    /// - Parameter isAlone: no other link leads to the same nodes.
    init(_ link: TotemTimings.Link, isAlone: Bool, _ timings: TotemTimings, _ beat: IdleHeartbeat) {
        self.link = link
        let timeout = Microseconds.milliseconds(link.pingTimeout)
        let interval = Microseconds.milliseconds(link.pingInterval)
        down = timeout
        corosyncDown = timeout + Self.corosyncTick
        takeover = isAlone ? nil : interval + min(Self.doubt, Microseconds(timeout.count / 4))
        up = interval * (UInt64(link.pongCount) + 1)
        corosyncPatience = timeout * 10
        token = .milliseconds(timings.token)
        // A node may have seen the token for the last time one beat before the cut.
        tokenPasses = beat.period + corosyncDown + .milliseconds(timings.tokenRetransmit)
    }

    /// Whether another link takes over before the token is lost, with a Corosync, too; without another link there is nothing
    /// to take over.
    public var keepsToken: Bool? { takeover.map { _ in tokenPasses < token } }

    /// Of each link of a knet ring; none of other transports, or of a single node.
    static func all(_ timings: TotemTimings, transport: Transport, _ beat: IdleHeartbeat) -> [LinkFailure] {
        guard transport == .knet, timings.ringSize > 1 else { return [] }
        return timings.links.map { LinkFailure($0, isAlone: timings.links.count == 1, timings, beat) }
    }
}
