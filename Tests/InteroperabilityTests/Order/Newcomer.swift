import ClusterLab

/// A node that came to a ring, or to the group, while messages of others were on their way.
///
/// A message of which a part was sent before is completed for those that have that part, and passed over by the one that
/// came: so do Corosync with Totem's frames and libcpg with the parts in which it sends what is larger than 1047552 bytes.
/// Rondo sends its frames again from the message's beginning. Of a Corosync's messages, a Corosync that came also loses
/// whole ones behind it, until a frame ends with a message (spec: totem.md 13.3 "Defects"); Rondo neither loses them nor,
/// as the sender, lets a Corosync lose them.
struct Newcomer {
    /// Bytes that libcpg sends as one message.
    private static let libraryPart: UInt32 = 1_047_552

    /// Nodes that go on with a message in the middle, whoever has come.
    private let cutters: Set<UInt32>
    /// By process, how many messages it had handed over when this node came to it.
    private var handedOver: [GroupProcess: UInt64] = [:]
    /// Nodes of whose messages it may lack more than the one that was cut.
    private var careless: Set<UInt32> = []
    private var heard: Set<GroupProcess> = []
    private var lacking: Set<GroupProcess> = []

    /// The node at a place, of whose span everything before `start` has been compared.
    init(_ comparison: OrderComparison, _ place: OrderComparison.Place, before start: Int) {
        let own = comparison.histories[place.node]
        let corosync = Engine.corosync.description
        cutters = Set(comparison.histories.filter { $0.engine == corosync }.map(\.node))
        if own.engine == corosync { careless = cutters }
        let spans = comparison.spans[place.node][place.life]
        for (index, history) in comparison.histories.enumerated() where index != place.node {
            let meeting = comparison.meeting(of: place.node, with: index, upTo: place.span.ring)
            guard let first = spans.firstIndex(where: { $0.ring == meeting }),
                let last = spans.firstIndex(where: { $0.ring == place.span.ring }), first <= last
            else { continue }
            note(history, in: comparison, since: spans[first], of: own.lives[place.life].process)
            // What came of it in earlier rings since then.
            for span in spans[first..<last] {
                let sender = own.lives[place.life].entries[span.range].lazy.compactMap { entry -> GroupProcess? in
                    guard case .delivery(let delivery) = entry.event else { return nil }
                    return delivery.sender.node == history.node ? delivery.sender : nil
                }.first
                if let sender { heard.insert(sender) }
            }
        }
        for index in place.span.range.lowerBound..<start { note(comparison.entry(place, index).event) }
    }

    /// Notes how many messages the processes of a node had handed over when this one came to it.
    ///
    /// - Parameters:
    ///   - meeting: What this node was told in the ring in which they met.
    ///   - process: The member here.
    private mutating func note(
        _ history: NodeHistory, in comparison: OrderComparison, since meeting: Span, of process: GroupProcess
    ) {
        guard let index = comparison.histories.firstIndex(where: { $0.node == history.node }) else { return }
        for (life, spans) in zip(history.lives, comparison.spans[index]) {
            for span in spans where span.ring == meeting.ring {
                switch meeting.start {
                case .ring:
                    if span.start == .ring {
                        handedOver[life.process] = life.entries[span.range.lowerBound - 1].accepted
                    }
                case .ownJoin:
                    let join = life.entries[span.range].first { entry in
                        guard case .change(let change) = entry.event else { return false }
                        return change.joined.contains { $0.process == process }
                    }
                    if let join { handedOver[life.process] = join.accepted }
                }
            }
        }
    }

    /// Notes what the node was told.
    mutating func note(_ event: Event) {
        if case .delivery(let delivery) = event { heard.insert(delivery.sender) }
    }

    /// Whether the node may lack a message that others were given: one that had begun before it came, and nothing of
    /// the sender has reached it yet.
    mutating func mayLack(_ event: Event) -> Bool {
        guard case .delivery(let delivery) = event, let begun = handedOver[delivery.sender],
            cutters.contains(delivery.sender.node) || delivery.length > Self.libraryPart,
            !heard.contains(delivery.sender), (delivery.name?.number ?? UInt64(delivery.lowByte)) < begun,
            !lacking.contains(delivery.sender) || careless.contains(delivery.sender.node)
        else { return false }
        lacking.insert(delivery.sender)
        return true
    }
}
