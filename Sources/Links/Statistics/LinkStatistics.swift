/// What went over one link, counted as libknet does: data by the piece, what was sent as it was sent and what was received
/// as it was after opening (spec: knet.md 12).
public struct LinkStatistics: Sendable, Equatable {
    /// Datagrams and bytes of UDP payload.
    public struct Traffic: Sendable, Equatable {
        public var packets: UInt64 = 0
        public var bytes: UInt64 = 0

        mutating func add(_ bytes: Int, packets: Int = 1) {
            self.packets &+= UInt64(packets)
            self.bytes &+= UInt64(bytes)
        }
    }

    /// Of each kind of packet.
    public struct Direction: Sendable, Equatable {
        public var data = Traffic()
        public var ping = Traffic()
        public var pong = Traffic()
        /// Sent: probes. Received: probes and replies.
        public var mtu = Traffic()

        public var total: Traffic {
            Traffic(
                packets: data.packets &+ ping.packets &+ pong.packets &+ mtu.packets,
                bytes: data.bytes &+ ping.bytes &+ pong.bytes &+ mtu.bytes)
        }
    }

    /// Datagrams that the kernel refused.
    public struct Errors: Sendable, Equatable {
        public var data: UInt32 = 0
        public var ping: UInt32 = 0
        public var pong: UInt32 = 0
        public var mtu: UInt32 = 0

        public var total: UInt64 { UInt64(data) + UInt64(ping) + UInt64(pong) + UInt64(mtu) }
    }

    public var sent = Direction()
    public var received = Direction()
    public var errors = Errors()
    public var upCount: UInt32 = 0
    public var downCount: UInt32 = 0

    public init() {}

    /// Of a node's link to itself, which is up from the start.
    static let ofOwnLink: LinkStatistics = {
        var statistics = LinkStatistics()
        statistics.upCount = 1
        return statistics
    }()
}
