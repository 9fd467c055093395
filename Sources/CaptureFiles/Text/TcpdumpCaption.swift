import Basics

/// The line tcpdump prints above a packet's bytes: when, from whom, to whom.
struct TcpdumpCaption {
    var time: CaptureTime?
    var source: SocketAddress?
    var destination: SocketAddress?

    /// Reads a line that starts with a time or names two addresses; nil for every other line.
    init?(_ text: String) {
        let words = text.split(separator: " ")
        let first = words.first.map(String.init) ?? ""
        if words.count > 1, TcpdumpCaption.isDate(first) {
            time = TcpdumpCaption.date(first).flatMap { TcpdumpCaption.clock(words[1], since: $0) }
        } else {
            time = TcpdumpCaption.clock(first[...], since: nil) ?? TcpdumpCaption.epoch(first)
        }
        if let arrow = words.firstIndex(of: ">"), arrow > 0, arrow + 1 < words.count {
            source = TcpdumpCaption.endpoint(words[arrow - 1])
            destination = TcpdumpCaption.endpoint(words[arrow + 1])
        }
        guard time != nil || (source != nil && destination != nil) else { return nil }
    }

    /// What tcpdump says of itself, which is in the text when its complaints went into the same file.
    static func isChatter(_ text: String) -> Bool {
        if text.hasPrefix("tcpdump: ") || text.hasPrefix("listening on ") { return true }
        let words = text.split(separator: " ")
        return words.count > 2 && UInt64(words[0]) != nil && words[1].hasPrefix("packet")
            && (text.hasSuffix("captured") || text.hasSuffix("received by filter")
                || text.hasSuffix("dropped by kernel"))
    }

    /// Whether it is a line of tshark's list: number, seconds, sender, arrow, receiver.
    static func isTsharkSummary(_ text: String) -> Bool {
        let words = text.split(separator: " ")
        guard words.count > 5, UInt64(words[0]) != nil, words[1].contains("."), Double(words[1]) != nil else {
            return false
        }
        return IPAddress(String(words[2])) != nil && (words[3] == "→" || words[3] == "->")
    }

    /// This line with what the next one adds, as tcpdump -v spreads them over two.
    func merged(with next: TcpdumpCaption) -> TcpdumpCaption {
        var merged = self
        merged.time = time ?? next.time
        merged.source = source ?? next.source
        merged.destination = destination ?? next.destination
        return merged
    }

    private static func isDate(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        return parts.count == 3 && parts.allSatisfy { UInt16($0) != nil }
    }

    /// Seconds from 1970 to the start of the day `text` (2024-01-31), by the Gregorian calendar.
    private static func date(_ text: String) -> Int64? {
        let parts = text.split(separator: "-").compactMap { Int64($0) }
        guard parts.count == 3, (1970...9999).contains(parts[0]), (1...12).contains(parts[1]),
            (1...31).contains(parts[2])
        else { return nil }
        // Years counted from March, so that the leap day is the last of its year.
        let month = (parts[1] + 9) % 12
        let year = parts[1] <= 2 ? parts[0] - 1 : parts[0]
        let days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + parts[2] - 1
        return (days - 719_468) * 86_400
    }

    /// The time 11:39:27.590542 on the day that began `midnight` seconds after 1970, or on an unknown day.
    private static func clock(_ text: Substring, since midnight: Int64?) -> CaptureTime? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 3, let hour = UInt8(parts[0]), let minute = UInt8(parts[1]), hour < 24, minute < 60,
            let (second, nanoseconds) = fraction(parts[2]), second < 61
        else { return nil }
        let seconds = Int64(hour) * 3600 + Int64(minute) * 60 + second
        return CaptureTime(
            seconds: seconds + (midnight ?? 0), nanoseconds: nanoseconds, isTimeOfDay: midnight == nil)
    }

    /// Seconds since 1970 with their fraction, as tcpdump -tt prints them.
    private static func epoch(_ text: String) -> CaptureTime? {
        guard text.contains("."), let (seconds, nanoseconds) = fraction(text[...]), seconds > 100_000_000 else {
            return nil
        }
        return CaptureTime(seconds: seconds, nanoseconds: nanoseconds)
    }

    /// `27.590542` as whole seconds and nanoseconds.
    private static func fraction(_ text: Substring) -> (Int64, UInt32)? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, let whole = parts.first, let seconds = UInt32(whole) else { return nil }
        guard parts.count == 2 else { return (Int64(seconds), 0) }
        let digits = parts[1].prefix(9)
        guard !digits.isEmpty, let value = UInt32(digits) else { return nil }
        let scale = (0..<(9 - digits.count)).reduce(UInt32(1)) { power, _ in power * 10 }
        return (Int64(seconds), value * scale)
    }

    /// `10.0.1.62.5405` or `fe80::1.5405`, perhaps with a colon behind.
    private static func endpoint(_ word: Substring) -> SocketAddress? {
        let text = word.hasSuffix(":") ? word.dropLast() : word
        guard let dot = text.lastIndex(of: "."), let port = UInt16(text[text.index(after: dot)...]),
            let address = IPAddress(String(text[..<dot]))
        else { return nil }
        return SocketAddress(address, port: port)
    }
}
