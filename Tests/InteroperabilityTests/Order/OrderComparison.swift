import ClusterLab

/// Compares what the members of a group were told on all nodes, in which order, through every ring they went.
///
/// Nodes that went from one ring to the next together must have been told the same, record by record: deliveries,
/// changes of the group and the next ring. Nodes that parted, by death or by the network, must have been told the same
/// in the same order as far as both were told; what one of them lacks may be followed only by messages of nodes that
/// went on with it.
struct OrderComparison {
    private(set) var findings: [String] = []
    /// Spans in which two nodes were together from a common beginning to a common end.
    private(set) var spansTogether = 0
    /// Records found the same on two nodes, for every two nodes.
    private(set) var recordsCompared = 0
    /// Messages that had begun on a ring before a node came to it and that this node did not get.
    private(set) var cutForNewcomers: [String] = []

    /// Changes of ring that brought two nodes to the same members of the group by other steps.
    private(set) var viewsReachedApart = 0
    /// Times that a Corosync parted with a process that it had kept of a node outside of the ring.
    private(set) var ghostsLaid = 0

    let histories: [NodeHistory]
    /// By node and life.
    let spans: [[[Span]]]
    private static let mostFindings = 40

    /// Over what the first node was told in the last ring, in order.
    var lastDigest: UInt64 {
        guard let life = histories.first?.lives.last, let span = spans.first?.last?.last else { return 0 }
        var digest: UInt64 = 0xcbf2_9ce4_8422_2325
        for case .delivery(let delivery) in life.entries[span.range].lazy.map(\.event) {
            digest = (digest ^ delivery.digest) &* 0x100_0000_01b3
        }
        return digest
    }

    init(_ histories: [NodeHistory]) {
        self.histories = histories
        var all: [[[Span]]] = []
        var faults: [String] = []
        for history in histories {
            let divided = history.lives.map { LifeSpans($0) }
            for (life, spans) in zip(history.lives, divided) {
                if let fault = spans.fault { faults.append("\(history.title), life \(life.number): \(fault)") }
            }
            all.append(divided.map(\.spans))
        }
        spans = all
        findings = faults
        for index in histories.indices { checkAlone(histories[index]) }
        checkRings()
        for first in histories.indices {
            for second in histories.indices where second > first { compare(first, second) }
        }
        checkEnd()
    }

    mutating func find(_ text: String) {
        if findings.count < Self.mostFindings { findings.append(text) }
    }

    // MARK: Two nodes

    /// A position in what a node was told within a ring.
    struct Place {
        let node: Int
        let life: Int
        let span: Span
    }

    func entry(_ place: Place, _ index: Int) -> Life.Entry {
        histories[place.node].lives[place.life].entries[index]
    }

    private mutating func compare(_ first: Int, _ second: Int) {
        for (lifeA, spansA) in spans[first].enumerated() {
            for spanA in spansA {
                for (lifeB, spansB) in spans[second].enumerated() {
                    for spanB in spansB where spanB.ring == spanA.ring {
                        compare(
                            Place(node: first, life: lifeA, span: spanA), Place(node: second, life: lifeB, span: spanB))
                    }
                }
            }
        }
    }

    private mutating func compare(_ a: Place, _ b: Place) {
        guard let (startA, startB) = commonStart(a, b) else { return }
        if wentOnTogether(a, b) {
            compareTogether(a, b, startA, startB)
        } else {
            compareParted(a, b, startA, startB)
            compareParted(b, a, startB, startA)
        }
    }

    /// Where both begin to be told the same: the ring's beginning, or behind the joining of the one that joined later.
    private mutating func commonStart(_ a: Place, _ b: Place) -> (Int, Int)? {
        func after(joinOf other: Place, in place: Place) -> Int? {
            let process = histories[other.node].lives[other.life].process
            return place.span.range.first { index in
                if case .change(let change) = entry(place, index).event {
                    return change.joined.contains { $0.process == process }
                }
                return false
            }.map { $0 + 1 }
        }
        if a.span.start == .ring, b.span.start == .ring { return (a.span.range.lowerBound, b.span.range.lowerBound) }
        if b.span.start == .ownJoin, let index = after(joinOf: b, in: a) { return (index, b.span.range.lowerBound) }
        if a.span.start == .ownJoin, let index = after(joinOf: a, in: b) { return (a.span.range.lowerBound, index) }
        // Whoever was cut off or died before it heard of the other's joining has nothing to compare.
        if wentOnTogether(a, b) {
            find(
                "\(both(a, b)): they went on together, but neither was told that the other joined the group")
        }
        return nil
    }

    private func wentOnTogether(_ a: Place, _ b: Place) -> Bool {
        switch (a.span.end, b.span.end) {
        case (.closed, .closed): return true
        case (.ring(let first), .ring(let second)) where first == second:
            guard let path = histories[a.node].path(from: a.span.ring, to: first) else { return false }
            return path == histories[b.node].path(from: b.span.ring, to: first)
        default: return false
        }
    }

    /// The ring in which two nodes met last before they were in `ring` together: since then they went the same way, also
    /// through rings that groups were not told of. What was sent before in parts may reach only some of them.
    func meeting(of first: Int, with second: Int, upTo ring: RingName) -> RingName {
        var meeting = ring
        while let way = way(to: meeting, of: first), way == self.way(to: meeting, of: second), let earlier = way.first,
            earlier != meeting
        {
            meeting = earlier
        }
        return meeting
    }

    /// The rings a node's daemon formed from the one that the group was told of last up to this one; nil when this is the
    /// first it was told of.
    private func way(to ring: RingName, of node: Int) -> ArraySlice<RingName>? {
        for life in spans[node] {
            for span in life where span.end == .ring(ring) { return histories[node].path(from: span.ring, to: ring) }
        }
        return nil
    }

    private mutating func compareTogether(_ a: Place, _ b: Place, _ startA: Int, _ startB: Int) {
        spansTogether += 1
        var indexA = startA
        var indexB = startB
        var newcomerA = Newcomer(self, a, before: startA)
        var newcomerB = Newcomer(self, b, before: startB)
        while true {
            let eventA = indexA < a.span.range.upperBound ? entry(a, indexA).event : nil
            let eventB = indexB < b.span.range.upperBound ? entry(b, indexB).event : nil
            if eventA == nil && eventB == nil { return }
            if let eventA, let eventB, eventA.isSame(as: eventB) {
                recordsCompared += 1
                newcomerA.note(eventA)
                newcomerB.note(eventB)
                indexA += 1
                indexB += 1
            } else if let eventA, !has(b, eventA, from: indexB), newcomerB.mayLack(eventA) {
                cutForNewcomers.append("\(histories[b.node].title), ring \(b.span.ring): \(eventA)")
                indexA += 1
            } else if let eventB, !has(a, eventB, from: indexA), newcomerA.mayLack(eventB) {
                cutForNewcomers.append("\(histories[a.node].title), ring \(a.span.ring): \(eventB)")
                indexB += 1
            } else if let eventA, partsWithGhosts(a, eventA) {
                ghostsLaid += 1
                indexA += 1
            } else if let eventB, partsWithGhosts(b, eventB) {
                ghostsLaid += 1
                indexB += 1
            } else if let (nextA, nextB) = sameView(a, b, from: indexA, indexB) {
                viewsReachedApart += 1
                indexA = nextA
                indexB = nextB
            } else {
                let before = indexA > startA ? "\(entry(a, indexA - 1).event)" : "nothing"
                find(
                    """
                    \(both(a, b)): they differ at record \(indexA - startA) after their common start:
                      \(histories[a.node].title) was told: \(eventA?.description ?? "nothing more")
                      \(histories[b.node].title) was told: \(eventB?.description ?? "nothing more")
                      both before that: \(before)
                    """)
                return
            }
        }
    }

    /// Whether a node is told of something in the rest of its span.
    private func has(_ place: Place, _ event: Event, from start: Int) -> Bool {
        place.span.range.suffix(from: min(start, place.span.range.upperBound)).contains {
            entry(place, $0).event.isSame(as: event)
        }
    }

    /// Nodes that parted: `a` is checked against `b`.
    private mutating func compareParted(_ a: Place, _ b: Place, _ startA: Int, _ startB: Int) {
        var positions: [MessageName: Int] = [:]
        for index in startB..<b.span.range.upperBound {
            if case .delivery(let delivery) = entry(b, index).event, let name = delivery.name {
                positions[name] = index
            }
        }
        var given: Set<MessageName> = []
        // Short ones of which the neighbours did not tell, as at the end of a ring.
        var nameless: [Delivery] = []
        for index in startA..<a.span.range.upperBound {
            guard case .delivery(let delivery) = entry(a, index).event else { continue }
            if let name = delivery.name { given.insert(name) } else { nameless.append(delivery) }
        }
        var companions: Set<UInt32>?
        var missing: MessageName?
        var reached = startB
        var newcomer = Newcomer(self, a, before: startA)
        for index in startA..<a.span.range.upperBound {
            let event = entry(a, index).event
            guard case .delivery(let delivery) = event, let name = delivery.name, let position = positions[name] else {
                newcomer.note(event)
                continue
            }
            if position < reached {
                find(
                    """
                    \(both(a, b)), which parted there: at record \(index - startA) after their common start \
                    \(histories[a.node].title) was given \(delivery)
                      after it had been given \(entry(b, reached - 1).event)
                      \(histories[b.node].title) was given them the other way round
                    """)
                return
            }
            // Everything between is missing here: nothing of those left behind may follow.
            for skipped in reached..<position where missing == nil {
                guard case .delivery(let lost) = entry(b, skipped).event, let name = lost.name, !given.contains(name),
                    !nameless.contains(where: { $0.isSame(as: lost) })
                else { continue }
                if newcomer.mayLack(.delivery(lost)) { continue }
                missing = name
                companions = companionsLeaving(a)
            }
            if let missing, let companions, !companions.contains(name.sender.node) {
                find(
                    """
                    \(both(a, b)), which parted there: \(histories[a.node].title) lacks \(missing)
                      but was given \(name) behind it (record \(index - startA) after their common start), whose sender \
                    did not go on with it (with it went \(companions.sorted()))
                    """)
                return
            }
            recordsCompared += 1
            newcomer.note(event)
            reached = position + 1
        }
    }

    /// The nodes that left a ring together with this one, itself included; none when it died in that ring;
    /// nil when that is not known.
    private func companionsLeaving(_ place: Place) -> Set<UInt32>? {
        guard let next = histories[place.node].ring(after: place.span.ring) else {
            // A daemon that was killed may not have written the ring it went to.
            return place.span.end == .gone ? [] : nil
        }
        return Set(histories.filter { $0.ring(before: next) == place.span.ring }.map(\.node))
    }

    /// Where both are told of the same group by the next ring, though of other changes on the way.
    ///
    /// Of nodes that were away for the time of a ring whose synchronisation was never completed, Rondo says that they left
    /// and came back, since they may lack messages; Corosync says nothing (docs/decisions/services.md: transitional lists).
    /// And of nodes that were there for such a time only Corosync may say that they came, and keep them.
    private func sameView(_ a: Place, _ b: Place, from startA: Int, _ startB: Int) -> (Int, Int)? {
        guard case .ring(let next) = a.span.end, histories[a.node].engine != histories[b.node].engine,
            let path = histories[a.node].path(from: a.span.ring, to: next)
        else { return nil }
        let (endA, viewA) = view(a, from: startA)
        let (endB, viewB) = view(b, from: startB)
        guard let viewA, let viewB, endA > startA || endB > startB,
            endA < a.span.range.upperBound, endB < b.span.range.upperBound,
            case .ring(next, let members) = entry(a, endA).event, case .ring(next, _) = entry(b, endB).event
        else { return nil }
        if path.count > 2, viewA == viewB { return (endA, endB) }
        let isHaunted =
            hasGhosts(a, viewA, members) || hasGhosts(b, viewB, members)
            || hasGhosts(a, view(a, upTo: startA), self.members(of: a))
            || hasGhosts(b, view(b, upTo: startB), self.members(of: b))
        func present(_ view: [GroupProcess]) -> [GroupProcess] { view.filter { members.contains($0.node) } }
        return isHaunted && present(viewA) == present(viewB) ? (endA, endB) : nil
    }

    /// Whether a Corosync counts processes as members whose nodes are not in the ring.
    private func hasGhosts(_ place: Place, _ view: [GroupProcess]?, _ members: [UInt32]?) -> Bool {
        guard histories[place.node].engine == Engine.corosync.description, let view, let members else { return false }
        return view.contains { !members.contains($0.node) }
    }

    /// The nodes of the ring of a span, if the span begins with it.
    private func members(of place: Place) -> [UInt32]? {
        guard place.span.start == .ring,
            case .ring(place.span.ring, let members) = entry(place, place.span.range.lowerBound - 1).event
        else { return nil }
        return members
    }

    /// Whether a node is told of the end of nothing but processes whose nodes are not in the ring: Corosync may keep those of
    /// a ring whose synchronisation was never completed, and finds out with the next one (docs/decisions/services.md: lists
    /// of members of a round that died in its barrier).
    private func partsWithGhosts(_ place: Place, _ event: Event) -> Bool {
        guard histories[place.node].engine == Engine.corosync.description, case .change(let change) = event,
            change.joined.isEmpty, !change.left.isEmpty, let members = members(of: place)
        else { return false }
        return change.left.allSatisfy { !members.contains($0.process.node) }
    }

    /// The end of the changes from `start` on, and the group's members then.
    private func view(_ place: Place, from start: Int) -> (end: Int, members: [GroupProcess]?) {
        var end = start
        while end < place.span.range.upperBound, case .change = entry(place, end).event { end += 1 }
        return (end, view(place, upTo: end))
    }

    /// The group's members of whom a node was told last before an entry.
    private func view(_ place: Place, upTo end: Int) -> [GroupProcess]? {
        let last = histories[place.node].lives[place.life].entries[..<end].lazy.reversed().compactMap {
            told -> GroupChange? in
            if case .change(let change) = told.event { change } else { nil }
        }.first
        return last?.members
    }

    private func both(_ a: Place, _ b: Place) -> String {
        "\(histories[a.node].title) and \(histories[b.node].title) in ring \(a.span.ring)"
    }
}
