import Basics

/// The ICMP messages that ask a machine whether it is there, and its answers (RFC 792; RFC 4443 4.1, 4.2).
enum EchoPacket {
    /// What a question carries and its answer brings back: who asked, and which question it was.
    struct Mark: Equatable {
        /// Random, of this start.
        var secret: UInt64
        var number: UInt64
    }

    /// Bytes of a message: the header of 8 and the mark.
    static let size = 24

    /// - Parameter identifier: of the asking process. (An unprivileged socket of the kernel sets its own.)
    static func question(_ family: IPAddress.Family, _ mark: Mark, identifier: UInt16) -> [UInt8] {
        var bytes: [UInt8] = [family == .v4 ? 8 : 128, 0, 0, 0]
        append(identifier, to: &bytes)
        append(UInt16(truncatingIfNeeded: mark.number), to: &bytes)
        append(mark.secret, to: &bytes)
        append(mark.number, to: &bytes)
        // Over IPv6 the kernel fills it in, which knows the addresses that belong to it.
        let sum = family == .v4 ? checksum(bytes) : 0
        bytes[2] = UInt8(truncatingIfNeeded: sum >> 8)
        bytes[3] = UInt8(truncatingIfNeeded: sum)
        return bytes
    }

    /// The mark of an answer; nil for everything else.
    ///
    /// - Parameter hasNetworkHeader: the IPv4 header comes first, as a raw socket of the kernel hands it out.
    static func mark(ofAnswer bytes: Span<UInt8>, _ family: IPAddress.Family, hasNetworkHeader: Bool) -> Mark? {
        var start = 0
        if hasNetworkHeader {
            guard bytes.count > 0 else { return nil }
            start = Int(bytes[0] & 0x0f) * 4
        }
        guard bytes.count >= start, bytes.count - start >= size else { return nil }
        let message = bytes.extracting(start..<start + size)
        guard message[0] == (family == .v4 ? 0 : 129), message[1] == 0 else { return nil }
        return Mark(secret: number(message, at: 8), number: number(message, at: 16))
    }

    /// The Internet checksum (RFC 1071).
    private static func checksum(_ bytes: [UInt8]) -> UInt16 {
        var sum: UInt32 = 0
        for index in bytes.indices {
            // At most 65,535 bytes would have room here; there are 24.
            sum &+= index.isMultiple(of: 2) ? UInt32(bytes[index]) << 8 : UInt32(bytes[index])
        }
        while sum > 0xffff { sum = (sum & 0xffff) &+ (sum >> 16) }
        return ~UInt16(truncatingIfNeeded: sum)
    }

    private static func append<N: FixedWidthInteger>(_ number: N, to bytes: inout [UInt8]) {
        var shift = N.bitWidth
        while shift > 0 {
            shift -= 8
            bytes.append(UInt8(truncatingIfNeeded: number >> N(shift)))
        }
    }

    private static func number(_ bytes: Span<UInt8>, at offset: Int) -> UInt64 {
        var result: UInt64 = 0
        for index in offset..<offset + 8 { result = result << 8 | UInt64(bytes[index]) }
        return result
    }
}
