import ClusterLab
import Testing

extension Interoperability {
    /// What every run of the tests tries of rings over knet links. `LinkTests` and `LinkReloadTests` try far more, one thing at a
    /// time (`make links`).
    @Suite(.enabled(if: ClientProgram.isPossible, Comment(rawValue: ClientProgram.explanation)))
    struct LinkLifeTests {
        private static let other = Sealing(cipher: "aes128", hash: "sha512")

        /// A ring, how it is sealed in the beginning, and how from a change on and from the next. No change of keys where two
        /// nodes are Corosync's: one of them may forget the old key before the other seals with the new (docs/roadmap.md).
        private static let lives: [(mixture: Mixture, sealed: [Sealing?])] = [
            (Mixture(.corosync, .corosync, .rondo), [.usual]),
            (Mixture(.corosync, .rondo, .rondo), [nil, .usual, other]),
            (.rondoAlone, [.usual, other, nil]),
        ]

        /// With Corosync's default timing. The rings stand side by side, since they mostly wait.
        @Test("Under load a link is added, keys change, a cut link goes unnoticed, a node without links comes back")
        func life() throws {
            let lives = try Self.lives.filter { try $0.mixture.absence == nil }
            let rings = lives.map { life in
                let ways = life.sealed.map { $0?.description ?? "clear" }.joined(separator: ", then ")
                return LinkRing(life.mixture, .knet(sealed: life.sealed[0], key: 0), "one link, then two, \(ways)")
            }
            let labs = try rings.map { ring in
                let lab = try Laboratory(nodes: 3, links: 2)
                try lab.configure(Self.named(ring.configuration))
                return lab
            }
            defer { labs.close() }
            for (ring, lab) in zip(rings, labs) { try lab.start(ring.mixture.engines) }
            for lab in labs {
                try lab.awaitRing(within: lab.linkedStartLimit)
                try lab.awaitLinks()
            }
            let start = labs.map(\.marks)
            let order = try LinkOrder(rings, labs, rate: 20)

            for (life, lab) in zip(lives, labs) {
                try lab.configure(.knet(links: 2, sealed: life.sealed[0], key: 0))
                try lab.reload(on: 1)
            }
            for (lab, marks) in zip(labs, start) { try lab.awaitLink(1, after: marks) }
            for step in [1, 2] {
                let changes = zip(lives, zip(rings, labs)).filter { step < $0.0.sealed.count }
                let marks = changes.map { $0.1.1.marks }
                for (life, (_, lab)) in changes {
                    try lab.configure(.knet(links: 2, sealed: life.sealed[step], key: UInt8(step)))
                    try lab.reload(on: step + 1)
                }
                for ((_, (_, lab)), marks) in zip(changes, marks) { try lab.awaitKeyChange(after: marks) }
                for (life, (ring, lab)) in changes { try [ring].expectClear(life.sealed[step] == nil, [lab]) }
            }

            for lab in labs { try lab.awaitSettledLinks() }
            for lab in labs { try lab.cut(link: 0) }
            for lab in labs { try lab.awaitLinksDown(LinkCut.whole.parted(of: [1, 2, 3])) }
            for lab in labs { try lab.announce(version: 1, from: 1) }
            for lab in labs { try lab.awaitVersions([1: 1]) }
            for lab in labs { try lab.heal() }
            for lab in labs { try lab.awaitLinks() }
            for (ring, (lab, marks)) in zip(rings, zip(labs, start)) {
                #expect(lab.membershipChanges(after: marks) == [0, 0, 0], "\(ring.testDescription)")
                #expect(lab.packetsNotOpened(after: marks).isEmpty, "\(ring.testDescription)")
            }

            let marks = labs.map(\.marks)
            for lab in labs { try lab.partition([[1, 2], [3]]) }
            for (lab, marks) in zip(labs, marks) {
                for side in [[1, 2], [3]] {
                    try lab.awaitRing(side, after: marks, within: lab.timings.afterDeath + margin)
                }
            }
            for lab in labs { try lab.heal() }
            for lab in labs {
                try lab.awaitRing([1, 2, 3], within: lab.linkedStartLimit + lab.timings.afterDeath)
                try lab.awaitLinks()
            }
            try order.compare()
        }

        /// The nodes keep their names, so that only links change.
        private static func named(_ configuration: RingConfiguration) -> RingConfiguration {
            var configuration = configuration
            configuration.isNamed = true
            return configuration
        }
    }
}
