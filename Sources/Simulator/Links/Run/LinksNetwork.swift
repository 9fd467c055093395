import Links

/// The networks of the links, one each, with how much they carry.
struct LinksNetwork: Sendable {
    private let count: Int
    var links: [NetworkModel]
    /// Bytes of IP packet that each way carries: link, from, to.
    private var paths: [Int]
    /// Bytes of IP packet that each interface carries: link, node.
    private var interfaces: [Int]
    private var gone: [Bool]
    var reports = true

    /// - Parameters:
    ///   - count: nodes.
    ///   - mtus: bytes of IP packet that the interfaces of each link carry at the start.
    init(nodes count: Int, mtus: [Int], conditions: NetworkConditions, chance: SeededGenerator) {
        self.count = count
        links = mtus.indices.map { link in
            NetworkModel(nodes: count, conditions: conditions, chance: chance.fork(UInt64(link) + 1))
        }
        paths = Array(repeating: LinkSizes.largestPath, count: links.count * count * count)
        interfaces = mtus.flatMap { Array(repeating: $0, count: count) }
        gone = Array(repeating: false, count: links.count * count)
    }

    private func way(_ link: Int, _ from: Int, _ to: Int) -> Int { (link * count + from) * count + to }

    func path(_ link: Int, from: Int, to: Int) -> Int { paths[way(link, from, to)] }
    mutating func setPath(_ link: Int, from: Int, to: Int, _ bytes: Int) { paths[way(link, from, to)] = bytes }

    func interface(_ link: Int, of node: Int) -> Int { interfaces[link * count + node] }
    mutating func setInterface(_ link: Int, of node: Int, _ bytes: Int) { interfaces[link * count + node] = bytes }

    func isGone(_ link: Int, of node: Int) -> Bool { gone[link * count + node] }
    mutating func setGone(_ link: Int, of node: Int, _ value: Bool) { gone[link * count + node] = value }

    /// The longest IP packet that arrives.
    func carried(_ link: Int, from: Int, to: Int) -> Int {
        min(path(link, from: from, to: to), interface(link, of: from))
    }

    /// What keeps a datagram from arriving for certain.
    enum Obstacle {
        /// The sender's interface is not there.
        case gone
        /// It is longer than the sender's interface carries.
        case interface(Int)
        /// It is longer than the way carries.
        case path(Int)
        case cut
    }

    /// - Parameter size: bytes of IP packet.
    func obstacle(_ link: Int, from: Int, to: Int, size: Int) -> Obstacle? {
        if isGone(link, of: from) { return .gone }
        let interface = interface(link, of: from)
        if size > interface { return .interface(interface) }
        let path = path(link, from: from, to: to)
        if size > path { return .path(path) }
        return isBlocked(link, from: from, to: to) ? .cut : nil
    }

    /// Whether nothing that one node sends by a link reaches the other.
    func isBlocked(_ link: Int, from: Int, to: Int) -> Bool {
        isGone(link, of: from) || isGone(link, of: to) || links[link].isBlocked(from: from, to: to)
    }

    /// Whether everything that is sent by a link arrives, and soon, as measured by its timeout in nanoseconds.
    func isSound(_ link: Int, timeout: UInt64) -> Bool {
        let conditions = links[link].conditions
        return conditions.lossPerMillion == 0 && conditions.flipPerMillion == 0 && conditions.slowPerMillion == 0
            && conditions.usualDelay * 16_000 <= timeout
    }

    mutating func each(_ body: (inout NetworkModel) -> Void) {
        for link in links.indices { body(&links[link]) }
    }
}

/// What the network says of a datagram that did not arrive.
struct LinkReport: Sendable {
    var node: Int
    var link: Int
    var about: Int
    /// Nil: nobody is there.
    var mtu: Int?
    /// The machine itself says so, and quotes what it was sent.
    var isRefusal = false
}
