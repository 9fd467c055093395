import ArgumentParser

/// What of a cluster is simulated.
enum Layer: String, ExpressibleByArgument, CaseIterable {
    /// Rings with modelled services.
    case ring
    /// Whole nodes with the programs on them.
    case nodes
    case both

    var hasRing: Bool { self != .nodes }
    var hasNodes: Bool { self != .ring }
}
