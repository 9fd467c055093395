import ClusterLab
import Testing

extension Interoperability.LinkReloadTests {
    /// What Corosyncs do to each other is told, and not held against the node of Rondo among them.
    @Test(
        "Of two nodes of Corosync and one of Rondo, the latter brings each change of keys to its end and never loses the ring by itself"
    )
    func keysOfTwoCorosyncs() throws {
        let mixtures = [
            Mixture.corosyncAlone, Mixture(.corosync, .corosync, .rondo), Mixture(.corosync, .rondo, .corosync),
            Mixture(.rondo, .corosync, .corosync),
        ]
        let rings = try mixtures.available.map { LinkRing($0, .knet(token: 1000), "keys of two nodes of Corosync") }
        let labs = try rings.rings()
        defer { labs.close() }
        let order = try LinkOrder(rings, labs, rate: 20)
        var defects = rings.map { _ in 0 }
        let steps: [(sealed: Sealing?, key: UInt8)] = [
            (.usual, 1), (.usual, 2), (Sealing(cipher: "aes128", hash: "sha512"), 3), (nil, 3),
        ]
        for (number, step) in steps.enumerated() {
            let marks = labs.map(\.marks)
            for lab in labs {
                try lab.configure(.knet(token: 1000, sealed: step.sealed, key: step.key))
                try lab.reload(on: number % 3 + 1)
            }
            for (lab, marks) in zip(labs, marks) { lab.awaitEndOfKeyChange(after: marks) }
            // A ring that does not understand a token is another one as late as this.
            try labs.rest((labs.map(\.timings.afterDeath).max() ?? .zero) + .milliseconds(300))
            for (index, lab) in labs.enumerated() {
                let story = try lab.mendAfterKeyChange(since: marks[index])
                let name = "\(rings[index].testDescription), change \(number + 1)"
                if let defect = story.defect {
                    defects[index] += 1
                    print("\(name): \(defect.text): Corosync's defect")
                }
                for node in story.stragglers {
                    print("\(name): node \(node), of Corosync, does not end it (\(story.timeline))")
                }
                if rings[index].mixture.engines.contains(.rondo) {
                    for fault in story.faults { Issue.record("\(name): \(fault) (\(story.timeline))") }
                }
            }
        }
        for (ring, defects) in zip(rings, defects) {
            Summary.add(
                "links      \(ring.testDescription): \(defects) of \(steps.count) changes met Corosync's defect")
        }
        try order.compare()
    }
}

extension Laboratory {
    /// Waits until all nodes have ended the change, or those of Rondo have and the ring has broken by Corosync's defect; in vain,
    /// perhaps.
    fileprivate func awaitEndOfKeyChange(after marks: [Int]) {
        // Who waits for others waits for two token timeouts; a Corosync has been seen to need longer on a busy machine.
        try? wait(for: "the change of keys", within: .seconds(20)) {
            let story = KeyChangeStory(self, after: marks)
            return story.stragglers.isEmpty && story.faults.isEmpty || story.defect != nil && story.faults.isEmpty
        }
    }

    /// Waits for one ring of all; nodes of Corosync that do not find back to it, or do not end the change, are started again.
    ///
    /// - Returns: what came of the change.
    fileprivate func mendAfterKeyChange(since marks: [Int]) throws -> KeyChangeStory {
        let limit = timings.afterDeath + timings.afterDeath + margin
        let isWhole = (try? awaitRing([1, 2, 3], within: limit)) != nil
        let story = KeyChangeStory(self, after: marks)
        if isWhole, story.stragglers.isEmpty { return story }
        for node in nodes where node.engine == .corosync {
            try node.killDaemon()
            try node.start(.corosync)
        }
        try awaitRing([1, 2, 3], within: linkedStartLimit + limit)
        return story
    }
}
