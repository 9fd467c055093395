import CQB
import Glibc

/// A client that sends whatever it is told to, through libqb's client side.
///
/// Words: `waitN` (milliseconds), `events`, what `MapWord` knows, or a request in hexadecimal.
final class ProbeClient {
    private static let bufferSize = 1_048_576
    private let connection: OpaquePointer
    private var handles = MapWord.Handles()
    private var buffer = [UInt8](repeating: 0, count: ProbeClient.bufferSize)

    /// - Returns: nil when the daemon refuses; errno says why.
    init?(service: String) {
        guard let connection = qb_ipcc_connect(service, Self.bufferSize) else { return nil }
        self.connection = connection
        // As libcpg does for its multicasts: held back is what can be held back.
        qb_ipcc_fc_enable_max_set(connection, 2)
    }

    /// Performs one word and prints what came of it.
    func perform(_ word: String) {
        if word == "events" {
            while let event = receive({ qb_ipcc_event_recv(connection, $0, $1, 200) }).bytes {
                say(Self.shown("event", event))
            }
        } else if word == "map-events" {
            while let event = receive({ qb_ipcc_event_recv(connection, $0, $1, 200) }).bytes {
                say(MapWord.shown(event: event))
            }
        } else if word.hasPrefix("wait") {
            usleep(UInt32(word.dropFirst(4)).map { $0 * 1000 } ?? 0)
        } else if let mapWord = MapWord(word) {
            let answer = exchange(mapWord.request(handles))
            say(answer.bytes.map { mapWord.shown(response: $0, &handles) } ?? "err \(answer.code)")
        } else {
            let answer = exchange(bytes(word))
            say(answer.bytes.map { Self.shown("res", $0) } ?? "err \(answer.code)")
        }
    }

    /// Sends `count` requests and reads whatever comes.
    func fuzz(_ fuzzer: inout Fuzzer, count: Int) {
        var answered = 0
        for _ in 0..<count {
            let request = fuzzer.request()
            guard qb_ipcc_send(connection, request, request.count) >= 0 else { continue }
            if receive({ qb_ipcc_recv(connection, $0, $1, 20) }).bytes != nil { answered += 1 }
            while receive({ qb_ipcc_event_recv(connection, $0, $1, 0) }).bytes != nil {}
        }
        say("answered \(answered) of \(count)")
    }

    private func exchange(_ request: [UInt8]) -> (bytes: [UInt8]?, code: Int) {
        let sent = qb_ipcc_send(connection, request, request.count)
        guard sent >= 0 else { return (nil, -sent) }
        return receive { qb_ipcc_recv(connection, $0, $1, 2000) }
    }

    private func receive(_ call: (UnsafeMutableRawPointer, Int) -> Int) -> (bytes: [UInt8]?, code: Int) {
        let count = buffer.withUnsafeMutableBytes { bytes in
            bytes.baseAddress.map { call($0, bytes.count) } ?? -1
        }
        return count >= 0 ? (Array(buffer.prefix(count)), 0) : (nil, -count)
    }

    private static func shown(_ label: String, _ bytes: [UInt8]) -> String {
        "\(label) \(bytes.count) \(hexadecimal(bytes.prefix(4096)))"
    }

    /// `AABB*N` repeats the bytes before it N times; parts are joined by `+`.
    private func bytes(_ text: String) -> [UInt8] {
        text.split(separator: "+").flatMap { part -> [UInt8] in
            let halves = part.split(separator: "*")
            let times = halves.count > 1 ? Int(halves[1]) ?? 1 : 1
            return Array(repeatElement(parsed(halves.first ?? ""), count: times).joined())
        }
    }
}

func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { byte in
        let text = String(byte, radix: 16)
        return text.count == 1 ? "0" + text : text
    }.joined()
}

func parsed(_ hexadecimal: some StringProtocol) -> [UInt8] {
    let digits = Array(hexadecimal)
    return stride(from: 0, to: digits.count - 1, by: 2).compactMap {
        UInt8(String(digits[$0...($0 + 1)]), radix: 16)
    }
}
