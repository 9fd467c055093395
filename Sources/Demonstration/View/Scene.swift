import Basics
import ClusterConfiguration
import TotemWire

/// The live picture: every node with its ring, its tokens and its messages, and how far the story is.
///
/// At most 80 columns and 20 lines, whatever the number of nodes, so that some of the story stays visible above it.
struct Scene: Sendable {
    static let width = 79
    /// More nodes than this get a cell each instead of a line.
    static let mostRows = 8

    let director: Director
    let statuses: [NodeStatus]
    let now: Instant
    let glyphs: Glyphs

    var lines: [StyledLine] {
        var lines = [StyledLine(.dim, String(repeating: glyphs.rule, count: Self.width))]
        if statuses.count <= Self.mostRows {
            lines.append(
                StyledLine(.dim, Self.row("node", "state", "ring", "members", "tokens", "beat", "messages", "order")))
            lines += statuses.map(line)
        } else {
            lines += cells
        }
        lines += links
        lines.append(StyledLine())
        lines.append(beat)
        lines.append(progress)
        return lines
    }

    // MARK: Few nodes

    private func line(_ status: NodeStatus) -> StyledLine {
        guard status.phase != .down else {
            var line = StyledLine(.red, " \(glyphs.dead) ")
            line.add(.red, Self.row("\(status.id)", "down", "", "", "", "", "", ""))
            return line
        }
        let view = director.ledger.view(status.id)
        var line = StyledLine(style(status), " \(glyphs.alive) ")
        line.add(
            status.phase == .operational ? .plain : .yellow,
            Self.row(
                "\(status.id)", status.phase.rawValue, status.ring.description, NodeListText.text(status.members),
                "\(status.visits)", interval(status.id), "\(director.ledger.count(status.id))",
                view.map { $0.count > 0 ? $0.digestText : "-" } ?? "-"))
        return line
    }

    private static func row(
        _ node: String, _ state: String, _ ring: String, _ members: String, _ tokens: String, _ beat: String,
        _ messages: String, _ order: String
    ) -> String {
        (node == "node" ? "   " : "") + Columns.left(node, 5) + Columns.left(state, 12) + Columns.left(ring, 7)
            + Columns.left(members, 11) + Columns.right(tokens, 9) + Columns.right(beat, 10)
            + Columns.right(messages, 9) + "  " + Columns.left(order, 9)
    }

    private func style(_ status: NodeStatus) -> StyledLine.Style {
        switch status.phase {
        case .operational: .green
        case .down: .red
        case .starting, .gather, .commit, .recovery: .yellow
        }
    }

    private func interval(_ node: NodeID) -> String {
        director.meter.interval(node).map { Microseconds($0 / 1000).preciseText } ?? "-"
    }

    // MARK: Many nodes

    private static let cellsInLine = 13

    /// One sign a node, and what they have in common.
    private var cells: [StyledLine] {
        var lines: [StyledLine] = []
        var rest = statuses[...]
        while !rest.isEmpty {
            var line = StyledLine(.plain, " ")
            for status in rest.prefix(Self.cellsInLine) {
                line.add(style(status), "\(status.phase == .down ? glyphs.dead : glyphs.alive)")
                line.add(.plain, Columns.left("\(status.id)", 4))
            }
            rest = rest.dropFirst(Self.cellsInLine)
            lines.append(line)
        }
        let running = statuses.filter { $0.phase != .down }
        let states = [NodeStatus.Phase.operational, .gather, .commit, .recovery].compactMap { phase in
            let count = running.filter { $0.phase == phase }.count
            return count > 0 ? "\(count) \(phase.rawValue)" : nil
        }
        let rings = Set(running.map(\.ring)).count
        let ring = rings == 1 ? running.first.map { "ring \($0.ring)" } ?? "" : "\(rings) rings"
        lines.append(StyledLine(.plain, " \(ring); \(states.joined(separator: ", "))"))
        let counts = running.map { director.ledger.count($0.id) }
        let order = director.ledger.common.map { $0.count > 0 ? ", all in the order \($0.digestText)" : "" } ?? ""
        lines.append(
            StyledLine(.plain, " tokens \(running.map(\.visits).max() ?? 0), messages \(counts.max() ?? 0)\(order)"))
        return lines
    }

    // MARK: Links

    /// A line for each link of all nodes: how many of its paths are up, and what it carries.
    private var links: [StyledLine] {
        guard plan.links != nil else { return [] }
        return LinkPlan.numbers.map { number in
            var all = NodeStatus.Link(number: number)
            for link in statuses.flatMap(\.links) where link.number == number {
                all.paths += link.paths
                all.up += link.up
                all.sent += link.sent
            }
            let isWhole = all.up == all.paths
            var line = StyledLine(
                all.up == 0 ? .red : isWhole ? .green : .yellow, " \(all.up == 0 ? glyphs.dead : glyphs.alive) ")
            line.add(
                isWhole ? .plain : .yellow,
                Columns.left("link \(number)", 8) + Columns.left("up on \(all.up) of \(all.paths) paths", 24)
                    + "\(all.sent) packets of the ring sent")
            return line
        }
    }

    private var plan: RingPlan { director.plan }

    // MARK: What is going on

    private var beat: StyledLine {
        var line = StyledLine(.bold, " heartbeat  ")
        if let spread = director.meter.rest.spread {
            line.add(
                .plain,
                "measured \(spread.median.millisecondsText), computed "
                    + "\(director.plan.heartbeat.period.millisecondsText) "
                    + "(hold \(director.plan.timings.hold) ms + one rotation)")
        } else {
            line.add(.plain, "computed \(director.plan.heartbeat.period.millisecondsText)")
        }
        return line
    }

    private var progress: StyledLine {
        var line = StyledLine(.bold, " now        ")
        switch director.part {
        case .forming: line.add(.plain, "the nodes look for each other")
        case .resting: line.add(.plain, "at rest  " + bar(director.schedule.rest))
        case .talking: line.add(.plain, "messages  " + bar(director.schedule.talk))
        case .dying: line.add(.plain, "node \(director.plan.victim) is about to die")
        case .alone: line.add(.plain, "survivors' messages  " + bar(director.schedule.alone))
        case .together: line.add(.plain, "messages of all  " + bar(director.schedule.together))
        case .cutting: line.add(.yellow, "link \(LinkPlan.cut) is silent  " + bar(plan.links?.longestFall ?? .zero))
        case .bridging: line.add(.plain, "link \(LinkPlan.cut) is down, messages flow  " + bar(Schedule.beforeDeath))
        case .mending: line.add(.plain, "link \(LinkPlan.cut) answers again  " + bar(plan.links?.longestRise ?? .zero))
        case .comparing, .comparingBridged, .comparingAlone, .comparingAll: line.add(.plain, "the last messages arrive")
        case .returning: line.add(.plain, "node \(director.plan.victim) looks for its ring")
        case .failing: line.add(.yellow, failing)
        case .done: line.add(.plain, "done")
        }
        return line
    }

    private var failing: String {
        guard let watch = director.watch, let kind = watch.current,
            let step = director.plan.failure.steps.first(where: { $0.kind == kind })
        else { return "the services synchronise" }
        let words =
            switch kind {
            case .silence: "waiting for the token  "
            case .consensus: "waiting for the dead  "
            default: "\(kind.title)  "
            }
        return words + bar(step.longest, since: watch.began)
    }

    private func bar(_ length: Microseconds) -> String { bar(length, since: director.partBegan) }

    private func bar(_ length: Microseconds, since began: Instant) -> String {
        let width: UInt64 = 20
        let passed = Microseconds(now.nanoseconds(since: began) / 1000)
        let full = length.count == 0 ? width : min(width, passed.count * width / length.count)
        return String(repeating: glyphs.full, count: Int(full))
            + String(repeating: glyphs.empty, count: Int(width - full))
            + "  \(passed.shortText) of \(length.shortText)"
    }
}

/// The signs of the live picture.
struct Glyphs: Sendable {
    var alive: Character
    var dead: Character
    var rule: Character
    var full: Character
    var empty: Character

    static let unicode = Glyphs(alive: "●", dead: "✖", rule: "─", full: "█", empty: "░")
    static let ascii = Glyphs(alive: "*", dead: "X", rule: "-", full: "#", empty: ".")
}
