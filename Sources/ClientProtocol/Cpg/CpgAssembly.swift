import Basics

/// Puts messages together that came in pieces (spec: ipc.md 6.4): a first piece begins a message anew, the last one completes
/// it, and what a process has begun is forgotten when it goes.
public struct CpgAssembly: Sendable {
    private struct Sender: Hashable, Sendable {
        var node: NodeID
        var process: UInt32
    }

    private struct Part: Sendable {
        var length: Int
        var bytes: [UInt8]
    }

    private var parts: [Sender: Part] = [:]

    public init() {}

    /// - Returns: what the program is told: the event itself, a whole message in place of its last piece, or nothing yet.
    ///   Of a message whose pieces are not those that were announced, nothing.
    public mutating func take(_ event: CpgNotice) -> CpgNotice? {
        switch event {
        case .message, .ring: return event
        case .change(_, let left, _):
            for address in left { parts[Sender(node: address.node, process: address.process)] = nil }
            return event
        case .fragment(let node, let process, let length, let position, let payload):
            let sender = Sender(node: node, process: process)
            // Taken out, so that the bytes are not copied when more are added.
            var part = position == .first ? Part(length: Int(length), bytes: []) : parts[sender]
            parts[sender] = nil
            // Whoever has come since the first piece does not get the rest either.
            guard part?.length == Int(length) else { return nil }
            part?.bytes.append(contentsOf: payload)
            guard let part, part.bytes.count <= part.length else { return nil }
            guard position == .last else {
                parts[sender] = part
                return nil
            }
            guard part.bytes.count == part.length else { return nil }
            return .message(node: node, process: process, payload: part.bytes)
        }
    }
}
