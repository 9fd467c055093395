import ArgumentParser
import Links
import Simulator
import Totem

/// The faults that `--sabotage` plants.
enum PlantedNames {
    static var help: String {
        let defects = PlantedDefect.available.map(\.rawValue)
        let ofLinks = LinkDefect.available.map(\.rawValue)
        return "Plant a fault for the checks to find. In rings: \(list(Sabotage.allCases.map(\.rawValue))). "
            + "In whole nodes: \(list(ClusterSabotage.allCases.map(\.rawValue))). "
            + (defects.isEmpty
                ? "Debug builds also have defects of the machines to plant in rings, links and whole nodes."
                : "Inside the ring machine of every node of a ring (this is a debug build): \(list(defects)). "
                    + "Inside the machine of links, also those of whole nodes: \(list(ofLinks)).")
    }

    /// - Throws: `ValidationError` when there is no such fault in this build.
    static func check(_ name: String) throws {
        guard RingSabotage(name: name) == nil, NodeSabotage(name: name) == nil, LinksSabotage(name: name) == nil
        else { return }
        if PlantedDefect(rawValue: name) != nil || LinkDefect(rawValue: name) != nil {
            throw ValidationError(
                "'\(name)' is a defect of the \(LinkDefect(rawValue: name) == nil ? "ring machine" : "links"), and this is a release build, which has none of them: use a "
                    + "debug build, as with 'swift run rondo simulate --sabotage \(name)'.")
        }
        throw ValidationError(
            "There is no fault '\(name)'. In rings there are: \(list(RingSabotage.names)); in whole nodes: "
                + list(NodeSabotage.names))
    }

    private static func list(_ names: [String]) -> String { names.joined(separator: ", ") }
}
