import Basics

/// An IP packet's header, IPv4 or IPv6, as far as it matters here.
struct IPLayer {
    struct Fragment: Equatable {
        var identification: UInt32
        /// Bytes into the whole packet's payload.
        var offset: Int
        var isLast: Bool
    }

    static let udp: UInt8 = 17
    private static let fragmentHeader: UInt8 = 44
    private static let authenticationHeader: UInt8 = 51
    /// Hop-by-hop options, routing, fragment, authentication, destination options.
    private static let extensions: [UInt8] = [0, 43, fragmentHeader, authenticationHeader, 60]

    var source: IPAddress
    var destination: IPAddress
    var transport: UInt8
    /// Where the payload begins in the frame.
    var payloadStart: Int
    /// Bytes of payload by the header's own account.
    var payloadLength: Int
    /// Nil when the packet is whole.
    var fragment: Fragment?
    var isHeaderChecksumRight: Bool?

    /// Why bytes are not an IP packet.
    struct Malformed: Error { var reason: String }

    init(_ frame: Span<UInt8>, at start: Int) throws(Malformed) {
        switch frame.byte(start).map({ $0 >> 4 }) {
        case 4: try self.init(version4: frame, at: start)
        case 6: try self.init(version6: frame, at: start)
        case nil: throw Malformed(reason: "cut before its IP header")
        case .some(let version): throw Malformed(reason: "IP version \(version)")
        }
    }

    private init(version4 frame: Span<UInt8>, at start: Int) throws(Malformed) {
        guard let first = frame.byte(start), let total = frame.number16(start + 2),
            let identification = frame.number16(start + 4), let flags = frame.number16(start + 6),
            let transport = frame.byte(start + 9), let source = IPAddress.v4(frame, at: start + 12),
            let destination = IPAddress.v4(frame, at: start + 16)
        else { throw Malformed(reason: "cut in its IPv4 header") }
        let headerLength = Int(first & 0xF) * 4
        // 0 is what a sending host writes when its network card is to cut the packet up.
        let length = total == 0 ? frame.count - start : Int(total)
        guard headerLength >= 20, length >= headerLength, start + headerLength <= frame.count else {
            throw Malformed(reason: "an IPv4 header of \(headerLength) bytes in a packet of \(length)")
        }
        self.source = source
        self.destination = destination
        self.transport = transport
        payloadStart = start + headerLength
        payloadLength = length - headerLength
        let offset = Int(flags & 0x1FFF) * 8
        let isMore = flags & 0x2000 != 0
        if isMore || offset > 0 {
            fragment = Fragment(identification: UInt32(identification), offset: offset, isLast: !isMore)
        }
        isHeaderChecksumRight = Checksum.sum(frame, start..<(start + headerLength)) == 0xFFFF
    }

    private init(version6 frame: Span<UInt8>, at start: Int) throws(Malformed) {
        guard let length = frame.number16(start + 4), var next = frame.byte(start + 6),
            let source = IPAddress.v6(frame, at: start + 8), let destination = IPAddress.v6(frame, at: start + 24)
        else { throw Malformed(reason: "cut in its IPv6 header") }
        self.source = source
        self.destination = destination
        var offset = start + 40
        let end = length == 0 ? frame.count : offset + Int(length)
        // A first-fragment's payload goes on with headers, a later one's with data.
        for _ in 0..<8 where IPLayer.extensions.contains(next) && (fragment?.offset ?? 0) == 0 {
            guard let following = frame.byte(offset), let size = frame.byte(offset + 1),
                let place = frame.number16(offset + 2), let identification = frame.number32(offset + 4)
            else { throw Malformed(reason: "cut in an IPv6 extension header") }
            switch next {
            case IPLayer.fragmentHeader:
                if place & 0xFFF9 != 0 {
                    fragment = Fragment(
                        identification: identification, offset: Int(place & 0xFFF8), isLast: place & 1 == 0)
                }
                offset += 8
            case IPLayer.authenticationHeader: offset += (Int(size) + 2) * 4
            default: offset += (Int(size) + 1) * 8
            }
            next = following
        }
        guard offset <= end else { throw Malformed(reason: "IPv6 extension headers beyond its length") }
        transport = next
        payloadStart = offset
        payloadLength = end - offset
    }

    /// Whether an IP header with UDP or a fragment of it stands at `start`: for bytes that do not say what they are.
    static func looksLikeHeader(_ bytes: Span<UInt8>, at start: Int) -> Bool {
        guard let ip = try? IPLayer(bytes, at: start), ip.transport == udp else { return false }
        switch ip.source {
        case .v4: return ip.isHeaderChecksumRight == true || ip.payloadStart + ip.payloadLength == bytes.count
        case .v6: return ip.payloadStart + ip.payloadLength == bytes.count
        }
    }
}

/// The Internet checksum.
enum Checksum {
    /// One's complement sum of the 16-bit words in `range`; 0xFFFF over a header that includes its right checksum.
    static func sum(_ bytes: Span<UInt8>, _ range: Range<Int>, initial: UInt32 = 0) -> UInt16 {
        var sum = UInt64(initial)
        for index in range {
            guard let byte = bytes.byte(index) else { break }
            sum += (index - range.lowerBound) % 2 == 0 ? UInt64(byte) << 8 : UInt64(byte)
        }
        while sum > 0xFFFF { sum = (sum & 0xFFFF) + (sum >> 16) }
        return UInt16(sum)
    }

    /// What the checksum of the UDP datagram `udp` tells, which goes from `source` to `destination`.
    static func state(_ udp: Span<UInt8>, _ source: IPAddress, _ destination: IPAddress) -> ChecksumState {
        guard let length = udp.number16(4), let written = udp.number16(6) else { return .unknown }
        guard written != 0 else { return .absent }
        guard Int(length) >= 8, Int(length) <= udp.count else { return .unknown }
        let pseudo = words(source) + words(destination) + UInt32(IPLayer.udp) + UInt32(length)
        let range = 0..<Int(length)
        if sum(udp, range, initial: pseudo) == 0xFFFF { return .valid }
        return sum(udp, 0..<0, initial: pseudo) == written ? .leftToHardware : .wrong
    }

    private static func words(_ address: IPAddress) -> UInt32 {
        switch address {
        case .v4(let value): (value >> 16) + (value & 0xFFFF)
        case .v6(let high, let low):
            [high, low].reduce(0) { sum, half in
                [48, 32, 16, 0].reduce(sum) { $0 + UInt32(half >> $1 & 0xFFFF) }
            }
        }
    }
}
