import ClientProtocol
import ClusterMap
import Glibc
import LocalClient
import TotemWire

/// A client on `LocalClient`.
///
/// Words: `join`, `node`, `node=N` (milliseconds to wait at most), `send=N` (bytes), `take=N` (events), `track` (of the map),
/// `line` (waits for one), `end` (until the server has gone).
final class OwnClient {
    private let connection: LocalConnection
    private var assembly = CpgAssembly()

    init(service: LocalService) throws(LocalClientError) { connection = try LocalConnection(to: service) }

    /// Performs one word and prints what came of it.
    func perform(_ word: String) {
        let parts = word.split(separator: "=")
        let number = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
        do {
            switch parts.first {
            case "join":
                let request = CpgRequest.join(
                    group: CpgName(Array("own".utf8)), process: UInt32(getpid()), wantsRing: true)
                say("joined \(try connection.requestWhenFree(request).error)")
            case "node":
                let limit: Duration? = parts.count > 1 ? .milliseconds(number) : nil
                say("node \(try connection.request(CpgRequest.localNode, limit: limit).cpgLocalNode())")
            case "line": _ = readLine()
            case "send": say("sent \(try connection.multicast(Self.message(number)))")
            case "take": for _ in 0..<number { say(try shown(next())) }
            case "track":
                let request = CmapRequest.track(name: "my.", flags: 15, instance: 1)
                say("tracks \(try connection.request(request).error)")
            case "end": while true { _ = try next() }
            default: say("join, node, send, take, track, line or end")
            }
        } catch let error as LocalClientError {
            say("error \(error.code)")
        } catch {
            say("error \(error)")
        }
    }

    /// The next event, which is waited for; of a message in pieces, the last.
    private func next() throws -> Answer {
        while true {
            if let event = try connection.nextEvent() { return event }
            var entry = pollfd(fd: connection.descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&entry, 1, 5000) > 0 else { throw WireError.short(field: "events", needed: 1, available: 0) }
        }
    }

    private func shown(_ event: Answer) throws -> String {
        if let change = try CmapNotice(event) { return "change of \(change.name)" }
        guard let first = try CpgNotice(event) else { return "event \(event.id)" }
        var whole = assembly.take(first)
        while whole == nil, let piece = try CpgNotice(next()) { whole = assembly.take(piece) }
        switch whole {
        case .message(_, _, let payload):
            return "message of \(payload.count), \(payload == Self.message(payload.count) ? "whole" : "changed")"
        case .change(let members, _, let joined): return "members \(members.count), joined \(joined.count)"
        case .ring(_, let members): return "ring of \(members.count)"
        case .fragment, nil: return "nothing"
        }
    }

    private static func message(_ length: Int) -> [UInt8] {
        (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ length) }
    }
}
