/// Since when each two nodes have had links that carry everything, and when something else went wrong: what the guarantee
/// that cut links change no ring depends on. All times are in nanoseconds.
struct LinkWatch: Sendable {
    typealias Standing = LinksChecker.Standing

    private let pairs: [NodePair]
    private let links: Int
    /// By pair and link.
    private var standings: [(standing: Standing, since: UInt64)]
    /// When a link last ceased to carry.
    private var lastFall: UInt64?
    /// Until when something happens that may change the ring, then or somewhat later.
    private(set) var disturbedUntil: UInt64 = 0
    /// All nodes that are up have been seen in one ring, with nothing left that would have to change it.
    private(set) var isAtRest = false

    init(nodes: Int, links: Int) {
        pairs = (0..<nodes).flatMap { second in (0..<second).map { NodePair($0, second) } }
        self.links = links
        standings = Array(repeating: (.bad, 0), count: pairs.count * links)
    }

    mutating func disturb(until time: UInt64) {
        disturbedUntil = max(disturbedUntil, time)
        isAtRest = false
    }

    mutating func rest() { isAtRest = true }

    /// Something has changed: looks anew at every link.
    ///
    /// A link that falls disturbs nothing if others have settled, and if the last fall is so long ago that the ring has got
    /// over it.
    ///
    /// - Parameter token: after which one counts as lost.
    mutating func reassess(
        _ now: UInt64, settling: UInt64, token: UInt64, standing: (Int, Int, Int) -> Standing
    ) {
        var hasFallen = false
        for (index, pair) in pairs.enumerated() {
            for link in 0..<links {
                let standing = standing(pair.first, pair.second, link)
                guard standing != standings[index * links + link].standing else { continue }
                standings[index * links + link] = (standing, now)
                hasFallen = hasFallen || standing != .good
            }
        }
        guard hasFallen else { return }
        if let last = lastFall, last < now, now - last < 2 * token { disturb(until: now) }
        lastFall = now
        if !isCovered(now, settling: settling) { disturb(until: now) }
    }

    /// Whether any two nodes have had a link for so long that it is relied on, whatever happens to others. Nothing is relied on
    /// where another link carries some of what is sent, and may be trusted for that.
    func isCovered(_ now: UInt64, settling: UInt64) -> Bool {
        pairs.indices.allSatisfy { index in
            let all = standings[index * links..<(index + 1) * links]
            return all.allSatisfy { $0.standing != .unsure }
                && all.contains { $0.standing == .good && now - $0.since >= settling }
        }
    }
}
