/// What has come of a received datagram.
public enum Arrival: Sendable, Hashable {
    /// Nothing for the ring: a packet between links, a piece of which others are missing, or something that was dropped.
    case nothing
    /// A packet for the ring; `KnetLinks.bytes` has it.
    case packet(ReceivedPacket)
    /// The shell is to decompress the bytes of it, to no more than 65536, and to hand the result to
    /// `KnetLinks.decompressed`, or to call `decompressionFailed`.
    case compressed(ReceivedPacket, CompressionModel)
}

/// A whole packet of another host. Its bytes are there until the next call that receives.
public struct ReceivedPacket: Sendable, Hashable {
    enum Place: Sendable, Hashable {
        /// Behind the header of the datagram it came in.
        case datagram
        case reassembled(Reassembly.Whole)
    }

    public let host: HostID
    let place: Place
    let sequence: UInt16
}
