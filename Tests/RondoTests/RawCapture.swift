import Foundation

/// A capture of IPv4 datagrams, made for a test.
struct RawCapture {
    private(set) var bytes: [UInt8]

    init() {
        // Of microseconds, little-endian, version 2.4, link type 101: IP without a link's header.
        bytes = [0xD4, 0xC3, 0xB2, 0xA1, 2, 0, 4, 0] + [UInt8](repeating: 0, count: 8)
        bytes += Self.little(65535) + Self.little(101)
    }

    /// - Parameters:
    ///   - milliseconds: since the beginning.
    ///   - source: the last two bytes of 10.77.
    ///   - port: to which it goes, and from which it comes.
    mutating func add(_ payload: [UInt8], at milliseconds: UInt32, from source: UInt16, port: UInt16 = 5405) {
        let addresses: [UInt8] = [10, 77] + Self.big(source) + [10, 77, 255, 1]
        let length = UInt16(28 + payload.count)
        var header: [UInt8] = [0x45, 0] + Self.big(length) + [0, 0, 0x40, 0, 64, 17, 0, 0] + addresses
        var sum = stride(from: 0, to: 20, by: 2).reduce(UInt32(0)) {
            $0 + (UInt32(header[$1]) << 8 | UInt32(header[$1 + 1]))
        }
        sum = (sum & 0xFFFF) + sum >> 16
        header.replaceSubrange(10..<12, with: Self.big(~UInt16(truncatingIfNeeded: sum)))
        let ports = Self.big(port) + Self.big(port)
        let datagram: [UInt8] = ports + Self.big(length - 20) + [0, 0] + payload
        bytes += Self.little(1_700_000_000 + milliseconds / 1000) + Self.little(milliseconds % 1000 * 1000)
        bytes += Self.little(UInt32(length)) + Self.little(UInt32(length)) + header + datagram
    }

    /// The packet in a file of the wire's vectors.
    static func vector(_ name: String) throws -> [UInt8] {
        let text = try String(contentsOfFile: DecodeCommandTests.vector(name), encoding: .utf8)
        let digits = Array(text.split(separator: "\n").filter { !$0.hasPrefix("#") }.joined().filter(\.isHexDigit))
        return stride(from: 0, to: digits.count - 1, by: 2).compactMap { UInt8(String(digits[$0...$0 + 1]), radix: 16) }
    }

    private static func big(_ number: UInt16) -> [UInt8] { [UInt8(number >> 8), UInt8(number & 0xFF)] }

    private static func little(_ number: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }
}
