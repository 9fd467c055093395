import TotemWire

/// Any packet of knet, not sealed (spec: knet.md 2).
public enum KnetPacket: Sendable, Hashable {
    /// The payload is what follows `DataHeader.size` in the datagram.
    case data(DataHeader)
    case ping(Ping)
    case pong(Ping)
    case probe(MTUProbe)
    case probeReply(MTUProbe)

    /// The only version there is.
    public static let version: UInt8 = 1
    /// Bytes before which nothing is known of a packet (spec: knet.md 4).
    static let headerSize = 7

    /// Reads a packet; whatever lies behind the fields of all but data is ignored, as everybody does.
    public init(decoding datagram: Span<UInt8>) throws(KnetPacketError) {
        guard datagram.count >= KnetPacket.headerSize else { throw .shortHeader }
        guard datagram[0] == KnetPacket.version else { throw .version }
        guard let type = KnetPacketType(rawValue: datagram[1]) else { throw .type }
        guard datagram.count >= type.minimumSize else { throw KnetPacketError(short: type) }
        self =
            switch type {
            case .data: .data(try DataHeader(checked: datagram))
            case .ping: .ping(try Ping(checked: datagram))
            case .pong: .pong(try Ping(checked: datagram))
            case .probe: .probe(try MTUProbe(checked: datagram))
            case .probeReply: .probeReply(try MTUProbe(checked: datagram))
            }
    }

    public var type: KnetPacketType {
        switch self {
        case .data: .data
        case .ping: .ping
        case .pong: .pong
        case .probe: .probe
        case .probeReply: .probeReply
        }
    }

    /// Who says that it sent the packet. Without a hash anybody can say so.
    public var host: HostID {
        switch self {
        case .data(let header): header.host
        case .ping(let ping), .pong(let ping): ping.host
        case .probe(let probe), .probeReply(let probe): probe.host
        }
    }

    /// Appends the packet; of data the header only, of a probe no more than its fields.
    public func encode(into writer: inout ByteWriter) {
        switch self {
        case .data(let header): header.encode(into: &writer)
        case .ping(let ping): ping.encode(as: .ping, into: &writer)
        case .pong(let ping): ping.encode(as: .pong, into: &writer)
        case .probe(let probe): probe.encode(as: .probe, into: &writer)
        case .probeReply(let probe): probe.encode(as: .probeReply, into: &writer)
        }
    }
}
