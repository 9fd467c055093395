import CQB
import Glibc

/// A client that sends whatever bytes it is told to, through libqb's client side.
struct ProbeClient {
    private static let bufferSize = 1_048_576
    private let connection: OpaquePointer

    /// - Returns: nil when the daemon refuses; errno says why.
    init?(service: String) {
        guard let connection = qb_ipcc_connect(service, Self.bufferSize) else { return nil }
        self.connection = connection
    }

    /// Performs one word of the command line and prints what came of it.
    func perform(_ word: Substring) {
        if word == "events" {
            printAll("event") { qb_ipcc_event_recv(connection, $0, $1, 200) }
        } else if word.hasPrefix("wait") {
            usleep(UInt32(word.dropFirst(4)).map { $0 * 1000 } ?? 0)
        } else if word.hasPrefix("post:") {
            _ = send(bytes(word.dropFirst(5)))
        } else if word == "responses" {
            printAll("res") { qb_ipcc_recv(connection, $0, $1, 200) }
        } else {
            let sent = send(bytes(word))
            guard sent >= 0 else { return print("err \(-sent)") }
            printOne("res") { qb_ipcc_recv(connection, $0, $1, 2000) }
        }
    }

    private func send(_ request: [UInt8]) -> Int {
        qb_ipcc_send(connection, request, request.count)
    }

    private func printAll(_ label: String, _ receive: (UnsafeMutableRawPointer, Int) -> Int) {
        while printOne(label, silently: true, receive) {}
    }

    @discardableResult
    private func printOne(
        _ label: String, silently: Bool = false, _ receive: (UnsafeMutableRawPointer, Int) -> Int
    ) -> Bool {
        var buffer = [UInt8](repeating: 0, count: Self.bufferSize)
        let count = buffer.withUnsafeMutableBytes { bytes in
            bytes.baseAddress.map { receive($0, bytes.count) } ?? -1
        }
        guard count >= 0 else {
            if !silently { print("err \(-count)") }
            return false
        }
        let shown = buffer.prefix(min(count, 4096)).map { byte in
            let text = String(byte, radix: 16)
            return text.count == 1 ? "0" + text : text
        }
        print(label, count, shown.joined())
        return true
    }

    private func bytes(_ hex: Substring) -> [UInt8] {
        // `AABB*N` repeats the bytes before it N times; parts are joined by `+`.
        hex.split(separator: "+").flatMap { part -> [UInt8] in
            let halves = part.split(separator: "*")
            let digits = Array(halves.first ?? "")
            let pairs = stride(from: 0, to: digits.count - 1, by: 2)
            let bytes = pairs.compactMap { UInt8(String(digits[$0...($0 + 1)]), radix: 16) }
            let times = halves.count > 1 ? Int(halves[1]) ?? 1 : 1
            return Array(repeatElement(bytes, count: times).joined())
        }
    }
}
