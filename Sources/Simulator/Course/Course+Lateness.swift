/// Nodes that hear everything later than the others do: by a little, for longer than a token may stay away, and between.
extension Course {
    /// Draws them by a generator of its own, so that seeds without such a node take the course they would take anyway.
    ///
    /// - Parameter token: the token timeout in milliseconds.
    mutating func drawLateness(token: UInt64) {
        var chance = SeededGenerator(seed: seed).fork(79)
        guard chance.oneIn(6) else { return }
        for _ in 0..<chance.pick(1, 1, 2, 4) {
            let node = chance.below(nodes.count)
            let time = chance.between(UInt64(0), calmAt)
            let longest = token * 1000 * chance.pick(1, 4, 12, 80) / 8
            add(time, .late(node: node, microseconds: chance.between(UInt64(1), longest)))
            if chance.oneIn(2) { add(time + chance.between(UInt64(1), token * 4), .late(node: node, microseconds: 0)) }
        }
    }
}
