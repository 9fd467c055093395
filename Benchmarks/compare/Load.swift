/// What process groups are loaded with: how many nodes send, and messages of what size.
struct Load: Hashable, Sendable {
    let senders: Int
    /// Bytes of a message.
    let size: Int

    static let all: [Load] = [1, 3].flatMap { senders in
        [64, 1024, 8192, 61_440].map { Load(senders: senders, size: $0) }
    }

    /// As in `64 B` or `60 KB`.
    var sizeText: String { size < 1024 ? "\(size) B" : "\(size / 1024) KB" }
    var title: String { "\(sizeText), \(senders) sender\(senders == 1 ? "" : "s")" }
    var name: String { "\(size)x\(senders)" }
}
