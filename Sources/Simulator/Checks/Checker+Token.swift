import Totem
import TotemWire

/// The token's numbers, and what nodes keep.
extension Checker {
    mutating func sent(_ node: Int, _ token: ORFToken, fingerprint: UInt64, backlogShare: UInt32) {
        requireStored(node, token.ringID)
        let place = ledger(of: token.ringID)
        if let last = ledgers[place].sentToken, !last.isLess(than: token.tokenSequence) {
            let isRepetition = ledgers[place].tokenSentBy[node] == fingerprint
            nodes[node].tokenRepetitions += 1
            return require(isRepetition, .oneToken) {
                "node \($0.ids[node]) sends token \(token.tokenSequence) of ring \(token.ringID), which is not the copy of "
                    + "its last one; the token is at \(last)"
            }
        }
        digest.mix(fingerprint)
        nodes[node].tokenSentAt = now
        nodes[node].tokenRepetitions = 0
        passedOn(node, place)
        let isFirst = ledgers[place].sentToken == nil
        ledgers[place].sentToken = token.tokenSequence
        ledgers[place].tokenSentBy[node] = fingerprint
        // The first token of a ring counts nothing yet.
        ledgers[place].shares[node] = isFirst ? 0 : backlogShare
        ledgers[place].sent[node] = ledgers[place].sending[node]
        ledgers[place].sending[node] = 0
        check(token, of: node, in: ledgers[place], isFirst: isFirst)
    }

    private mutating func check(_ token: ORFToken, of node: Int, in ledger: RingLedger, isFirst: Bool) {
        let name = { (checker: Checker) in
            "token \(token.tokenSequence) of ring \(token.ringID), sent by node \(checker.ids[node]),"
        }
        require(token.sequence == ledger.highest, .tokenSequence) {
            "\(name($0)) has number \(token.sequence), but the last message is \(ledger.highest)"
        }
        require(
            token.aru.isLessOrEqual(to: token.sequence)
                || token.aru == ledger.start.advanced(by: .max), .receivedUpTo
        ) {
            "\(name($0)) has aru \(token.aru) beyond its number \(token.sequence)"
        }
        for index in 0..<token.retransmitList.count {
            let entry = token.retransmitList[index]
            for earlier in 0..<index {
                require(token.retransmitList[earlier] != entry, .window) {
                    "\(name($0)) asks twice for message \(entry.sequence)"
                }
            }
        }
        let sent = ledger.sent[node]
        require(sent <= parameters.maxMessages, .flowControl) {
            "\(name($0)) was accompanied by \(sent) messages; max_messages is \($0.parameters.maxMessages)"
        }
        guard !isFirst else { return }
        var inRotation: UInt32 = 0
        var waiting: UInt32 = 0
        for index in ids.indices {
            inRotation &+= ledger.sent[index]
            waiting &+= ledger.shares[index]
        }
        require(token.fcc == inRotation, .flowControl) {
            "\(name($0)) counts \(token.fcc) messages in the last rotation; there were \(inRotation)"
        }
        require(token.backlog == waiting, .flowControl) {
            "\(name($0)) counts \(token.backlog) waiting messages; the nodes counted \(waiting)"
        }
    }

    /// A node has accepted a token that came from another.
    mutating func accepted(_ node: Int, _ token: ORFToken) {
        let place = ledger(of: token.ringID)
        if let last = ledgers[place].acceptedToken {
            require(last.isLess(than: token.tokenSequence), .oneToken) {
                "node \($0.ids[node]) accepts token \(token.tokenSequence) of ring \(token.ringID) after \(last) was accepted"
            }
        }
        ledgers[place].acceptedToken = token.tokenSequence
        nodes[node].tokenTakenAt = now
    }

    /// A node's numbers after it was called.
    mutating func progressed(_ node: Int, _ progress: RingProgress, isOperational: Bool) {
        let before = nodes[node].progress
        guard before != progress else { return }
        nodes[node].progress = progress
        require(
            progress.aru.isLessOrEqual(to: progress.highest)
                && (!isOperational || progress.delivered.isLessOrEqual(to: progress.aru)), .receivedUpTo
        ) {
            "node \($0.ids[node]): delivered \(progress.delivered), received up to \(progress.aru), highest "
                + "\(progress.highest) in ring \(progress.ring)"
        }
        require(
            progress.highest.distance(from: progress.released) < 16384
                || progress.highest.isLess(than: progress.released), .window
        ) {
            "node \($0.ids[node]) has seen message \(progress.highest) and freed only up to \(progress.released) in ring "
                + "\(progress.ring)"
        }
        guard isOperational, before?.released != progress.released || before?.ring != progress.ring else { return }
        for other in ids.indices where other != node {
            guard let theirs = nodes[other].progress, theirs.ring == progress.ring else { continue }
            require(progress.released.isLessOrEqual(to: theirs.aru), .freedTooEarly) {
                "node \($0.ids[node]) has freed messages up to \(progress.released) of ring \(progress.ring), but node "
                    + "\($0.ids[other]) has them only up to \(theirs.aru)"
            }
        }
    }
}
