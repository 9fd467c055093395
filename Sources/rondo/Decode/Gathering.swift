import CaptureFiles
import Dissection

/// The joins of one gathering, which are many: every node repeats its own to everybody until all agree.
struct Gathering {
    private var count = 0
    private var first: CaptureTime?
    private var last: CaptureTime?
    /// The last join of each node, in the order in which they were heard.
    private var views: [MembershipView] = []
    /// The line of the first join, for when it remains the only one.
    private var line = ""

    /// Gatherings that do not come to an end are told of now and then.
    private static let longest: Int64 = 10_000_000_000

    var isEmpty: Bool { count == 0 }

    /// Whether the join at `time` is to begin a new line.
    func isFull(at time: CaptureTime?) -> Bool {
        guard let first, let time else { return false }
        return time.nanoseconds(since: first) > Gathering.longest
    }

    /// Whether one of its nodes does something else now, so that the gathering is over for it.
    func isEnded(by packet: DissectedPacket) -> Bool {
        switch packet.kind {
        case .token, .mcast, .commitToken: views.contains { $0.sender == packet.node }
        default: false
        }
    }

    mutating func add(_ view: MembershipView, at time: CaptureTime?, line: @autoclosure () -> String) {
        if isEmpty {
            first = time
            self.line = line()
        }
        last = time
        count += 1
        if let index = views.firstIndex(where: { $0.sender == view.sender }) {
            views[index] = view
        } else {
            views.append(view)
        }
    }

    /// The line for all of them.
    func text(_ text: PacketText) -> String {
        guard count > 1 else { return line }
        var head = text.time(first)
        head += text.title("\(count) joins", .join)
        if let first, let last { head += " in \(milliseconds(last.nanoseconds(since: first)))" }
        return head + " (a membership forms: \(words)), --all shows each"
    }

    /// Who knows whom; nodes of one opinion together.
    private var words: String {
        var opinions: [(view: MembershipView, nodes: [String])] = []
        for view in views {
            let same = opinions.firstIndex {
                Set($0.view.known) == Set(view.known) && Set($0.view.failed) == Set(view.failed)
            }
            if let same { opinions[same].nodes.append(view.sender) } else { opinions.append((view, [view.sender])) }
        }
        return opinions.map { view, nodes in
            let isOne = nodes.count == 1
            let failed = view.failed.isEmpty ? "" : " and \(isOne ? "counts" : "count") \(list(view.failed)) as failed"
            return "node\(isOne ? "" : "s") \(list(nodes)) \(isOne ? "knows" : "know") \(list(view.known))\(failed)"
        }.joined(separator: "; ")
    }

    private func list(_ nodes: [String]) -> String {
        nodes.sorted { (UInt32($0) ?? .max, $0) < (UInt32($1) ?? .max, $1) }.joined(separator: " ")
    }
}
