import Deadlines
import Totem

/// What a shell that shows the ring looks at after every call; asking `ring` itself would copy it.
extension ClusterEngine {
    package var ringPhase: RingPhase { mutating get { ring.phase } }
    package var ringStatistics: RingStatistics { mutating get { ring.statistics } }

    /// All that the daemon looks at in every turn of its loop.
    package var vitals: Vitals {
        mutating get {
            Vitals(
                memberCount: ring.members.count, tokenLosses: ring.statistics.operationalTokenLost,
                tokenTimeout: configuration.ring.token)
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

    package struct Vitals {
        package var memberCount: Int
        /// How often the token was lost in a working ring.
        package var tokenLosses: UInt64
        /// In milliseconds, as it is in force.
        package var tokenTimeout: UInt32
    }
}
