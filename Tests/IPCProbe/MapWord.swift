/// One request of libcmap in words, and its response in words without padding, so that two daemons can be compared:
/// `set:NAME:TYPE:HEX`, `delete:NAME`, `get:NAME:ROOM`, `adjust:NAME:STEP`, `iterate:PREFIX`, `next`, `end`,
/// `track:NAME:FLAGS:INSTANCE`, `untrack`, `map:N`. `next`, `end` and `untrack` use the handle given last.
struct MapWord {
    struct Handles {
        var iterator: UInt64 = 12345
        var tracker: UInt64 = 12345
    }

    private let kind: Substring
    private let parts: [Substring]

    init?(_ word: String) {
        parts = word.split(separator: ":", omittingEmptySubsequences: false)
        kind = parts[0]
        guard Self.ids[String(kind)] != nil else { return nil }
    }

    private static let ids: [String: UInt32] = [
        "set": 0, "delete": 1, "get": 2, "adjust": 3, "iterate": 4, "next": 5, "end": 6, "track": 7, "untrack": 8,
        "map": 9,
    ]
    private static let sizes = [296, 280, 288, 288, 280, 24, 24, 296, 24, 24]

    func request(_ handles: Handles) -> [UInt8] {
        let id = Self.ids[String(kind)] ?? 0
        let value = kind == "set" ? parsed(part(3)) : []
        var bytes = [UInt8](repeating: 0, count: Self.sizes[Int(id)])
        func put(_ number: UInt64, at offset: Int, count: Int) {
            for index in 0..<count { bytes[offset + index] = UInt8(truncatingIfNeeded: number >> (8 * UInt64(index))) }
        }
        put(UInt64(id), at: 0, count: 4)
        put(UInt64(bytes.count + value.count), at: 8, count: 4)
        switch kind {
        case "next", "end": put(handles.iterator, at: 16, count: 8)
        case "untrack": put(handles.tracker, at: 16, count: 8)
        case "map": put(number(1), at: 16, count: 4)
        default:
            let name = Array(part(1).utf8.prefix(255))
            put(UInt64(name.count), at: 16, count: 2)
            for (index, byte) in name.enumerated() { bytes[24 + index] = byte }
        }
        switch kind {
        case "set":
            put(UInt64(value.count), at: 280, count: 8)
            put(number(2), at: 288, count: 1)
        case "get": put(number(2), at: 280, count: 8)
        case "adjust": put(number(2), at: 280, count: 4)
        case "track":
            put(number(2), at: 280, count: 4)
            put(number(3), at: 288, count: 8)
        default: break
        }
        return bytes + value
    }

    /// The word, the error number, and what the response says.
    func shown(response: [UInt8], _ handles: inout Handles) -> String {
        let fields = Fields(response)
        let error = fields.number(16, 4)
        let head = "\(parts.joined(separator: ":").prefix(60)) = \(error), \(response.count) bytes"
        guard error == 1 else { return head }
        switch kind {
        case "get":
            return head + ", length \(fields.number(24, 8)) type \(response[32]) \(hexadecimal(response[40...]))"
        case "iterate":
            handles.iterator = fields.number(24, 8)
            return head
        case "next":
            return head + ", \(fields.text(32)) length \(fields.number(288, 8)) type \(response[296])"
        case "track":
            handles.tracker = fields.number(24, 8)
            return head
        case "untrack": return head + ", instance \(fields.number(24, 8))"
        default: return head
        }
    }

    static func shown(event: [UInt8]) -> String {
        let fields = Fields(event)
        guard event.count >= 336 else { return "short event" }
        return "event for \(fields.number(24, 8)): \(fields.text(40)) \(fields.number(296, 4)), "
            + "types \(event[304]) \(event[312]), lengths \(fields.number(320, 8)) \(fields.number(328, 8)), "
            + hexadecimal(event[336...])
    }

    private func part(_ index: Int) -> Substring { index < parts.count ? parts[index] : "" }

    private func number(_ index: Int) -> UInt64 {
        UInt64(part(index)) ?? UInt64(bitPattern: Int64(part(index)) ?? 0)
    }

    private struct Fields {
        let bytes: [UInt8]

        init(_ bytes: [UInt8]) { self.bytes = bytes }

        func number(_ offset: Int, _ count: Int) -> UInt64 {
            guard offset + count <= bytes.count else { return .max }
            return (0..<count).reduce(0) { $0 | UInt64(bytes[offset + $1]) << (8 * UInt64($1)) }
        }

        func text(_ offset: Int) -> String {
            String(decoding: bytes.dropFirst(offset).prefix { $0 != 0 }, as: UTF8.self)
        }
    }
}
