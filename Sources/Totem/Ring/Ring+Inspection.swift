import Basics
import TotemWire

// What the simulator's checks may see of the machine's inside; nothing else may depend on it.

/// How far a node has come with the messages of its installed ring.
package struct RingProgress: Sendable, Equatable {
    package var ring: RingID
    /// Everything up to here has been received.
    package var aru: SequenceNumber
    package var highest: SequenceNumber
    package var delivered: SequenceNumber
    /// Everything up to here has been freed.
    package var released: SequenceNumber

    init(of reception: borrowing Reception, in ring: RingID) {
        self.ring = ring
        aru = reception.aru
        highest = reception.highest
        delivered = reception.delivered
        released = reception.released
    }
}

/// What the checks look at after every call.
package struct RingInspection: Sendable {
    package var phase: RingPhase
    package var progress: RingProgress
    /// This node's share of the token's backlog count.
    package var backlogShare: UInt32
    package var deadline: Instant?
}

extension TotemRing {
    /// All of that at once; mutating only so that the caller's machine is not copied for it.
    package mutating func inspect() -> RingInspection {
        RingInspection(phase: phase, progress: progress, backlogShare: visits.flow.backlogLast, deadline: nextDeadline)
    }

    package var progress: RingProgress {
        if isRecovering, case .recovery(let recovery) = state {
            return RingProgress(of: recovery.old, in: installedRingID)
        }
        return RingProgress(of: reception, in: installedRingID)
    }

    /// Frames that wait for the token, in both queues; what is still being packed counts as one.
    package var framesWaiting: Int { sendQueues.count + (sendQueues.isPacked ? 0 : 1) }

    /// Of a busy ring's token, of the last minute, in nanoseconds.
    package func longestRotation(now: Instant) -> UInt64 { rotations.longest(now: now) }

    /// Message buffers that hold something.
    package var buffersInUse: Int { pool.inUse }

    package var proposedMembers: [NodeID] { proposed }
    package var failedMembers: [NodeID] { failed }

    /// Nanoseconds of silence after which a member counts as gone; nil while it has promised nothing or its machine has not
    /// been heard to answer.
    package func silenceLimit(of node: NodeID, now: Instant) -> UInt64? {
        silences.answers(node) ? limit(of: node, now: now) : nil
    }

    /// Milliseconds of `promise` as it stands, 0 for none.
    package var promisedSilence: UInt32 { promise }

    /// Whether any member that this node hears beats.
    package var hearsBeats: Bool { members.contains { $0 != me && beats.account(of: $0) != nil } }
}
