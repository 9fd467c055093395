import ClientProtocol

/// What a program reads, in a few words, for traces.
enum ClientLine {
    static func describe(_ service: LocalService, _ message: LibraryMessage) -> String {
        switch service {
        case .cpg: GroupNews(message).map(describe) ?? "\(message.bytes.count) bytes that make no sense"
        case .quorum: quorum(message)
        case .votequorum: votes(message)
        case .cmap: "that key \(text(message, 40)) has changed"
        case .cfg: "a question about a shutdown"
        }
    }

    private static func describe(_ news: GroupNews) -> String {
        switch news {
        case .change(let group, let members, let left, let joined):
            "group \(name(group)): members \(members)" + list(", left", left) + list(", joined", joined)
        case .message(let group, let sender, let payload):
            "group \(name(group)): \(payload.count) bytes from \(sender)"
        case .fragment(let group, let sender, let length, let position, let payload):
            "group \(name(group)): \(payload.count) of \(length) bytes from \(sender), piece \(position)"
        case .ring(let ring, let members): "ring \(ring) of \(members)"
        }
    }

    private static func quorum(_ message: LibraryMessage) -> String {
        switch message.id {
        case 7: "ring \(message.ring(24)) of \(message.nodes(60, count: message.u32(40)) ?? [])"
        case 6: "\(message.u32(24) == 1 ? "quorate" : "not quorate") in ring \(message.ring(32))"
        default: "\(message.u32(24) == 1 ? "quorate" : "not quorate")"
        }
    }

    private static func votes(_ message: LibraryMessage) -> String {
        switch message.id {
        case 3: "votequorum: \(message.u32(24) == 1 ? "quorate" : "not quorate")"
        case 4: "votequorum: expected votes \(message.u32(32))"
        default: "votequorum: ring \(message.ring(32))"
        }
    }

    private static func name(_ group: [UInt8]) -> String { String(decoding: group, as: UTF8.self) }

    private static func list(_ title: String, _ entries: [GroupNews.Entry]) -> String {
        guard !entries.isEmpty else { return "" }
        return title + " " + entries.map { "\($0.process):\($0.reason)" }.joined(separator: " ")
    }

    private static func text(_ message: LibraryMessage, _ offset: Int) -> String {
        String(decoding: message.bytes.dropFirst(offset).prefix { $0 != 0 }, as: UTF8.self)
    }
}
