/// What a member was told within one ring: from the ring's announcement, or from its own joining the group, to the
/// next ring's announcement, which belongs to it, or to the end of what it wrote.
struct Span {
    enum Start: Equatable {
        case ring
        case ownJoin
    }

    enum End: Equatable {
        case ring(RingName)
        /// The daemon died, or the member was told nothing more.
        case gone
        case closed
    }

    let ring: RingName
    let start: Start
    let end: End
    /// Entries of the life.
    let range: Range<Int>
}

/// A life divided into rings.
struct LifeSpans {
    let spans: [Span]
    /// What was told first in an order that no daemon may tell it in.
    let fault: String?

    init(_ life: Life) {
        var spans: [Span] = []
        var fault: String?
        var announced: RingName?
        var current: (ring: RingName, start: Span.Start, first: Int)?
        var joined = false
        for (index, entry) in life.entries.enumerated() {
            switch entry.event {
            case .ring(let ring, _):
                if let open = current, open.first < index || open.start == .ring || open.ring != ring {
                    spans.append(
                        Span(ring: open.ring, start: open.start, end: .ring(ring), range: open.first..<(index + 1)))
                    current = (ring, .ring, index + 1)
                } else if joined {
                    // The ring it joined in: told right after one's own joining, even if it was before.
                    current = (ring, .ownJoin, index + 1)
                }
                announced = ring
            case .change(let change):
                guard !joined else { continue }
                if change.joined.map(\.process) == [life.process] {
                    joined = true
                    if let announced { current = (announced, .ownJoin, index + 1) }
                } else if fault == nil {
                    fault = "before it had joined it was told: \(entry.event)"
                }
            case .delivery:
                if current == nil, fault == nil {
                    fault = "before it had joined and knew the ring it was given: \(entry.event)"
                }
            }
        }
        if let open = current {
            spans.append(
                Span(
                    ring: open.ring, start: open.start, end: life.ending == .closed ? .closed : .gone,
                    range: open.first..<life.entries.count))
        }
        self.spans = spans
        self.fault = fault
    }
}
