import Basics
import ClusterServices
import Totem
import TotemWire

/// What a shell that shows the ring looks at after every call; asking `ring` itself would copy it.
extension ClusterEngine {
    package var ringPhase: RingPhase { mutating get { ring.phase } }
    package var ringStatistics: RingStatistics { mutating get { ring.statistics } }

    /// All that the daemon looks at in every turn of its loop.
    package var vitals: Vitals {
        mutating get {
            Vitals(
                memberCount: ring.members.count, tokenLosses: ring.statistics.operationalTokenLost,
                tokenTimeout: configuration.ring.token, backlog: ring.backlog)
        }
    }

    /// Lets time pass, then shows what is looked at in every turn.
    package mutating func advanceAndLook(to now: Instant) -> Vitals {
        advance(to: now)
        return vitals
    }

    /// Delivers to the services; whether there is anything to carry out.
    package mutating func processAndLook(now: Instant) -> Bool {
        process(now: now)
        return hasDirectives
    }

    /// How many frames and other events of the ring wait for the next `process`.
    package var waitingEventCount: Int { mutating get { ring.waitingEventCount } }

    package struct Vitals {
        package var memberCount: Int
        /// How often the token was lost in a working ring.
        package var tokenLosses: UInt64
        /// In milliseconds, as it is in force.
        package var tokenTimeout: UInt32
        /// Frames that waited for the token when it was last here.
        package var backlog: UInt32
    }
}

/// What a simulation compares between nodes.
extension ClusterEngine {
    package struct Outlook: Sendable {
        package var phase: RingPhase
        package var members: [NodeID]
        package var ring: RingID
        /// The ring whose messages are delivered.
        package var installed: RingID
        package var framesWaiting: Int
        /// Messages that are known of and may still be asked for.
        package var window: Int
        package var buffersInUse: Int
        package var isSynchronizing: Bool
        package var parameters: RingParameters
        /// Until when nodes that were tried in vain are not tried again.
        package var strangersWaitUntil: Instant?
    }

    package mutating func look() -> Outlook {
        let progress = ring.progress
        return Outlook(
            phase: ring.phase, members: ring.members, ring: ring.ringID, installed: progress.ring,
            framesWaiting: ring.framesWaiting, window: Int(progress.highest.distance(from: progress.released)),
            buffersInUse: ring.buffersInUse, isSynchronizing: services.isSynchronizing, parameters: configuration.ring,
            strangersWaitUntil: ring.strangersWaitUntil)
    }
}

extension ClusterEngine {
    /// The first invariant of the ring or of the services that does not hold, in words; nil when all do.
    package mutating func brokenInvariant() -> String? {
        ring.brokenInvariant().map { "the ring's \($0.text)" }
            ?? services.brokenInvariant().map { "the services' \($0.text)" }
    }
}
