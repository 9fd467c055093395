import TotemWire

/// Puts messages together that came in pieces, as libcpg does for its program (spec: ipc.md 6.4): a first piece begins
/// a message anew, the last one completes it, and what a process has begun is forgotten when it goes.
struct MessageAssembly: Sendable {
    /// What becomes of an event.
    enum Outcome: Equatable {
        /// It goes to the program as it is.
        case passed
        /// It was a piece; the program does not hear of it.
        case kept
        /// It was the last piece: this is what the program gets instead.
        case completed([UInt8])
        /// It was the last piece of a message whose first has not come.
        case missed(GroupProcessID)
        /// A library would run into other memory, or hand its program some that nobody has written.
        case broken(String)
    }

    private struct Part: Sendable {
        let sender: GroupProcessID
        let length: Int
        var bytes: [UInt8] = []
    }

    private var parts: [Part] = []

    mutating func take(_ message: LibraryMessage) -> Outcome {
        guard message.id == 17 || message.id == 4 else { return .passed }
        switch GroupNews(message) {
        case .fragment(let group, let sender, let length, let position, let payload):
            return add(message.bytes[payload], of: length, from: sender, group, position)
        case .change(_, _, let left, _):
            parts.removeAll { part in left.contains { $0.process == part.sender } }
            return .passed
        default: return .passed
        }
    }

    private mutating func add(
        _ piece: ArraySlice<UInt8>, of length: Int, from sender: GroupProcessID, _ group: [UInt8], _ position: UInt32
    ) -> Outcome {
        if position == 1 {
            parts.removeAll { $0.sender == sender }
            parts.append(Part(sender: sender, length: length))
        }
        // Who has joined since does not get the rest either.
        guard let index = parts.firstIndex(where: { $0.sender == sender }) else {
            return position == 3 ? .missed(sender) : .kept
        }
        parts[index].bytes += piece
        let part = parts[index]
        guard part.length == length, part.bytes.count <= length else {
            return .broken("\(part.bytes.count) bytes of \(length), where \(part.length) were announced")
        }
        guard position == 3 else { return .kept }
        parts.remove(at: index)
        guard part.bytes.count == length else { return .broken("\(part.bytes.count) bytes of \(length)") }
        return .completed(LibraryRequests.delivery(part.bytes, from: sender, group: group))
    }
}
