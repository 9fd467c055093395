import CPosix

/// Fingerprints of the short datagrams that a socket has sent last. An ICMP error quotes the datagram that it is about; one
/// that quotes nothing of these was made up by somebody who has not seen them.
struct SentMarks {
    /// Bytes that make a fingerprint, all that a report has room for: with the random part and the number of a beat, also behind
    /// knet's header, and the salt of a sealed datagram.
    private static let length = Int(RONDO_QUOTE_SIZE)
    /// Longer ones need no mark: beats, pings and tokens are shorter.
    private static let longest = 1024
    private static let count = 256

    private var marks = [UInt64](repeating: 0, count: SentMarks.count)
    private var next = 0

    /// - Parameter bytes: the datagram, which is at `bytes` with its whole `length`.
    mutating func note(_ bytes: UnsafeRawPointer, length: Int) {
        guard length > 0, length <= Self.longest else { return }
        marks[next] = Self.fingerprint(UnsafeRawBufferPointer(start: bytes, count: length))
        next = (next + 1) % Self.count
    }

    /// Whether what was quoted is the beginning of one of them.
    func contains(_ quote: UnsafeRawBufferPointer) -> Bool {
        !quote.isEmpty && marks.contains(Self.fingerprint(quote))
    }

    /// FNV-1a of the beginning; never 0, which stands for no mark.
    private static func fingerprint(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in bytes.prefix(length) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return hash | 1
    }
}
