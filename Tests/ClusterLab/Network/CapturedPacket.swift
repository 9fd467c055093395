/// A UDP datagram over IPv4 of a capture file.
///
/// Read here and not with the product's own reader: a mistake there must not hide itself in the tests that use it.
public struct CapturedPacket: Sendable {
    /// Seconds since the epoch.
    public let time: Double
    public let source: String
    public let destination: String
    public let sourcePort: Int
    public let destinationPort: Int
    public let payload: [UInt8]

    /// The Totem message type (0 token, 1 mcast, 2 merge detect, 3 join, 4 commit token, 5 hold cancel); nil for
    /// anything that does not carry Totem's magic and version.
    public var totemType: UInt8? {
        guard payload.count >= 13, payload[2] == 3 else { return nil }
        let magic = (payload[0], payload[1])
        guard magic == (0x70, 0xc0) || magic == (0xc0, 0x70) else { return nil }
        return payload[3]
    }

    /// Whether it is one of Rondo's beats, which bear the ring id 0, 0x6f646e6f52000001.
    public var isBeat: Bool {
        totemType == 5 && payload.count >= 25
            && payload[13..<25].elementsEqual([0, 0, 0, 0, 1, 0, 0] + Array("Rondo".utf8))
    }

    /// Reads a classic pcap file of Ethernet frames in this machine's byte order; other frames are left out.
    static func readAll(_ file: [UInt8]) throws -> [CapturedPacket] {
        try frames(of: file).compactMap { CapturedPacket(frame: $0.bytes, time: $0.time) }
    }

    /// The Ethernet frames of a classic pcap file.
    static func frames(of file: [UInt8]) throws -> [(time: Double, bytes: [UInt8])] {
        guard file.count >= 24, let magic = word(file, 0) else { throw LabError.unreadable("the capture is empty") }
        let fraction: Double
        switch magic {
        case 0xa1b2_c3d4: fraction = 1e-6
        case 0xa1b2_3c4d: fraction = 1e-9
        default: throw LabError.unreadable("not a capture file")
        }
        var frames: [(time: Double, bytes: [UInt8])] = []
        var position = 24
        while let seconds = word(file, position), let part = word(file, position + 4),
            let length = word(file, position + 8), position + 16 + Int(length) <= file.count
        {
            let frame = file[(position + 16)..<(position + 16 + Int(length))]
            position += 16 + Int(length)
            let time = Double(seconds) + Double(part) * fraction
            frames.append((time, Array(frame)))
        }
        return frames
    }

    private init?(frame: [UInt8], time: Double) {
        guard frame.count >= 14 + 20, frame[12] == 0x08, frame[13] == 0x00, frame[14] >> 4 == 4 else { return nil }
        let headerLength = Int(frame[14] & 0xf) * 4
        let start = 14 + headerLength
        guard frame[14 + 9] == 17, frame.count >= start + 8 else { return nil }
        func big(_ at: Int) -> Int { Int(frame[at]) << 8 | Int(frame[at + 1]) }
        let length = big(start + 4)
        guard length >= 8, frame.count >= start + length else { return nil }
        self.time = time
        source = frame[26..<30].map { "\($0)" }.joined(separator: ".")
        destination = frame[30..<34].map { "\($0)" }.joined(separator: ".")
        sourcePort = big(start)
        destinationPort = big(start + 2)
        payload = Array(frame[(start + 8)..<(start + length)])
    }
}

private func word(_ bytes: [UInt8], _ at: Int) -> UInt32? {
    guard at >= 0, at + 4 <= bytes.count else { return nil }
    return UInt32(bytes[at]) | UInt32(bytes[at + 1]) << 8 | UInt32(bytes[at + 2]) << 16 | UInt32(bytes[at + 3]) << 24
}

extension [CapturedPacket] {
    /// The intervals, in milliseconds, between the tokens that arrived at `address`.
    public func tokenIntervals(at address: String) -> [Double] {
        let times = filter { $0.totemType == 0 && $0.destination == address }.map(\.time)
        return zip(times.dropFirst(), times).map { ($0 - $1) * 1000 }
    }
}

extension [Double] {
    /// The value in the middle; nil of nothing.
    public var median: Double? {
        isEmpty ? nil : sorted()[count / 2]
    }
}
