import Links
import TotemWire

/// Follows what nodes make of a link that is cut between all of them: until when packets are lost with it, and when it is
/// shown as down.
struct LinkMeter: Sendable {
    struct Cut: Sendable {
        /// Nanoseconds, as all times.
        var time: UInt64
        /// When the last node relied on the link no more; nil when one still does.
        var carried: UInt64?
        /// When the last node showed it as down to another one; nil when one has not.
        var down: UInt64?
    }

    let link: Int
    private let nodes: Int
    private(set) var cuts: [Cut] = []
    private var isCut = false
    /// Ways, by sender and receiver, on which the link is still relied on, and those on which it is up.
    private var relied: Set<Int> = []
    private var up: Set<Int> = []

    init(link: Int, nodes: Int) {
        self.link = link
        self.nodes = nodes
    }

    /// Whether a node has something to tell.
    var isWatching: Bool { isCut && !(relied.isEmpty && up.isEmpty) }

    mutating func cut(at time: UInt64) {
        cuts.append(Cut(time: time))
        isCut = true
        let ways = (0..<nodes).flatMap { from in (0..<nodes).filter { $0 != from }.map { from * nodes + $0 } }
        relied = Set(ways)
        up = Set(ways)
    }

    mutating func mended() { isCut = false }

    /// How one node sees its way to another now.
    mutating func see(_ from: Int, _ to: Int, relies: Bool, isUp: Bool, at time: UInt64) {
        guard isCut, let index = cuts.indices.last else { return }
        let way = from * nodes + to
        if !relies, relied.remove(way) != nil, relied.isEmpty { cuts[index].carried = time }
        guard !isUp, up.remove(way) != nil else { return }
        if up.isEmpty { cuts[index].down = time }
    }
}

extension ClusterSimulation {
    /// After every call of a node, where links are measured.
    mutating func measureLinks(_ node: Int, _ box: EngineBox) {
        guard var meter = linkMeter, meter.isWatching, let number = LinkNumber(UInt8(clamping: meter.link)) else {
            return
        }
        let (time, ids) = (now, nodes.map(\.id))
        box.engine.withLinks { links in
            for (other, id) in ids.enumerated() where other != node {
                meter.see(
                    node, other, relies: links.relies(on: number, for: id), isUp: links.isConnected(number, to: id),
                    at: time)
            }
        }
        linkMeter = meter
    }

    /// A link has been cut between all nodes, or mended.
    mutating func measure(_ fault: LinkFault) {
        guard let meter = linkMeter else { return }
        switch fault {
        case .cut(meter.link, _, _):
            linkMeter?.cut(at: now)
            // Some do not rely on it anyway.
            for node in nodes.indices { if let box = nodes[node].box { measureLinks(node, box) } }
        case .mend(meter.link, _, _): linkMeter?.mended()
        default: break
        }
    }
}
