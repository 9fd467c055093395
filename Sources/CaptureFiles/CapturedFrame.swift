import Basics

/// What the bytes of a captured frame begin with (the LINKTYPE_ numbers of tcpdump.org).
public enum LinkType: Sendable, Hashable {
    case null
    case ethernet
    case rawIP
    case loop
    case linuxCooked
    case linuxCooked2
    /// An IP packet, an Ethernet frame or a bare packet of the ring: text does not say which.
    case unspecified
    case other(UInt16)

    public init(number: UInt16) {
        self =
            switch number {
            case 0: .null
            case 1: .ethernet
            case 12, 14, 101, 228, 229: .rawIP
            case 108: .loop
            case 113: .linuxCooked
            case 276: .linuxCooked2
            default: .other(number)
            }
    }
}

/// A frame as a capture holds it.
public struct CapturedFrame: Sendable, Equatable {
    /// Counted from 1.
    public var number: Int
    public var time: CaptureTime?
    public var linkType: LinkType
    public var bytes: [UInt8]
    /// Bytes the frame had on the wire; more than `bytes` when the capture was limited.
    public var originalLength: Int
    /// Sender and receiver as a line of text above the bytes named them.
    public var source: SocketAddress?
    public var destination: SocketAddress?

    public init(
        number: Int, time: CaptureTime?, linkType: LinkType, bytes: [UInt8], originalLength: Int? = nil,
        source: SocketAddress? = nil, destination: SocketAddress? = nil
    ) {
        self.number = number
        self.time = time
        self.linkType = linkType
        self.bytes = bytes
        self.originalLength = originalLength ?? bytes.count
        self.source = source
        self.destination = destination
    }
}
