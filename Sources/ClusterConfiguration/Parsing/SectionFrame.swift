/// A section that is open while the file is read.
struct SectionFrame {
    /// The names of the sections down to this one, joined by dots.
    var path: String
    /// The same as the map names it: nodes and links have numbers there.
    var mapPath: String
    var content: Content
    /// The line the section begins in.
    var origin: Origin
    /// What stands before its `{`.
    var name: String

    var section: TextRecord.Section { TextRecord.Section(path: path, origin: origin) }

    /// What the section collects until its `}` (spec: configuration.md 2.4).
    enum Content {
        case plain
        case node
        case member
        case users
        case interface(InterfaceDraft)
        case subsystem(LoggingDraft)
        case loggingDaemon(LoggingDraft)

        /// Whether it collects what is only stored at its end.
        var isDraft: Bool {
            switch self {
            case .plain, .node, .member, .users: false
            case .interface, .subsystem, .loggingDaemon: true
            }
        }
    }
}

/// A `totem.interface` section whose link number may still follow.
struct InterfaceDraft {
    var link: UInt8 = 0
    var values: [Pending] = []

    struct Pending {
        var name: String
        var value: ConfigurationValue
        var origin: Origin
    }
}

/// A `logger_subsys` or `logging_daemon` section whose naming key may still follow. Within it the first of equal keys
/// wins.
struct LoggingDraft {
    var subsystem: Pending?
    var name: Pending?
    var values: [Pending] = []

    struct Pending {
        var key: String
        var value: [UInt8]
        var origin: Origin

        var text: String { String(decoding: value, as: UTF8.self) }
    }

    /// What `add` passed over, for those who ask why it has no effect.
    private(set) var ignored: [Pending] = []
    private var keys: Set<String> = []

    mutating func add(_ pending: Pending) {
        guard keys.insert(pending.key).inserted else { return ignored.append(pending) }
        values.append(pending)
    }
}
