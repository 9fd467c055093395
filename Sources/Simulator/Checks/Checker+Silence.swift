import Basics
import TotemWire

/// When each node last saw that another, or its machine, is there.
struct Signs: Sendable {
    private let count: Int
    private var latest: [UInt64]
    /// When the last long stretch without one ended.
    private var resumed: [UInt64]

    init(nodes: Int) {
        count = nodes
        latest = Array(repeating: 0, count: nodes * nodes)
        resumed = latest
    }

    /// - Parameter limit: nanoseconds of silence that count.
    mutating func note(_ node: Int, of other: Int, at now: UInt64, limit: UInt64) {
        let place = node * count + other
        if now - latest[place] > limit / 4 { resumed[place] = now }
        latest[place] = now
    }

    func last(_ node: Int, of other: Int) -> UInt64 { latest[node * count + other] }

    /// Since when they have come without a long stretch between.
    func steadySince(_ node: Int, of other: Int) -> UInt64 { resumed[node * count + other] }
}

/// Nobody is given up for silence who can be heard.
extension Checker {
    mutating func requireSilence(_ node: Int, of other: Int, _ id: NodeID, for least: UInt64, beat: UInt64) {
        let silence = now - signs.last(node, of: other)
        let awake = now - nodes[node].resumedAt
        require(silence >= least, .silenceIsSure) {
            "node \($0.ids[node]) counts node \(id) as failed \(silence / 1000) µs after the last sign of it or its machine"
        }
        // Between two beats it does not notice that it did not run.
        let pause = nodes[node].resumedAt - min(nodes[node].pausedAt, nodes[node].resumedAt)
        require(awake >= least || pause <= 2 * beat + beat / 10 + 20_000_000, .silenceIsSure) {
            "node \($0.ids[node]) counts node \(id) as failed \(awake / 1000) µs after it stood still itself"
        }
    }

    /// Whether signs of `other` have come to `node` without a long stretch between for twice the limit.
    private func isSteady(_ node: Int, _ other: Int, _ limit: UInt64) -> Bool {
        signs.steadySince(node, of: other) + 2 * limit < now
    }

    /// - Parameter witness: a member that beats.
    mutating func requireAgreement(_ node: Int, of other: Int, _ id: NodeID, by witness: Int, beat: UInt64) {
        // It hears the other well, has done so for long, and is heard well itself.
        let time = parameters.silence
        let limit = UInt64(time) * 1_000_000
        let hearsOther = isSteady(witness, other, limit) && now - signs.last(witness, of: other) < limit / 4
        let isHeard = isSteady(node, witness, limit) && now - signs.last(node, of: witness) < beat
        guard hearsOther, isHeard, nodes[witness].resumedAt + 2 * limit < now else { return }
        fail(.silenceIsSure) {
            "node \($0.ids[node]) counts node \(id) as failed, which node \($0.ids[witness]) hears all the time"
        }
    }
}
