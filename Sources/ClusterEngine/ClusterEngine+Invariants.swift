import ClusterServices
import Totem

extension ClusterEngine {
    /// The first invariant of the ring or of the services that does not hold, in words; nil when all do.
    package mutating func brokenInvariant() -> String? {
        ring.brokenInvariant().map { "the ring's \($0.text)" }
            ?? services.brokenInvariant().map { "the services' \($0.text)" }
    }
}
