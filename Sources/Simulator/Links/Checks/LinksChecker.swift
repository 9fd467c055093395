import Basics
import Links

/// What is known of the links between simulated nodes, from outside, and the first guarantee that did not hold.
struct LinksChecker: Sendable {
    /// How a link looks to one node: what both directions do, and what is at the other end.
    enum Standing: Sendable, Equatable {
        /// Everything arrives, both ways.
        case good
        /// Nothing arrives in one direction, or nobody is there.
        case bad
        /// Some of it arrives: nothing is promised.
        case unsure
    }

    struct View: Sendable {
        var standing = Standing.unsure
        /// Nanoseconds; since when it is so.
        var since: UInt64 = 0
        /// Since when the path carries what it carries.
        var sizedSince: UInt64 = 0
        /// When the first datagram left that the path does not carry, if one has since.
        var oversizedSince: UInt64?
        /// When the kernel first refused a datagram of data because of its length, since the interface has that.
        var refusedAt: UInt64?
        /// Pongs that have come since the link was last known to be down.
        var pongs = 0
        var pongNumbers = NumberSet()
        var isDataLast = false
    }

    /// A packet that has to arrive.
    struct Due: Sendable {
        var packet: PacketOrigin
        var receiver: Int
        var deadline: UInt64
        /// How often something had gone wrong when it was sent.
        var epoch: Int
    }

    let count: Int
    let links: Int
    let isLenient: Bool
    var now: UInt64 = 0
    private(set) var violation: LinksViolation?
    private(set) var digest = Digest()
    var views: [View]
    var acquaintances: [Acquaintance]
    /// What each node has got of each other, ever.
    private var received: [[NumberSet]]
    var dues: [Due] = []
    var nextDue = 0
    /// What is to be told within the present second, of each node.
    private var notices: [(second: UInt64, count: Int)]
    private(set) var deliveries = 0

    init(nodes: Int, links: Int, isLenient: Bool) {
        count = nodes
        self.links = links
        self.isLenient = isLenient
        views = Array(repeating: View(), count: nodes * nodes * links)
        acquaintances = Array(repeating: Acquaintance(), count: nodes * nodes)
        received = Array(repeating: [], count: nodes * nodes)
        notices = Array(repeating: (0, 0), count: nodes)
    }

    func place(_ node: Int, _ other: Int, _ link: Int) -> Int { (node * count + other) * links + link }

    mutating func fail(_ invariant: LinksInvariant, _ text: @autoclosure () -> String) {
        guard violation == nil else { return }
        if isLenient, invariant != .liveness, invariant != .memory, invariant != .equality { return }
        violation = LinksViolation(invariant: invariant, time: now, text: text())
    }

    mutating func mix(_ number: UInt64) { digest.mix(number) }

    /// A node goes on: what has waited for it is answered now, whatever its links carry meanwhile.
    mutating func noteAnswers(of node: Int) {
        for other in 0..<count where other != node {
            for link in 0..<links where views[place(other, node, link)].standing == .bad {
                views[place(other, node, link)].since = now
            }
        }
    }

    // MARK: Deliveries

    mutating func noteReceived(_ packet: PacketOrigin, by node: Int) {
        deliveries += 1
        digest.mix(packet.number << 8 | UInt64(node))
        let pair = node * count + packet.sender
        while received[pair].count <= packet.life { received[pair].append(NumberSet()) }
        received[pair][packet.life].insert(packet.number)
    }

    func has(_ packet: PacketOrigin, _ node: Int) -> Bool {
        let lives = received[node * count + packet.sender]
        return packet.life < lives.count && lives[packet.life].contains(packet.number)
    }

    /// Whether what had to arrive has.
    mutating func settleDues(epoch: Int, _ name: (PacketOrigin, Int) -> String) {
        while nextDue < dues.count, dues[nextDue].deadline <= now {
            let due = dues[nextDue]
            nextDue += 1
            if due.epoch == epoch, !has(due.packet, due.receiver) { fail(.flow, name(due.packet, due.receiver)) }
        }
        guard nextDue > 1024 else { return }
        dues.removeFirst(nextDue)
        nextDue = 0
    }

    // MARK: Notices

    /// Counts what outsiders can cause to be told.
    mutating func noteTold(by node: Int, _ name: @autoclosure () -> String) {
        let second = now / 1_000_000_000
        if notices[node].second != second { notices[node] = (second, 0) }
        notices[node].count += 1
        if notices[node].count > 2 * DropReason.allCases.count {
            fail(.memory, "\(name()) tells the same again and again")
        }
    }
}
