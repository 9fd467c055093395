import Basics

/// What the UDP checksum of a captured datagram tells.
public enum ChecksumState: Sendable, Hashable {
    case valid
    /// The sender did not compute one.
    case absent
    /// The sum of the pseudo header only: the network card was to do the rest, so the capture was made on the sender.
    case leftToHardware
    case wrong
    /// Not all bytes were captured.
    case unknown
}

/// A UDP datagram taken out of its frames, or bare bytes that came without headers.
public struct Datagram: Sendable, Equatable {
    /// Number of the frame that completed it.
    public var frameNumber: Int
    public var time: CaptureTime?
    public var source: SocketAddress?
    public var destination: SocketAddress?
    public var payload: [UInt8]
    /// Bytes the datagram had beyond `payload`, by the length in its UDP header.
    public var missing: Int
    /// Whether the capture was limited to a frame's first bytes (tcpdump -s), which is why some are missing.
    public var isLimited: Bool
    /// IP fragments it came in; 1 when it was whole.
    public var fragments: Int
    public var checksum: ChecksumState
    /// Whether the IPv4 header's own checksum is right; nil for IPv6 and bare bytes.
    public var isHeaderChecksumRight: Bool?
    /// Its place among those that were sent as one; nil when it was sent alone.
    public var segment: Segment?
    /// What was found of a seal around it; whoever has the key says so.
    public var sealing = Sealing.unknown

    /// The seal of a datagram.
    public enum Sealing: Sendable, Hashable {
        /// Nobody has looked, or there is none.
        case unknown
        /// `payload` is what was sealed with this cipher and hash.
        case opened(String)
        /// `payload` is as it came: no key at hand opens it.
        case locked
    }

    /// One of several datagrams that a host sent as one.
    public struct Segment: Sendable, Equatable {
        /// From 0 on.
        public var index: Int
        public var count: Int

        public init(index: Int, count: Int) {
            self.index = index
            self.count = count
        }
    }

    public init(
        frameNumber: Int, time: CaptureTime?, source: SocketAddress? = nil, destination: SocketAddress? = nil,
        payload: [UInt8],
        missing: Int = 0, isLimited: Bool = false, fragments: Int = 1, checksum: ChecksumState = .unknown,
        isHeaderChecksumRight: Bool? = nil
    ) {
        self.frameNumber = frameNumber
        self.time = time
        self.source = source
        self.destination = destination
        self.payload = payload
        self.missing = missing
        self.isLimited = isLimited
        self.fragments = fragments
        self.checksum = checksum
        self.isHeaderChecksumRight = isHeaderChecksumRight
    }
}

/// What became of a captured frame.
public enum Extraction: Sendable, Equatable {
    case datagram(Datagram)
    /// A fragment of a datagram of which others are still to come.
    case fragment(source: IPAddress, destination: IPAddress, count: Int)
    /// Not a UDP datagram, and why.
    case other(String)
}
