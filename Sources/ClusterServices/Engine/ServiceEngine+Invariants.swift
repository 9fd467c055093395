extension ServiceEngine {
    /// The first of the services' invariants that does not hold; nil when all do. (Mutating, so that no copy is made to
    /// ask.)
    package mutating func brokenInvariant() -> ServiceInvariant? {
        guard synchronizer.phase == .idle || isSynchronizing else { return .roundIsAnnounced }
        return synchronizer.brokenInvariant() ?? voteQuorum?.brokenInvariant() ?? processGroups.brokenInvariant()
    }

    /// Stops a debug build whose services have gone wrong. Costs nothing in a release build.
    @inline(__always)
    mutating func assertInvariants() { assert(brokenInvariant() == nil, brokenInvariant()?.text ?? "") }
}
