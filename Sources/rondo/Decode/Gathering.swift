import Basics
import CaptureFiles
import Dissection

/// The joins of one gathering, which are many: every node repeats its own to everybody until all agree.
struct Gathering {
    /// Whose joins they are. An id may be used at two addresses, by mistake or in two clusters.
    private struct Node: Hashable {
        var name: String
        var address: IPAddress?

        init(_ name: String, _ datagram: Datagram) {
            self.name = name
            address = datagram.source?.address
        }
    }

    /// The port they were sent to, which is the cluster's; nil when it is not known.
    let port: UInt16?
    private var count = 0
    private var first: CaptureTime?
    private var last: CaptureTime?
    /// The last join of each node, in the order in which they were heard.
    private var views: [MembershipView] = []
    private var places: [Node: Int] = [:]
    /// The line of the first join, for when it remains the only one.
    private var line = ""

    /// Gatherings that do not come to an end are told of now and then. In nanoseconds.
    private static let longest: Int64 = 10_000_000_000
    /// More nodes than a ring can have.
    static let capacity = 384

    init(port: UInt16?) { self.port = port }

    /// Whether it has lasted so long at `time`, or has so many nodes, that it is told of now.
    func isFull(at time: CaptureTime?) -> Bool {
        if views.count >= Self.capacity { return true }
        guard let first, let time else { return false }
        return time.nanoseconds(since: first) > Self.longest
    }

    /// Whether one of its nodes does something else now, so that the gathering is over for it.
    func isEnded(by packet: DissectedPacket, _ datagram: Datagram) -> Bool {
        switch packet.kind {
        case .token, .mcast, .commitToken:
            guard let node = packet.node else { return false }
            return datagram.destination?.port == port && places[Node(node, datagram)] != nil
        default: return false
        }
    }

    mutating func add(_ view: MembershipView, _ datagram: Datagram, line: @autoclosure () -> String) {
        if count == 0 {
            first = datagram.time
            self.line = line()
        }
        last = datagram.time
        count += 1
        let node = Node(view.sender, datagram)
        if let place = places[node] {
            views[place] = view
        } else {
            places[node] = views.count
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

    private struct Opinion: Hashable {
        var known: Set<String>
        var failed: Set<String>
    }

    /// Who knows whom; nodes of one opinion together.
    private var words: String {
        var opinions: [(view: MembershipView, nodes: [String])] = []
        var known: [Opinion: Int] = [:]
        for (view, name) in zip(views, names) {
            let opinion = Opinion(known: Set(view.known), failed: Set(view.failed))
            if let same = known[opinion] {
                opinions[same].nodes.append(name)
            } else {
                known[opinion] = opinions.count
                opinions.append((view, [name]))
            }
        }
        return opinions.map { view, nodes in
            let isOne = nodes.count == 1
            let failed = view.failed.isEmpty ? "" : " and \(isOne ? "counts" : "count") \(list(view.failed)) as failed"
            return "node\(isOne ? "" : "s") \(list(nodes)) \(isOne ? "knows" : "know") \(list(view.known))\(failed)"
        }.joined(separator: "; ")
    }

    /// The senders of `views`, with their addresses where an id came from several.
    private var names: [String] {
        var counts: [String: Int] = [:]
        for view in views { counts[view.sender, default: 0] += 1 }
        var names = views.map(\.sender)
        for (node, place) in places where counts[node.name, default: 0] > 1 {
            if let address = node.address { names[place] += " at \(address)" }
        }
        return names
    }

    private func list(_ nodes: [String]) -> String {
        nodes.sorted { (UInt32($0) ?? .max, $0) < (UInt32($1) ?? .max, $1) }.joined(separator: " ")
    }
}

/// The gatherings of all clusters of a capture, by port.
struct Gatherings {
    /// Those that last, in the order in which they began.
    private var open: [Gathering] = []

    /// No capture has more clusters that gather at one time; more ports end the oldest.
    static let capacity = 64

    var isEmpty: Bool { open.isEmpty }

    mutating func add(_ view: MembershipView, _ datagram: Datagram, line: @autoclosure () -> String) {
        let port = datagram.destination?.port
        if let index = open.firstIndex(where: { $0.port == port }) {
            open[index].add(view, datagram, line: line())
        } else {
            var gathering = Gathering(port: port)
            gathering.add(view, datagram, line: line())
            open.append(gathering)
        }
    }

    /// Takes out what a packet ends, be it by its sender or by its time alone.
    mutating func ended(by packet: DissectedPacket, _ datagram: Datagram) -> [Gathering] {
        take { $0.isFull(at: datagram.time) || $0.isEnded(by: packet, datagram) }
    }

    /// Takes out what has lasted too long at a time, and the oldest where there are too many.
    mutating func full(at time: CaptureTime?) -> [Gathering] {
        let surplus = open.count > Self.capacity ? open.removeFirst() : nil
        return [surplus].compactMap { $0 } + take { $0.isFull(at: time) }
    }

    /// Takes out all.
    mutating func all() -> [Gathering] { take { _ in true } }

    private mutating func take(_ isEnded: (Gathering) -> Bool) -> [Gathering] {
        // Asked for each packet, of which nearly none ends anything.
        guard open.contains(where: isEnded) else { return [] }
        let ended = open.filter(isEnded)
        open.removeAll(where: isEnded)
        return ended
    }
}
