/// Any packet of the ring, for tools; the ring itself decodes the one kind that the header names.
public enum Packet: Sendable, Equatable {
    case orfToken(ORFToken)
    /// The payload is what follows `McastHeader.size` in the datagram.
    case mcast(McastHeader)
    case mergeDetect(MergeDetect)
    case join(Join)
    case commitToken(CommitToken)
    case holdCancel(HoldCancel)
    /// Rondo's own, in the form of a hold cancel.
    case beat(Beat)

    public init(decoding datagram: Span<UInt8>) throws(PacketError) {
        let header: PacketHeader
        do throws(HeaderError) {
            header = try PacketHeader(decoding: datagram)
        } catch {
            throw .header(error)
        }
        do throws(WireError) {
            self =
                switch header.type {
                case .orfToken: .orfToken(try ORFToken(decoding: datagram, header: header))
                case .mcast: .mcast(try McastHeader(decoding: datagram, header: header))
                case .mergeDetect: .mergeDetect(try MergeDetect(decoding: datagram, header: header))
                case .join: .join(try Join(decoding: datagram, header: header))
                case .commitToken: .commitToken(try CommitToken(decoding: datagram, header: header))
                case .holdCancel where Beat.isBeat(datagram): .beat(try Beat(decoding: datagram, header: header))
                case .holdCancel: .holdCancel(try HoldCancel(decoding: datagram, header: header))
                }
        } catch {
            throw .body(header.type, error)
        }
    }

    public var header: PacketHeader {
        switch self {
        case .orfToken(let packet): packet.header
        case .mcast(let packet): packet.header
        case .mergeDetect(let packet): packet.header
        case .join(let packet): packet.header
        case .commitToken(let packet): packet.header
        case .holdCancel(let packet): packet.header
        case .beat(let packet): packet.header
        }
    }

    /// Appends the packet; of an mcast the header only.
    public func encode(into writer: inout ByteWriter) {
        switch self {
        case .orfToken(let packet): packet.encode(into: &writer)
        case .mcast(let packet): packet.encode(into: &writer)
        case .mergeDetect(let packet): packet.encode(into: &writer)
        case .join(let packet): packet.encode(into: &writer)
        case .commitToken(let packet): packet.encode(into: &writer)
        case .holdCancel(let packet): packet.encode(into: &writer)
        case .beat(let packet): packet.encode(into: &writer)
        }
    }
}
