import Basics
import TotemWire

/// What members of groups are told between two reports of rings, compared with what others are told.
extension ClusterChecker {
    mutating func ringReported(_ listener: Int, _ ring: RingID, _ members: [NodeID]) {
        let record = listeners[listener]
        let name = "process \(record.me)"
        noteRing(ring, members, by: record.node)
        let nodes = members.map(\.rawValue)
        if record.isInside {
            require(
                record.view.allSatisfy { nodes.contains($0.node) }, .groupViews,
                "\(name) is told of ring \(ring) of \(members) while its group has members \(record.view)")
        }
        listeners[listener].stage = 0
        if let last = record.ring {
            // The report that a program has asked for with its join repeats the ring it knows.
            if last == ring, record.separated.isEmpty { return }
            require(
                last.sequence < ring.sequence, .ringReports, "\(name) is told of ring \(ring) after ring \(last)")
        } else if record.isInside, record.wantsRing {
            require(
                record.segment.count == 1 && record.separated.isEmpty, .changeOrder,
                "\(name) is not told of the ring with its first event, as it wanted")
            listeners[listener].ring = ring
            return
        }
        ringsReported += 1
        closeSegment(listener, ring)
        listeners[listener].ring = ring
    }

    private mutating func closeSegment(_ listener: Int, _ ring: RingID?) {
        let record = listeners[listener]
        listeners[listener].segment = []
        listeners[listener].joinedInSegment = false
        listeners[listener].separated = []
        listeners[listener].missed = []
        guard record.isInside, let stay = record.membership else { return }
        let moment = GroupMoment(group: memberships[stay].group, ring: ring)
        if ring != nil { compareView(record, at: moment) }
        let segment = GroupSegment(
            listener: listener, start: record.ring, items: record.segment, joined: record.joinedInSegment,
            missed: record.missed, separated: record.separated)
        let others = segments[moment] ?? []
        for other in others where areTogether(segment, other) { compare(segment, other, moment) }
        segments[moment] = others + [segment]
    }

    private mutating func compareView(_ record: GroupListener, at moment: GroupMoment) {
        let known = views[moment] ?? (record.node, record.view)
        require(
            known.view == record.view, .groupViews,
            "in ring \(moment.ring?.description ?? "") group \(moment.group) has members \(record.view) on node "
                + "\(ids[record.node]), \(known.view) on node \(ids[known.node])")
        views[moment] = known
    }

    /// Whether two members went from one report of a ring to the next and neither lost the other in between.
    private func areTogether(_ a: GroupSegment, _ b: GroupSegment) -> Bool {
        guard let start = a.start, b.start == start else { return false }
        return !a.separated.contains(listeners[b.listener].me) && !b.separated.contains(listeners[a.listener].me)
    }

    private func compare(_ a: GroupSegment, _ b: GroupSegment, _ moment: GroupMoment) {
        guard a.items != b.items else { return }
        let common = Set(a.items).intersection(b.items)
        let mine = a.items.filter { common.contains($0) || !isMissed($0, by: b) }
        let theirs = b.items.filter { common.contains($0) || !isMissed($0, by: a) }
        let (longer, shorter, joined) = mine.count >= theirs.count ? (mine, theirs, b.joined) : (theirs, mine, a.joined)
        // Whoever joined in between has not been told what was before.
        let missing = longer.count - shorter.count
        let isSame = longer.dropFirst(missing).elementsEqual(shorter) && (missing == 0 || joined)
        let names = "processes \(listeners[a.listener].me) and \(listeners[b.listener].me) of group \(moment.group)"
        require(
            isSame, .groupOrder,
            "\(names), together from ring \(a.start?.description ?? "") to "
                + "\(moment.ring?.description ?? "the end"), are told different things: \(a.items.count) and "
                + "\(b.items.count) of them, \(common.count) the same")
    }

    /// Whoever comes while a long message is under way does not get it: its library has not seen the first piece.
    private func isMissed(_ item: UInt64, by segment: GroupSegment) -> Bool {
        guard !segment.missed.isEmpty, let number = Int(exactly: item), messages.indices.contains(number) else {
            return false
        }
        let record = messages[number]
        return record.isInPieces && segment.missed.contains(memberships[record.membership].process)
    }

    // MARK: The end

    /// What members still lack; nil when nothing.
    var groupUnrest: String? {
        for listener in listeners where listenerOf[listener.connection] != nil {
            guard let index = listener.membership else { continue }
            let stay = memberships[index]
            if stay.isAccepted, !listener.isInside { return "process \(listener.me) is not yet in group \(stay.group)" }
            if listener.isInside, stay.hasAskedToLeave {
                return "process \(listener.me) is still in group \(stay.group)"
            }
            guard listener.isInside else { continue }
            let present = members(of: stay.group)
            guard listener.view == Array(present.prefix(128)) else {
                return
                    "process \(listener.me) sees members \(listener.view) of group \(stay.group), which are \(present)"
            }
            if let missing = missing(listener, stay.group) { return missing }
        }
        return nil
    }

    private func missing(_ listener: GroupListener, _ group: String) -> String? {
        for (index, stay) in memberships.enumerated() where stay.isAlive && stay.group == group && stay.sent > 0 {
            switch listener.progress[stay.process] ?? .anywhere {
            case .anywhere: continue
            case .after(stay.sent, of: index): continue
            case let progress:
                return "process \(listener.me) has the messages of \(stay.process) up to \(progress) of \(stay.sent)"
            }
        }
        return nil
    }

    /// Who is in a group when everything is at rest.
    func members(of group: String) -> [GroupProcessID] {
        memberships.filter { $0.isAlive && $0.group == group }.map(\.process).sorted()
    }

    mutating func told(_ node: Int, membersOf group: String, _ message: LibraryMessage) {
        let count = Int(clamping: message.u32(24))
        guard message.isSuccess, message.isWhole, count <= 384 else {
            return fail(.answers, "node \(ids[node]) does not tell the members of group \(group)")
        }
        let told = (0..<count).map {
            GroupProcessID(node: message.u32(32 + 24 * $0), pid: message.u32(40 + 24 * $0))
        }
        let present = members(of: group)
        require(
            told == present, .groupViews,
            "node \(ids[node]) tells members \(told) of group \(group), which are \(present)")
    }

    mutating func finishGroups() {
        for listener in listeners.indices where listenerOf[listeners[listener].connection] != nil {
            closeSegment(listener, nil)
        }
        compareHistories()
    }

    /// No two members have seen two messages in different orders, whenever and wherever that was.
    private mutating func compareHistories() {
        var kept: [[Int32]] = []
        for listener in listeners where listener.history.count > 1 && !kept.contains(listener.history) {
            for other in kept.prefix(24) {
                guard let pair = Self.disorder(listener.history, other) else { continue }
                return fail(
                    .groupOrder,
                    "process \(listener.me) gets message \(pair.0) before \(pair.1), another the other way round")
            }
            kept.append(listener.history)
        }
    }

    private static func disorder(_ a: [Int32], _ b: [Int32]) -> (Int32, Int32)? {
        var places: [Int32: Int] = [:]
        places.reserveCapacity(b.count)
        for (place, message) in b.enumerated() { places[message] = place }
        var last: (place: Int, message: Int32)?
        for message in a {
            guard let place = places[message] else { continue }
            if let last, last.place > place { return (last.message, message) }
            last = (place, message)
        }
        return nil
    }
}
