/// A ring as group members are told of it.
struct RingName: Hashable, Sendable, CustomStringConvertible {
    let representative: UInt32
    let sequence: UInt64

    var description: String { String(representative, radix: 16) + "." + String(sequence, radix: 16) }

    init(_ representative: UInt32, _ sequence: UInt64) {
        self.representative = representative
        self.sequence = sequence
    }

    /// Reads `R.S` as the daemons' logs print it, both parts hexadecimal.
    init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ".")
        guard parts.count == 2, let representative = UInt32(parts[0], radix: 16),
            let sequence = UInt64(parts[1], radix: 16)
        else { return nil }
        self.init(representative, sequence)
    }
}

/// A process of the group, printed as corosync-cpgtool does.
struct GroupProcess: Hashable, Sendable, CustomStringConvertible {
    let node: UInt32
    let number: UInt32
    var description: String { "\(node)/\(number)" }
}

/// What makes a message the only one of its kind.
struct MessageName: Hashable, Sendable, CustomStringConvertible {
    let sender: GroupProcess
    /// Which of the sender's connections to its daemon, from 1.
    let life: UInt32
    /// From 0 in each life.
    let number: UInt64
    var description: String { "message \(number) of \(sender) (life \(life))" }
}

/// A message as a member got it.
struct Delivery: Equatable, Sendable, CustomStringConvertible {
    let sender: GroupProcess
    /// Nil for a message too short to carry it, until its neighbours have told.
    var name: MessageName?
    let lowByte: UInt8
    let length: UInt32
    var digest: UInt64
    /// Every byte is what the sender sends under this number.
    var isIntact = true
    /// The sender's last one.
    var isLast = false

    var description: String {
        let title = name?.description ?? "message x\(String(lowByte, radix: 16)) of \(sender)"
        return "\(title), \(length) bytes, digest \(String(digest, radix: 16))\(isIntact ? "" : ", ALTERED")"
    }

    /// Whether both are the same message with the same bytes.
    func isSame(as other: Delivery) -> Bool {
        sender == other.sender && length == other.length && digest == other.digest && isIntact == other.isIntact
            && isLast == other.isLast && lowByte == other.lowByte
            && (name == nil || other.name == nil || name == other.name)
    }
}

/// A change of the group's membership as a member was told it.
struct GroupChange: Equatable, Sendable, CustomStringConvertible {
    struct Move: Hashable, Sendable, CustomStringConvertible {
        let process: GroupProcess
        let reason: UInt32
        var description: String { "\(process):\(Self.reasons[reason] ?? "reason \(reason)")" }

        static let join: UInt32 = 1
        private static let reasons: [UInt32: String] = [
            1: "join", 2: "leave", 3: "nodedown", 4: "nodeup", 5: "procdown",
        ]
    }

    var members: [GroupProcess] = []
    var left: [Move] = []
    var joined: [Move] = []

    var description: String {
        var parts = ["members " + members.map(\.description).joined(separator: " ")]
        if !left.isEmpty { parts.append("left " + left.map(\.description).joined(separator: " ")) }
        if !joined.isEmpty { parts.append("joined " + joined.map(\.description).joined(separator: " ")) }
        return "group change: " + parts.joined(separator: ", ")
    }

    func concerns(_ process: GroupProcess) -> Bool {
        left.contains { $0.process == process } || joined.contains { $0.process == process }
    }
}

/// What happened to a member, in the order it was told.
enum Event: Equatable, Sendable, CustomStringConvertible {
    case delivery(Delivery)
    case change(GroupChange)
    case ring(RingName, members: [UInt32])

    var description: String {
        switch self {
        case .delivery(let delivery): delivery.description
        case .change(let change): change.description
        case .ring(let ring, let members): "ring \(ring) of \(members)"
        }
    }

    func isSame(as other: Event) -> Bool {
        switch (self, other) {
        case (.delivery(let first), .delivery(let second)): first.isSame(as: second)
        case (.change(let first), .change(let second)): first == second
        case (.ring(let first, let members), .ring(let second, let others)): first == second && members == others
        default: false
        }
    }
}

/// One connection of a member to its daemon, from joining to the daemon's death or the end of the run.
struct Life: Sendable {
    struct Entry: Sendable {
        var event: Event
        /// How many messages the member had handed over when it heard of a change.
        var accepted: UInt64 = 0
    }

    enum Ending: Equatable, Sendable {
        /// The member was asked to stop writing.
        case closed
        /// The daemon went, or nothing more was written.
        case gone
    }

    let number: UInt32
    let process: GroupProcess
    var entries: [Entry] = []
    /// Messages handed over in all.
    var accepted: UInt64 = 0
    var ending = Ending.gone
    /// Errors with which the library refused messages, other than to try again.
    var refusals: [UInt64] = []
}

/// All that is known of one node.
struct NodeHistory: Sendable {
    let node: UInt32
    let engine: String
    var lives: [Life] = []
    /// The rings its daemon formed, a list for each start: also those that did not last until groups heard of them.
    var rings: [[RingName]] = []

    var title: String { "node \(node) (\(engine))" }

    /// The ring its daemon was in before this one; nil when that was its first.
    func ring(before ring: RingName) -> RingName? {
        for list in rings {
            if let index = list.firstIndex(of: ring) { return index > 0 ? list[index - 1] : nil }
        }
        return nil
    }

    /// The ring its daemon went to from this one; nil when it was its last.
    func ring(after ring: RingName) -> RingName? {
        for list in rings {
            if let index = list.firstIndex(of: ring) { return index + 1 < list.count ? list[index + 1] : nil }
        }
        return nil
    }

    /// The rings from one to another, both included; nil when the daemon did not go that way.
    func path(from first: RingName, to last: RingName) -> ArraySlice<RingName>? {
        for list in rings {
            if let start = list.firstIndex(of: first), let end = list.firstIndex(of: last), start <= end {
                return list[start...end]
            }
        }
        return nil
    }
}
