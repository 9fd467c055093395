/// A link to another node, as an engine's log names it.
public struct LinkName: Sendable, Hashable, CustomStringConvertible {
    /// The other node's id.
    public let node: UInt32
    public let number: Int

    public init(node: UInt32, number: Int) {
        self.node = node
        self.number = number
    }

    public var description: String { "link \(number) to node \(node)" }
}

/// A link that came up or went down.
public struct LinkEvent: Sendable, Equatable {
    public let link: LinkName
    public let isUp: Bool
    public let time: WallTime?

    /// `rx: host: 2 link: 1 is up` or `link: host: 2 link: 1 is down`; and of a libknet newer than 1.25, which may say nothing else,
    /// `rx: host: 2 link: 1 received data during valid ping/pong activity. Force link up.`
    init?(_ entry: LogEntry) {
        let words = entry.message.split(separator: " ")
        guard entry.subsystem == "KNET", words.count >= 7, words[1] == "host:", words[3] == "link:",
            let node = UInt32(words[2]), let number = Int(words[4])
        else { return nil }
        switch words[5...] {
        case ["is", "up"]: isUp = true
        case ["is", "down"]: isUp = false
        case _ where entry.message.hasSuffix(" Force link up."): isUp = true
        default: return nil
        }
        link = LinkName(node: node, number: number)
        time = entry.time
    }
}

extension DaemonLog {
    /// The links that came up or went down since the engine's last start, oldest first.
    public var linkEvents: [LinkEvent] { entries.compactMap(LinkEvent.init) }

    /// Those after `mark`.
    public func linkEvents(after mark: Int) -> [LinkEvent] { entries(after: mark).compactMap(LinkEvent.init) }

    /// The links that are up, by what has been logged since the engine's last start.
    public var linksUp: Set<LinkName> {
        linkEvents.reduce(into: []) { up, event in
            if event.isUp { up.insert(event.link) } else { up.remove(event.link) }
        }
    }
}
