import Basics

/// One path between this node and another: a pair of UDP addresses with the same number on both ends (spec: knet.md 1).
public struct LinkSettings: Sendable, Equatable {
    public var number: LinkNumber
    /// Where this node's socket is bound; links with equal own addresses share one socket.
    public var own: SocketAddress
    /// Where everything for the other node is sent, answers too; its IP is the only one that is believed.
    public var remote: SocketAddress
    public var timing: LinkTiming
    /// With the passive policy the highest number is used first (`knet_link_priority`).
    public var priority: UInt8

    public init(
        number: LinkNumber, own: SocketAddress, remote: SocketAddress, timing: LinkTiming, priority: UInt8 = 1
    ) {
        self.number = number
        self.own = own
        self.remote = remote
        self.timing = timing
        self.priority = priority
    }
}
