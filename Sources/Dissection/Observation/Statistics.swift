import CaptureFiles

/// What a capture amounts to.
public struct Statistics: Sendable {
    public private(set) var packets: [PacketKind: Int] = [:]
    public private(set) var bytes: [PacketKind: Int] = [:]
    /// Packets that could not be decoded entirely.
    public private(set) var damaged = 0
    /// Messages that tokens asked for, each time anew.
    public private(set) var requests = 0
    /// Messages sent again.
    public var retransmitted = 0
    /// Tokens sent again.
    public var repeatedTokens = 0
    /// Nanoseconds of each rotation of a token, by one sender and receiver.
    public private(set) var rotations: [Int64] = []
    public private(set) var first: CaptureTime?
    public private(set) var last: CaptureTime?

    /// Rotations kept for the median.
    private static let capacity = 1 << 20

    public init() {}

    public var total: Int { packets.values.reduce(0, +) }

    /// There are packets, and none of them could be decoded.
    public var isUnreadable: Bool { total > 0 && packets[.unknown] == total }

    mutating func requested(_ count: Int) { requests += count }

    mutating func count(_ packet: DissectedPacket, _ datagram: Datagram) {
        packets[packet.kind, default: 0] += 1
        bytes[packet.kind, default: 0] += datagram.payload.count
        if packet.problem != nil { damaged += 1 }
        if let rotation = packet.rotation, rotations.count < Statistics.capacity { rotations.append(rotation) }
        guard let time = datagram.time else { return }
        first = min(first ?? time, time)
        last = max(last ?? time, time)
    }

    /// Shortest, middle and longest rotation; nil without any.
    public var rotationSpread: Spread? { Spread(rotations) }

    /// The rotations in which the representative held the token because the ring was idle. Those of a busy ring take
    /// no more than a network's delays; the shortest hold time that can be configured is 14 ms.
    public var heldRotationSpread: Spread? { Spread(rotations.filter { $0 >= 10_000_000 }) }

    /// Shortest, middle and longest of some times in nanoseconds.
    public struct Spread: Sendable, Equatable {
        public var minimum: Int64
        public var median: Int64
        public var maximum: Int64
        public var count: Int

        init?(_ times: [Int64]) {
            let sorted = times.sorted()
            guard let first = sorted.first, let last = sorted.last else { return nil }
            (minimum, median, maximum, count) = (first, sorted[sorted.count / 2], last, sorted.count)
        }
    }
}

extension Dissector {
    /// Nodes that packets named as their senders, ascending where they are numbers.
    public var nodes: [String] {
        observer.nodes.sorted { (UInt32($0) ?? .max, $0) < (UInt32($1) ?? .max, $1) }
    }

    /// Rings that packets belonged to, as they came.
    public var rings: [String] { observer.rings }
}
