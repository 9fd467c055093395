import Basics
import TotemWire

package typealias Fault = LayerFault<RingFault>
package typealias PlannedFault = PlannedLayerFault<RingFault>

/// What can go wrong with rings only.
package enum RingFault: Sendable, Equatable {
    case forceGather(node: Int)
    /// The node is told, rightly or not, that another is gone.
    case accuse(node: Int, whom: Int)
    /// For a while the node's machine refuses all that comes for it, as a firewall does that is being loaded.
    case reject(node: Int, milliseconds: UInt64)
    /// For a while the node's whole machine does not run, as one that is copied to another host: it answers nothing either.
    case freeze(node: Int, milliseconds: UInt64)
    /// For a while the node's local programs do not keep up with what the ring brings.
    case lag(node: Int, milliseconds: UInt64)
    /// From now on the node is busy for so long with each datagram and timer, until calm sets in.
    case slow(node: Int, microseconds: UInt64)
    /// What the node finds of its ring id file when it starts next. It strikes only where no node is left that knows a
    /// ring of which it was the representative: an id given twice to rings that know nothing of each other no protocol
    /// can help, so that is for the administrator to see to.
    case damageDisk(node: Int, DiskDamage)
    /// Every node stops, with a farewell or without, and starts again within so many milliseconds.
    case restartAll(farewell: Bool, milliseconds: UInt64)
}

package enum DiskDamage: Sendable, Equatable {
    case lost
    /// Too short to hold a number.
    case torn
    /// Eight bytes that mean nothing.
    case garbage(UInt64)
}

extension RingFault: OwnFault {
    package func renumbered(_ places: [Int?]) -> RingFault? {
        switch self {
        case .forceGather(let node): places[node].map { .forceGather(node: $0) }
        case .accuse(let node, let whom):
            if let node = places[node], let whom = places[whom] { .accuse(node: node, whom: whom) } else { nil }
        case .reject(let node, let time): places[node].map { .reject(node: $0, milliseconds: time) }
        case .freeze(let node, let time): places[node].map { .freeze(node: $0, milliseconds: time) }
        case .lag(let node, let time): places[node].map { .lag(node: $0, milliseconds: time) }
        case .slow(let node, let time): places[node].map { .slow(node: $0, microseconds: time) }
        case .damageDisk(let node, let damage): places[node].map { .damageDisk(node: $0, damage) }
        case .restartAll: self
        }
    }

    package var simpler: RingFault? {
        switch self {
        case .reject(let node, let time) where time > 1: .reject(node: node, milliseconds: time / 2)
        case .freeze(let node, let time) where time > 20: .freeze(node: node, milliseconds: time / 2)
        case .lag(let node, let time) where time > 20: .lag(node: node, milliseconds: time / 2)
        case .slow(let node, let time) where time > 100: .slow(node: node, microseconds: time / 2)
        default: nil
        }
    }

    package func words(_ ids: [NodeID]) -> String {
        switch self {
        case .forceGather(let node): "node \(ids[node]) is told to form the ring anew"
        case .accuse(let node, let whom): "node \(ids[node]) is told that node \(ids[whom]) is gone"
        case .reject(let node, let milliseconds):
            "the machine of node \(ids[node]) refuses all packets for \(milliseconds) ms"
        case .freeze(let node, let milliseconds):
            "the whole machine of node \(ids[node]) stands still for \(milliseconds) ms"
        case .lag(let node, let milliseconds):
            "the local programs of node \(ids[node]) do not keep up for \(milliseconds) ms"
        case .slow(let node, let microseconds):
            "node \(ids[node]) becomes slow: \(microseconds) µs for each datagram and timer"
        case .damageDisk(let node, .lost): "node \(ids[node]) loses its ring id file"
        case .damageDisk(let node, .torn): "node \(ids[node])'s ring id file is torn"
        case .damageDisk(let node, .garbage): "node \(ids[node])'s ring id file is full of garbage"
        case .restartAll(let farewell, let milliseconds):
            "all nodes stop\(farewell ? " with a farewell" : "") and start again within \(milliseconds) ms"
        }
    }

    // MARK: As text

    package func text(_ ids: [NodeID]) -> String {
        switch self {
        case .forceGather(let node): "gather \(ids[node])"
        case .accuse(let node, let whom): "accuse \(ids[whom]) by \(ids[node])"
        case .reject(let node, let time): "reject \(ids[node]) for \(Measure.milliseconds.text(time))"
        case .freeze(let node, let time): "freeze \(ids[node]) for \(Measure.milliseconds.text(time))"
        case .lag(let node, let time): "lag \(ids[node]) for \(Measure.milliseconds.text(time))"
        case .slow(let node, let microseconds): "slow \(ids[node]) by \(Measure.microseconds.text(microseconds))"
        case .damageDisk(let node, .lost): "damage-disk \(ids[node]) lost"
        case .damageDisk(let node, .torn): "damage-disk \(ids[node]) torn"
        case .damageDisk(let node, .garbage(let number)): "damage-disk \(ids[node]) garbage \(number)"
        case .restartAll(let farewell, let milliseconds):
            "restart-all" + (farewell ? " farewell" : "") + " within \(Measure.milliseconds.text(milliseconds))"
        }
    }

    package static let verbs = ["gather", "accuse", "reject", "freeze", "lag", "slow", "damage-disk", "restart-all"]

    package static func read(
        _ verb: Substring, _ words: inout LineWords, _ nodes: [NodeID]
    ) throws(ScenarioTextError) -> RingFault {
        switch verb {
        case "gather": return .forceGather(node: try words.node(of: nodes))
        case "accuse":
            let whom = try words.node(of: nodes)
            try words.expect("by")
            return .accuse(node: try words.node(of: nodes), whom: whom)
        case "reject", "freeze", "lag":
            let node = try words.node(of: nodes)
            try words.expect("for")
            let time = try words.duration(.milliseconds, "a time", in: 0...TextLimits.longest)
            return switch verb {
            case "reject": .reject(node: node, milliseconds: time)
            case "freeze": .freeze(node: node, milliseconds: time)
            default: .lag(node: node, milliseconds: time)
            }
        case "slow":
            let node = try words.node(of: nodes)
            try words.expect("by")
            return .slow(node: node, microseconds: try words.duration(.microseconds, "a time", in: 0...1_000_000))
        case "damage-disk": return .damageDisk(node: try words.node(of: nodes), try damage(&words))
        default:
            let farewell = words.takes("farewell")
            try words.expect("within")
            let time = try words.duration(.milliseconds, "a time", in: 0...TextLimits.longest)
            return .restartAll(farewell: farewell, milliseconds: time)
        }
    }

    private static func damage(_ words: inout LineWords) throws(ScenarioTextError) -> DiskDamage {
        let kind = try words.next("a damage")
        switch kind {
        case "lost": return .lost
        case "torn": return .torn
        case "garbage": return .garbage(try words.number("a number", in: 0...UInt64.max))
        default: throw words.failure(.unknownWord(String(kind), expected: "one of lost, torn, garbage"))
        }
    }
}
