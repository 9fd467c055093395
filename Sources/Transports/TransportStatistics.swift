/// What a transport has done since it was opened.
public struct TransportStatistics: Sendable, Equatable {
    /// Datagrams handed to the kernel, counted once per destination.
    public var sentDatagrams: UInt64 = 0
    public var sentBytes: UInt64 = 0
    /// System calls made to send them.
    public var sendCalls: UInt64 = 0
    /// Datagrams the kernel refused; the ring recovers, nobody is told.
    public var sendErrors: UInt64 = 0
    /// Failures in a row; 0 after the first success. With a group, of what was sent to it.
    public var consecutiveSendErrors: UInt64 = 0
    /// Groups of datagrams that went out as one segmented send.
    public var segmentedSends: UInt64 = 0

    public var receivedDatagrams: UInt64 = 0
    public var receivedBytes: UInt64 = 0
    public var receiveCalls: UInt64 = 0
    /// Received payloads in which the kernel had joined several datagrams.
    public var joinedReceives: UInt64 = 0
    /// Datagrams from addresses that are not in the member list.
    public var rejectedSources: UInt64 = 0
    /// Own broadcasts, which the kernel gives their sender, too.
    public var broughtBack: UInt64 = 0
    /// Datagrams larger than the receive buffer.
    public var truncated: UInt64 = 0
    /// Datagrams thrown away while the interface is down.
    public var discarded: UInt64 = 0

    public init() {}
}
