/// What a node's links have done in all.
public struct NodeStatistics: Sendable, Equatable {
    /// Packets that were compressed or decompressed (spec: knet.md 12).
    public struct Compression: Sendable, Equatable {
        /// Of those sent: attempts, also when the result was not used.
        public var packets: UInt64 = 0
        public var originalBytes: UInt64 = 0
        public var compressedBytes: UInt64 = 0

        mutating func add(original: Int, compressed: Int) {
            packets &+= 1
            originalBytes &+= UInt64(original)
            compressedBytes &+= UInt64(compressed)
        }
    }

    public var sentCompression = Compression()
    public var receivedCompression = Compression()
    /// Packets sent as they were although a model is configured.
    public var sentUncompressed: UInt64 = 0
    /// Datagrams of all kinds that were sealed, once whatever the number of their targets.
    public var sealedPackets: UInt64 = 0
    /// Bytes that sealing has added to data.
    public var sealingBytes: UInt64 = 0
    /// Datagrams of data that were opened.
    public var openedPackets: UInt64 = 0
    /// Packets that could not be sent: too long, or more than the outbox holds.
    public var sendsRefused: UInt64 = 0
    private var drops = [UInt64](repeating: 0, count: DropReason.allCases.count)

    public init() {}

    public subscript(dropped reason: DropReason) -> UInt64 { drops[reason.rawValue] }

    mutating func count(_ reason: DropReason) { drops[reason.rawValue] &+= 1 }
}
