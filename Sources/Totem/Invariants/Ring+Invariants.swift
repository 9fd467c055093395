import Basics
import TotemWire

extension TotemRing {
    /// The first of the machine's invariants that does not hold; nil when all do.
    ///
    /// It allocates nothing and does not look at single messages, so it can be asked after every call. (Mutating, so
    /// that no copy is made to ask.)
    package mutating func brokenInvariant() -> RingInvariant? {
        if let broken = brokenAlways() { return broken }
        // Asked first, since a look at all states makes a copy of what is in them.
        if isOperational { return brokenInRing() ?? brokenInOperational() }
        switch state {
        case .operational: return nil
        case .idle: return timers.next == nil && loopback.isEmpty ? nil : .silentWhenIdle
        case .gather(let gather): return broken(in: gather)
        case .commit(let commit): return brokenInRing() ?? broken(inAttemptAt: commit.token) ?? brokenAccount(beside: 0)
        case .recovery(let recovery): return brokenInRing() ?? broken(in: recovery)
        }
    }

    /// Stops a debug build whose machine has gone wrong, unless it was made to. Costs nothing in a release build.
    @inline(__always)
    mutating func assertInvariants() {
        assert(isPlanted || brokenInvariant() == nil, brokenInvariant()?.text ?? "")
    }

    private var isPlanted: Bool {
        #if PLANTED_DEFECTS
            planted != nil
        #else
            false
        #endif
    }

    // MARK: In every state

    private func brokenAlways() -> RingInvariant? {
        guard installedRingID.sequence <= ringID.sequence, ringID.sequence <= highestRingSequence else {
            return .ringsGoForward
        }
        guard sequenceToStore == nil || sequenceToStore == ringID.sequence else { return .storesPresentRing }
        guard isIdle || proposed.contains(me) else { return .amCandidate }
        guard isIdle || hasFailedToReceive || !failed.contains(me) else { return .trustMyself }
        guard proposed.count <= TotemLimits.processorCount, failed.count <= TotemLimits.processorCount,
            leaving.count <= TotemLimits.processorCount
        else { return .listsAreBounded }
        guard !timers.isRunning(.hold) || isOperational && isRepresentative else { return .holdsAsRepresentative }
        guard !isTokenHeld || isOperational || isIdle else { return .restsInOperational }
        if case .control(let range)? = outgoing.last?.payload, range.upperBound > control.count {
            return .outboxHasBytes
        }
        guard announcedRingID.sequence <= installedRingID.sequence else { return .servicesFollow }
        guard sendQueues.awaitsAcknowledgement || announcedRingID == installedRingID else {
            return .ordinaryAfterAcknowledgement
        }
        return reception.brokenInvariant(isDelivered: true)
    }

    /// - Parameter others: messages kept elsewhere.
    private func brokenAccount(beside others: Int) -> RingInvariant? {
        pool.inUse == reception.queue.count + sendQueues.count + others ? nil : .everyBufferHasPlace
    }

    // MARK: In one state

    /// Where a token goes round: in COMMIT, RECOVERY and OPERATIONAL.
    private func brokenInRing() -> RingInvariant? {
        guard let place = ringOrder.firstIndex(of: me) else { return .amMember }
        guard ringOrder.first == ringID.representative else { return .lowestRepresents }
        guard target == ringOrder[place + 1 < ringOrder.count ? place + 1 : 0] else { return .tokenGoesToNext }
        guard timers.isRunning(.tokenLoss) else { return .lossIsNoticed }
        guard lastToken.count > 0 else { return .keepsTokenCopy }
        guard isOperational == (ringID.sequence == installedRingID.sequence) else { return .worksInInstalledRing }
        return nil
    }

    private func brokenInOperational() -> RingInvariant? {
        guard members.contains(me) else { return .amMember }
        guard failed.isEmpty, proposed == members else { return .opinionsRest }
        return brokenARU() ?? brokenAccount(beside: 0)
    }

    private func broken(in gather: RingState.Gather) -> RingInvariant? {
        guard gather.consensus.contains(me) else { return .agreeWithMyself }
        guard timers.isRunning(.join), timers.isRunning(.consensus) || timers.isRunning(.tokenLoss) else {
            return .gatheringEnds
        }
        return brokenAccount(beside: 0)
    }

    private func broken(inAttemptAt token: CommitToken) -> RingInvariant? {
        token.ringID == ringID && token.addresses == ringOrder ? nil : .attemptIsPresentRing
    }

    private func broken(in recovery: RingState.Recovery) -> RingInvariant? {
        if let broken = broken(inAttemptAt: recovery.token) { return broken }
        guard recovery.transitional.allSatisfy({ members.contains($0) && ringOrder.place(of: $0) != nil }) else {
            return .comeAlongFromBoth
        }
        return recovery.reception.brokenInvariant(isDelivered: false) ?? brokenARU()
            ?? brokenAccount(beside: recovery.reception.queue.count)
    }

    /// The first token of a ring has an aru of its own (spec: totem.md 12.2).
    private func brokenARU() -> RingInvariant? {
        lastARU.isLessOrEqual(to: lastSequence) || lastARU == parameters.firstSequence.advanced(by: .max)
            ? nil : .aruBehindSequence
    }
}
