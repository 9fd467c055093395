import ArgumentParser
import Simulator

/// What of a cluster is simulated.
enum Layer: String, ExpressibleByArgument, CaseIterable {
    /// Rings with modelled services.
    case ring
    /// Whole nodes with the programs on them.
    case nodes
    /// Links of knet without a ring.
    case links
    case all

    func has(_ layer: SimulatedLayer) -> Bool { self == .all || rawValue == layer.rawValue }
}

extension SimulatedLayer {
    /// In front of what is said of a layer that is not the ring's.
    var prefix: String {
        switch self {
        case .ring: ""
        case .nodes: "whole nodes: "
        case .links: "links: "
        }
    }

    /// Behind the name of a seed.
    var suffix: String {
        switch self {
        case .ring: ""
        case .nodes: " of whole nodes"
        case .links: " of links"
        }
    }

    /// The option that names a layer that is not the ring's.
    var argument: String { self == .ring ? "" : "--layer \(rawValue) " }

    /// Before the numbers of many seeds.
    var seedsTitle: String {
        switch self {
        case .ring: "seeds"
        case .nodes: "whole nodes, seeds"
        case .links: "links, seeds"
        }
    }
}
