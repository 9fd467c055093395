import Basics
import TotemWire

/// Messages as they are delivered.
extension Checker {
    /// A node delivers a message; -1 when it is none that was ever sent.
    @discardableResult
    mutating func delivered(_ node: Int, sender: NodeID, isSynchronization: Bool, body: Span<UInt8>) -> Int {
        deliveries += 1
        guard let message = MessageBody.number(of: body), messages.indices.contains(message) else {
            fail(.integrity) {
                "node \($0.ids[node]) delivers \(body.count) bytes that nobody sent"
            }
            return -1
        }
        digest.mix(UInt64(message) << 16 ^ UInt64(node))
        let record = messages[message]
        require(
            ids[Int(record.sender)] == sender && (record.kind == .barrier) == isSynchronization
                && record.size == body.count && record.fingerprint == body.fingerprint,
            record.size == body.count ? .integrity : .wholeMessages
        ) {
            "node \($0.ids[node]) delivers \($0.describe(message)) altered: \(body.count) bytes from node \(sender)"
        }
        locate(node, message, record)
        keepOrder(node, message, record)
        waitForSynchronization(node, message, record)
        if Int(record.sender) == node { nodes[node].ownDelivered += 1 }
        return message
    }

    /// The message must belong to the ring the node is in, and come next.
    private mutating func locate(_ node: Int, _ message: Int, _ record: MessageRecord) {
        let ring = nodes[node].ring
        guard ring >= 0, Int(record.endedIn) == ring else {
            let sentIn = record.endedIn >= 0 ? "of ring \(ledgers[Int(record.endedIn)].id)" : "not yet sent whole"
            let isIn = ring >= 0 ? "in ring \(ledgers[ring].id)" : "before its first ring"
            return fail(record.endedIn < 0 ? .integrity : .transitionalBeforeRegular) {
                "node \($0.ids[node]) delivers \($0.describe(message)), \(sentIn), \(isIn)"
            }
        }
        let isTransitional = nodes[node].transition != nil
        guard record.place > nodes[node].cursor else {
            let isAgain =
                nodes[node].regularMessages.contains(Int32(clamping: message))
                || nodes[node].transitionalMessages.contains(Int32(clamping: message))
            return fail(isAgain ? .integrity : .totalOrder) {
                "node \($0.ids[node]) delivers \($0.describe(message)) \(isAgain ? "twice" : "too late") in ring "
                    + "\($0.ledgers[ring].id)"
            }
        }
        if let transition = nodes[node].transition {
            require(transition.members.contains(ids[Int(record.sender)]), .transitionalSenders) {
                "node \($0.ids[node]) delivers \($0.describe(message)) after the transitional configuration "
                    + "\(transition.members)"
            }
        } else {
            var place = nodes[node].cursor + 1
            while place < record.place {
                let skipped = Int(ledgers[ring].messages[Int(place)])
                require(!isDue(node, skipped, nodes[node].togetherSince), .noGap) {
                    "node \($0.ids[node]) leaves out \($0.describe(skipped)) before \($0.describe(message)) in ring "
                        + "\($0.ledgers[ring].id)"
                }
                place += 1
            }
        }
        nodes[node].cursor = record.place
        if isTransitional {
            nodes[node].transitionalMessages.append(Int32(clamping: message))
        } else {
            nodes[node].regularMessages.append(Int32(clamping: message))
        }
    }

    /// Whether a message must reach a node that is in the ring in which it ended: every ordinary message, since those
    /// that a change of ring cuts in two are sent again from their beginning. One of a synchronisation that was broken
    /// off, which means nothing any more: if the node was with the sender when its first part was sent, and since.
    func isDue(_ node: Int, _ message: Int, _ togetherSince: [Int]) -> Bool {
        let record = messages[message]
        guard !record.isOrdinary else { return true }
        guard record.begunIn >= 0 else { return false }
        let index = ledgers[Int(record.begunIn)].historyIndex[node]
        return index >= 0 && index >= togetherSince[Int(record.sender)]
    }

    private mutating func keepOrder(_ node: Int, _ message: Int, _ record: MessageRecord) {
        let sender = Int(record.sender)
        var heard = nodes[node].heard[sender]
        if heard.life < record.life { heard = .init(life: record.life) }
        let last = record.isOrdinary ? heard.ordinary : heard.other
        require(heard.life == record.life && record.number > last, .fifo) {
            "node \($0.ids[node]) delivers \($0.describe(message)) after number \(last) of the same sender"
        }
        if record.isOrdinary { heard.ordinary = record.number } else { heard.other = record.number }
        nodes[node].heard[sender] = heard
    }

    /// Synchronisation first, ordinary messages after it (totem.md 13.5).
    private mutating func waitForSynchronization(_ node: Int, _ message: Int, _ record: MessageRecord) {
        let ring = nodes[node].ring
        guard ring >= 0, nodes[node].transition == nil else { return }
        if record.isOrdinary {
            require(nodes[node].isSynchronized, .queueSwitch) {
                "node \($0.ids[node]) delivers \($0.describe(message)) before synchronisation in ring \($0.ledgers[ring].id)"
            }
        } else if record.ring == ledgers[ring].id {
            require(!nodes[node].isSynchronized, .queueSwitch) {
                "node \($0.ids[node]) delivers \($0.describe(message)) after synchronisation in ring \($0.ledgers[ring].id)"
            }
        }
    }

    mutating func synchronized(_ node: Int) { nodes[node].isSynchronized = true }

    /// Two nodes that went together from one ring to the next.
    mutating func compare(_ mine: RingLedger.Installation, _ theirs: RingLedger.Installation) {
        compare(mine.regularMessages, mine, theirs.regularMessages, theirs, "before")
        compare(mine.transitionalMessages, mine, theirs.transitionalMessages, theirs, "after")
    }

    private mutating func compare(
        _ a: [Int32], _ mine: RingLedger.Installation, _ b: [Int32], _ theirs: RingLedger.Installation,
        _ part: String
    ) {
        guard a != b else { return }
        missing(in: a, of: mine, but: b, of: theirs, part)
        missing(in: b, of: theirs, but: a, of: mine, part)
    }

    private mutating func missing(
        in a: [Int32], of one: RingLedger.Installation, but b: [Int32], of other: RingLedger.Installation,
        _ part: String
    ) {
        var index = 0
        for message in b {
            let place = messages[Int(message)].place
            while index < a.count, messages[Int(a[index])].place < place { index += 1 }
            if index < a.count, a[index] == message { continue }
            require(!isDue(one.node, Int(message), one.togetherSince), .virtualSynchrony) {
                "node \($0.ids[other.node]) delivers \($0.describe(Int(message))) \(part) the transitional configuration of "
                    + "ring \($0.ledgers[other.old].id), node \($0.ids[one.node]), which goes with it, does not"
            }
        }
    }
}
