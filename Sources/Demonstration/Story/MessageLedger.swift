import Basics
import TotemWire

/// Which messages each node delivered, in which order; finds what breaks the order that all must share.
struct MessageLedger: Sendable {
    /// What a node delivered since the group last changed.
    struct View: Sendable, Equatable {
        var members: [NodeID] = []
        var count: UInt64 = 0
        /// Of the messages and their order (FNV-1a).
        var digest: UInt64 = 0xCBF2_9CE4_8422_2325

        mutating func add(_ key: MessageKey) {
            count += 1
            for word in [key.node.rawValue, key.life, key.number] {
                digest = (digest ^ UInt64(word)) &* 0x100_0000_01B3
            }
        }

        /// Eight hexadecimal digits for people to compare.
        var digestText: String {
            let folded = (digest ^ digest >> 32) & 0xFFFF_FFFF
            return String(String(0x1_0000_0000 + folded, radix: 16).dropFirst())
        }
    }

    /// One life of a node.
    private struct Life: Sendable {
        var node: NodeID
        var isRunning = true
        var messages: [MessageKey] = []
        var view = View()
    }

    private var lives: [Life] = []

    mutating func start(_ node: NodeID) { lives.append(Life(node: node)) }

    mutating func end(_ node: NodeID) {
        if let index = running(node) { lives[index].isRunning = false }
    }

    mutating func changed(_ members: [NodeID], on node: NodeID) {
        guard let index = running(node) else { return }
        lives[index].view = View(members: members)
    }

    mutating func delivered(_ key: MessageKey, on node: NodeID) {
        guard let index = running(node) else { return }
        lives[index].messages.append(key)
        lives[index].view.add(key)
    }

    private func running(_ node: NodeID) -> Int? { lives.lastIndex { $0.node == node && $0.isRunning } }

    /// Nil for a node that does not run.
    func view(_ node: NodeID) -> View? { running(node).map { lives[$0].view } }

    /// Messages that the node delivered since its start.
    func count(_ node: NodeID) -> Int { running(node).map { lives[$0].messages.count } ?? 0 }

    /// Different messages delivered by any running node.
    var total: Int { lives.filter(\.isRunning).map(\.messages.count).max() ?? 0 }

    /// What all running nodes have delivered since the group last changed; nil when they differ.
    var common: View? {
        let views = lives.filter(\.isRunning).map(\.view)
        guard let first = views.first, views.allSatisfy({ $0 == first }) else { return nil }
        return first
    }

    /// What is wrong with the order; nil when any two messages came in the same order wherever both came, none came
    /// twice, and a node that died has seen nothing that others have not, except messages of its own.
    ///
    /// - Parameter wasSplit: nodes have been in rings apart, in each of which messages were delivered that the others
    ///   never saw: that is no fault then.
    func fault(wasSplit: Bool) -> String? {
        guard let reference = lives.filter(\.isRunning).max(by: { $0.messages.count < $1.messages.count }) else {
            return nil
        }
        var places: [MessageKey: Int] = [:]
        for (place, key) in reference.messages.enumerated() where places.updateValue(place, forKey: key) != nil {
            return "node \(reference.node) delivered \(Self.name(key)) twice"
        }
        for life in lives {
            var before = -1
            for key in life.messages {
                guard let place = places[key] else {
                    if wasSplit || (key.node == life.node && !life.isRunning) { continue }
                    return "node \(life.node) delivered \(Self.name(key)), node \(reference.node) did not"
                }
                guard place > before else {
                    return
                        "node \(life.node) and node \(reference.node) delivered \(Self.name(key)) in different orders"
                }
                before = place
            }
        }
        return nil
    }

    private static func name(_ key: MessageKey) -> String { "message \(key.number) of node \(key.node)" }
}
