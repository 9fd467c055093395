/// Why a text is not a scenario: where it goes wrong, and at what.
package struct ScenarioTextError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Problem: Equatable, Sendable {
        case notAScenario
        case unknownWord(String, expected: String)
        case missing(String)
        case superfluous(String)
        case notANumber(String, of: String, range: ClosedRange<UInt64>)
        case unknownNode(String)
        /// A node that is named twice, or not in ascending order.
        case misplacedNode(UInt32)
        case nodeInNoGroup(UInt32)
        case tooManyNodes(Int)
        case repeated(String)
        case misplacedLayer
        /// Why the daemon would not start with the configuration.
        case refusedConfiguration(String)
    }

    /// From 1; the line behind the last for what is missing in the whole.
    package var line: Int
    package var problem: Problem

    package var description: String {
        let what =
            switch problem {
            case .notAScenario: "the first line must be '\(ScenarioText.title)'"
            case .unknownWord(let word, let expected): "'\(word)' is not \(expected)"
            case .missing(let what): "\(what) is missing"
            case .superfluous(let word): "'\(word)' is too much on this line"
            case .notANumber(let word, let what, let range):
                "'\(word)' is not \(what) from \(range.lowerBound) to \(range.upperBound)"
            case .unknownNode(let word): "'\(word)' is not a node of this scenario; name the nodes before what they do"
            case .misplacedNode(let node): "node \(node) must come once, after the nodes of lower number"
            case .nodeInNoGroup(let node): "node \(node) is in no group of this partition"
            case .tooManyNodes(let count): "a scenario has 1 to 384 nodes, not \(count)"
            case .repeated(let what): "\(what) was given before"
            case .misplacedLayer: "the layer must be named in the second line, before every other fact"
            case .refusedConfiguration(let why):
                "no node would start with the corosync.conf of the lines 'totem' and 'quorum': \(why)"
            }
        return "line \(line): \(what)"
    }
}
