import Basics
import TotemWire

extension RingState {
    /// The commit token makes its first round.
    struct Commit: Sendable {
        var token: CommitToken
        /// When everybody was last given a new chance, if so since the last ring.
        var beganAnew: Instant?
    }
}

/// COMMIT: the commit token tells every member who belongs to the new ring and what each has of the old (spec:
/// totem.md 11).
extension TotemRing {
    /// Creates the commit token as the lowest of the agreed nodes.
    mutating func createCommitToken(now: Instant) {
        let addresses = candidates
        notice(.createdCommitToken)
        enterCommit(
            CommitToken(
                header: PacketHeader(type: .commitToken, nodeID: me), tokenSequence: 0,
                ringID: RingID(
                    representative: me, sequence: has(.reusesRingSequence) ? numbers.highest : numbers.next),
                memberIndex: 0,
                addresses: addresses,
                members: Array(repeating: .unset, count: addresses.count)),
            now: now)
    }

    mutating func receive(_ token: CommitToken, now: Instant) {
        guard token.addresses.contains(token.header.nodeID) else {
            return drop(.commitToken, from: token.header.nodeID, "its sender is not one of its members")
        }
        switch state {
        case .idle, .operational:
            ignore()
        case .gather:
            guard isAcceptable(token) else { return ignore() }
            enterCommit(token, now: now)
        case .commit(let commit):
            guard token.ringID == ringID, token.addresses == commit.token.addresses,
                Int(token.memberIndex) == token.addresses.count || has(.acceptsUnfilledCommitToken)
            else { return ignore() }
            guard keepsMyEntry(token, as: commit.token) || has(.acceptsUnfilledCommitToken) else {
                return drop(
                    .commitToken, from: token.header.nodeID, "what it says of this node is not what this node said")
            }
            enterRecovery(token, now: now)
        case .recovery(let present):
            guard token.ringID == ringID, ringID.representative == me, !present.hasSentFirstToken else {
                return ignore()
            }
            _ = withRecovery { ring, recovery in
                recovery.hasSentFirstToken = true
                ring.sendFirstToken(&recovery, now: now)
            }
        }
    }

    /// Whether a commit token is for exactly the membership I agreed to, in a ring newer than any of mine, and at the
    /// point of its round where it is my turn (spec: totem.md 11.3; checks of 22.3).
    private func isAcceptable(_ token: CommitToken) -> Bool {
        let index = Int(token.memberIndex)
        return token.ringID.sequence > ringID.sequence
            && numbers.isPlausible(token.ringID.sequence)
            && token.addresses == candidates
            && token.ringID.representative == token.addresses.first
            && token.addresses.indices.contains(index) && token.addresses[index] == me
    }

    /// Whether a commit token that has been round says of me what I have said. A former life of mine may have had the token
    /// too, and have forgotten with its ring id file that it promised to be in this ring; what it said of its old ring is
    /// not true of mine, and by it I would not come along from my own (found by the simulator).
    private func keepsMyEntry(_ token: CommitToken, as sent: CommitToken) -> Bool {
        guard let place = sent.addresses.firstIndex(of: me), token.members.indices.contains(place),
            sent.members.indices.contains(place)
        else { return false }
        let (said, mine) = (token.members[place], sent.members[place])
        return said.ringID == mine.ringID && said.aru == mine.aru && said.highDelivered == mine.highDelivered
    }

    private mutating func enterCommit(_ received: CommitToken, now: Instant) {
        var token = received
        let index = Int(token.memberIndex)
        fillEntry(of: &token, at: index)
        token.header.nodeID = me
        token.header.order = .native
        token.memberIndex = Int32(clamping: index + 1)
        token.tokenSequence &+= 1
        ringOrder = token.addresses
        let step = has(.sendsTokenBackwards) ? token.addresses.count - 1 : 1
        visits.begin(
            target: token.addresses[(index + step) % token.addresses.count], start: parameters.firstSequence)
        numbers.begin(token.ringID)
        notice(.storingRingSequence(ringID.sequence))
        send(token)

        timers.cancel(.join)
        timers.cancel(.consensus)
        statistics.continuousGather = 0
        statistics.commitEntered &+= 1
        state = .commit(.init(token: token, beganAnew: beganAnew))
        startTokenTimers(now: now)
        notice(.enteringCommit)
    }

    /// Says in my entry what I have of my old ring, and marks those of the same old ring that turn out to lack
    /// something (spec: totem.md 11.4).
    private func fillEntry(of token: inout CommitToken, at index: Int) {
        token.members[index] = CommitMember(
            ringID: has(.namesFailedAttempt) ? ringID : installedRingID, aru: reception.aru,
            highDelivered: reception.delivered,
            receivedFlag: reception.isComplete ? 1 : 0)
        var highest = reception.aru
        for entry in token.members[0...index] where entry.ringID == installedRingID {
            if highest.isLess(than: entry.aru) { highest = entry.aru }
        }
        for i in 0...index where token.members[i].ringID == installedRingID {
            if token.members[i].aru.isLess(than: highest) { token.members[i].receivedFlag = 0 }
        }
    }

    /// Sends a commit token on and keeps it for retransmission.
    mutating func send(_ token: CommitToken) {
        statistics.commitTokenTx &+= 1
        visits.keep(token)
        sendLastToken()
    }
}
