/// Which links of one host carry packets (spec: knet.md 8.1, 10).
///
/// A link in doubt is usable, but not alone: passive sends on the next best one besides, round robin passes it over, and where
/// all are in doubt all carry. So what is sent between a link's failure and its timeout is not lost where another link is
/// healthy, though somebody may have cast a doubt on that one, too.
struct LinkChoice: Sendable {
    struct Change: Equatable {
        var best = false
        var count = false
        /// The host can be reached now, and could not before, or the other way round.
        var reachability = false
    }

    /// A change of it counts from the next packet on.
    var policy: LinkPolicy
    private(set) var usable = LinkSet.none
    /// Of the usable ones the one of the highest priority, of several the lowest; the last one there was when there is none.
    private(set) var best: LinkNumber?
    private var second: LinkNumber?
    private var doubted = LinkSet.none
    /// Round robin's last one.
    private var last: LinkNumber?

    init(_ policy: LinkPolicy) { self.policy = policy }

    var isReachable: Bool { !usable.isEmpty }

    /// What is usable, doubted, or preferred may have changed.
    mutating func evaluate(usable: LinkSet, doubted: LinkSet, priority: (LinkNumber) -> UInt8) -> Change {
        var change = Change()
        change.count = usable != self.usable
        change.reachability = usable.isEmpty != self.usable.isEmpty
        self.usable = usable
        self.doubted = doubted
        let first = Self.highest(usable, priority)
        change.best = first != best && first != nil || change.reachability
        best = first ?? best
        var others = usable.subtracting(doubted)
        if let first { others.remove(first) }
        second = Self.highest(others, priority)
        return change
    }

    /// Whether packets that go to the host now are lost, or some of them are, when this link carries nothing.
    func relies(on link: LinkNumber) -> Bool {
        if usable.isEmpty { return true }
        switch policy {
        case .active: return usable == LinkSet(link)
        case .passive: return passiveLinks == LinkSet(link)
        case .roundRobin: return doubted.contains(link) ? usable == LinkSet(link) : usable.contains(link)
        }
    }

    private var passiveLinks: LinkSet {
        guard !usable.isEmpty, let best else { return .none }
        guard doubted.contains(best) else { return LinkSet(best) }
        guard let second else { return usable }
        var links = LinkSet(best)
        links.insert(second)
        return links
    }

    /// The links for the next packet; none when the host cannot be reached.
    mutating func next() -> LinkSet {
        switch policy {
        case .active: return usable
        case .passive: return passiveLinks
        case .roundRobin:
            let trusted = usable.subtracting(doubted)
            guard !trusted.isEmpty else { return usable }
            let link = last.flatMap { trusted.above($0).first } ?? trusted.first
            last = link
            return link.map { LinkSet($0) } ?? .none
        }
    }

    private static func highest(_ links: LinkSet, _ priority: (LinkNumber) -> UInt8) -> LinkNumber? {
        var rest = links
        var best: LinkNumber?
        while let link = rest.popFirst() {
            if let known = best, priority(known) >= priority(link) { continue }
            best = link
        }
        return best
    }
}
