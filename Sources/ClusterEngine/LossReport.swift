import Basics
import Totem
import TotemWire

/// Makes of what the ring says about lost messages what helps an administrator: the first retransmit lists as Corosync
/// prints them, then one summary a minute, and one line when packets of a size do not arrive at all
/// (docs/decisions/log-of-losses.md).
struct LossReport: Sendable {
    /// What is to be written for a notice.
    enum Verdict {
        /// The notice's own line.
        case line
        case nothing
        /// The notice's own line, if it has one of Corosync's, and this one.
        case explanation(LogLine, afterOwnLine: Bool)
    }

    /// Where the ring's counters stand.
    struct Traffic: Sendable {
        /// Messages on the ring that this node has sent or received.
        var messages: UInt64
        /// Bytes of a full packet.
        var fullPacket: Int
    }

    /// How a node is called in a line, and its address where it is known.
    struct Names: Sendable {
        var me: NodeID
        var addresses: [NodeID: String] = [:]

        func name(_ node: NodeID) -> String {
            let title = node == me ? "this node" : "node \(node)"
            return addresses[node].map { "\(title) (\($0))" } ?? title
        }
    }

    /// Retransmit lists written as they are before summaries begin.
    private static let listsInFull = 10
    private static let minute: UInt64 = 60_000
    /// An IPv4 host takes packets of so many bytes in any case: what is lost below is not lost by its size.
    private static let always = 548

    var names: Names
    /// End of the minute that is being counted; nil when there were no losses lately.
    private var minuteEnds: Instant?
    private var messagesBefore: UInt64 = 0
    private var lists = 0
    private var isSummarizing = false
    private var hiddenLists = 0
    private var asked = AskedMessages()
    private var lacking: [NodeID: Int] = [:]
    private var stuckAt: [NodeID: Instant] = [:]

    init(names: Names) { self.names = names }

    /// Whether `summary` is to be asked.
    func isDue(_ now: Instant) -> Bool { minuteEnds.map { $0 <= now } ?? false }

    mutating func take(_ notice: RingNotice, now: Instant, _ traffic: Traffic) -> Verdict {
        switch notice {
        case .retransmitList(let messages, let node):
            return count(messages, node, now: now, traffic) ? .line : .nothing
        case .messageStuck(let sequence, let bytes, let node):
            guard isNews(node, now: now) else { return .nothing }
            return .explanation(explain("message \(sequence)", bytes, node, traffic), afterOwnLine: false)
        case .failedToReceive:
            guard isNews(names.me, now: now) else { return .line }
            return .explanation(explain("a message", nil, names.me, traffic), afterOwnLine: true)
        case .newMembership:
            // Numbers begin anew.
            asked.forgetNumbers()
            return .line
        default:
            return .line
        }
    }

    /// What the minute that is over amounts to; nil when all was written.
    mutating func summary(now: Instant, _ traffic: Traffic) -> LogLine? {
        guard isDue(now) else { return nil }
        // Counters can be cleared on request.
        let before = traffic.messages < messagesBefore ? 0 : messagesBefore
        let (hidden, messages) = (hiddenLists, traffic.messages - before)
        let wanted = asked.count
        let worst = lacking.max { ($0.value, $1.key.rawValue) < ($1.value, $0.key.rawValue) }
        let all = lists
        beginMinute(at: all == 0 ? nil : now, traffic)
        // A minute without losses ends it: the next lists are written in full again.
        isSummarizing = all > 0 && isSummarizing
        guard hidden > 0 else { return nil }
        var text =
            "Retransmit List summary: \(hidden) lists of the last minute are not shown. \(wanted) of \(messages) messages"
            + (messages > 0 ? " (\(LossReport.percent(UInt64(wanted), of: messages)) %)" : "")
            + " were asked for again."
        if let worst { text += " Most were lacked by \(names.name(worst.key)), in \(worst.value) of \(all) lists." }
        return LogLine(.notice, .totem, text)
    }

    /// - Returns: whether the list is written as it is.
    private mutating func count(
        _ messages: RequestedMessages, _ node: NodeID, now: Instant, _ traffic: Traffic
    ) -> Bool {
        if minuteEnds == nil { beginMinute(at: now, traffic) }
        lists += 1
        if node != .none { lacking[node, default: 0] += 1 }
        for index in 0..<messages.count { asked.note(messages[index]) }
        if lists > LossReport.listsInFull { isSummarizing = true }
        if isSummarizing { hiddenLists += 1 }
        return !isSummarizing
    }

    private mutating func beginMinute(at now: Instant?, _ traffic: Traffic) {
        minuteEnds = now?.adding(milliseconds: LossReport.minute)
        messagesBefore = traffic.messages
        (lists, hiddenLists) = (0, 0)
        asked.beginCount()
        lacking.removeAll(keepingCapacity: true)
    }

    /// Whether a node was not spoken of within the last minute.
    private mutating func isNews(_ node: NodeID, now: Instant) -> Bool {
        if let last = stuckAt[node], now.milliseconds(since: last) < LossReport.minute { return false }
        stuckAt[node] = now
        return true
    }

    private func explain(_ message: String, _ bytes: Int?, _ node: NodeID, _ traffic: Traffic) -> LogLine {
        let isHere = node == names.me
        let name = names.name(node)
        let size = bytes ?? traffic.fullPacket
        var text = RingNotice.stuckText(message, bytes: bytes, lacking: name) + ": "
        guard size > LossReport.always else {
            return LogLine(
                .warning, .totem,
                text
                    + "a firewall probably lets through packets from the cluster's port only. To do: allow UDP from any "
                    + "port of every node to the cluster's port at \(name).")
        }
        let address = names.addresses[node] ?? "ADDRESS"
        text +=
            "larger packets are probably lost on the way (MTU) or blocked (firewall). To do: test from "
            + (isHere ? "each other node" : "this node and the others")
            + " with ping -M do -s \(size) \(address). Where only "
            + "smaller sizes pass, mend the network's MTU, or set totem.netmtu to the largest size that passes everywhere."
        return LogLine(.warning, .totem, text)
    }

    /// With one digit behind the point.
    private static func percent(_ part: UInt64, of whole: UInt64) -> String {
        let tenths = min(part, whole) * 1000 / max(whole, 1)
        return "\(tenths / 10).\(tenths % 10)"
    }
}

extension LossReport.Names {
    /// By the addresses of the nodes' first links.
    init(_ configuration: EngineConfiguration) {
        me = configuration.nodeID
        addresses = Dictionary(
            configuration.status.nodes.compactMap { node in node.links.first.map { (node.id, $0.address.text) } },
            uniquingKeysWith: { first, _ in first })
    }
}
