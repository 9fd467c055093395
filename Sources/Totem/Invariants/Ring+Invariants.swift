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
        case .idle:
            if let broken = reception.brokenInvariant(isDelivered: true) { return broken }
            return timers.next == nil && !outbox.hasLoopback ? nil : .silentWhenIdle
        case .gather(let gather): return broken(in: gather)
        case .commit(let commit): return brokenInRing() ?? broken(inAttemptAt: commit.token) ?? brokenReception()
        case .recovery(let recovery): return brokenInRing() ?? broken(in: recovery)
        }
    }

    /// Stops a debug build whose machine has gone wrong, unless it was made to. Costs nothing in a release build.
    @inline(__always)
    mutating func assertInvariants() {
        assert(defects.isAny || brokenInvariant() == nil, brokenInvariant()?.text ?? "")
    }

    // MARK: In every state

    private func brokenAlways() -> RingInvariant? {
        if let broken = numbers.brokenInvariant() ?? outbox.brokenInvariant() { return broken }
        if !isIdle, let broken = proposal.brokenInvariant(of: me) { return broken }
        guard !timers.isRunning(.hold) || isOperational && isRepresentative else { return .holdsAsRepresentative }
        guard !timers.isRunning(.backPressure) || isOperational else { return .keepsInOperational }
        guard !visits.isHeld || isOperational || isIdle else { return .restsInOperational }
        guard delivery.announcedRingID.sequence <= installedRingID.sequence else { return .servicesFollow }
        guard sendQueues.awaitsAcknowledgement || delivery.announcedRingID == installedRingID else {
            return .ordinaryAfterAcknowledgement
        }
        return nil
    }

    /// Where `reception` is of the installed ring, which is everywhere but in RECOVERY.
    private func brokenReception() -> RingInvariant? {
        reception.brokenInvariant(isDelivered: true) ?? brokenAccount(beside: 0)
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
        guard visits.target == ringOrder[place + 1 < ringOrder.count ? place + 1 : 0] else { return .tokenGoesToNext }
        guard timers.isRunning(.tokenLoss) else { return .lossIsNoticed }
        guard visits.copy.count > 0 else { return .keepsTokenCopy }
        guard isOperational == (ringID.sequence == installedRingID.sequence) else { return .worksInInstalledRing }
        return nil
    }

    private func brokenInOperational() -> RingInvariant? {
        guard members.contains(me) else { return .amMember }
        guard failed.isEmpty, proposed == members else { return .opinionsRest }
        return visits.brokenInvariant(start: parameters.firstSequence) ?? brokenReception()
    }

    private func broken(in gather: RingState.Gather) -> RingInvariant? {
        guard gather.consensus.contains(me) else { return .agreeWithMyself }
        guard timers.isRunning(.join), timers.isRunning(.consensus) || timers.isRunning(.tokenLoss) else {
            return .gatheringEnds
        }
        return brokenReception()
    }

    private func broken(inAttemptAt token: CommitToken) -> RingInvariant? {
        token.ringID == ringID && token.addresses == ringOrder ? nil : .attemptIsPresentRing
    }

    private func broken(in recovery: RingState.Recovery) -> RingInvariant? {
        if let broken = broken(inAttemptAt: recovery.token) { return broken }
        guard recovery.transitional.allSatisfy({ members.contains($0) && ringOrder.place(of: $0) != nil }) else {
            return .comeAlongFromBoth
        }
        return reception.brokenInvariant(isDelivered: false) ?? recovery.old.brokenInvariant(isDelivered: true)
            ?? visits.brokenInvariant(start: parameters.firstSequence)
            ?? brokenAccount(beside: recovery.old.queue.count)
    }
}
