import ClusterLab
import Testing

extension Interoperability {
    /// Rings over knet links: clear and sealed, one link and two, links that lose packets, are cut and come back. The rings
    /// of a test stand side by side, since they mostly wait.
    @Suite(
        .enabled(if: environmentVariable("RONDO_LINKS") != nil, "they are run by 'make links', see docs/laboratory.md"),
        .enabled(if: ClientProgram.isPossible, Comment(rawValue: ClientProgram.explanation)))
    struct LinkTests {
        /// Whether every combination is tried (`make links`), or those that stand for the rest.
        static let isLong = environmentVariable("RONDO_LINKS_ALL") != nil

        @Test(
            "One ring and one order of messages from 1 B to 1 MiB, over one link and over two",
            arguments: [nil, Sealing.usual])
        func formation(_ sealed: Sealing?) throws {
            let rings = try Mixture.all.available.flatMap { mixture in
                [1, 2].map { links in
                    LinkRing(
                        mixture, .knet(links: links, sealed: sealed),
                        "\(links == 1 ? "one link" : "two links"), \(sealed?.description ?? "clear")")
                }
            }
            try compareOrder(on: rings)
        }

        /// As many rings at a time as two processors carry.
        @Test(
            "Every cipher and hash, on a ring of both engines",
            arguments: isLong
                ? stride(from: 0, to: Sealing.all.count, by: 5).map { Array(Sealing.all[$0..<$0 + 5]) } : [Sealing.some]
        )
        func combinations(_ sealings: [Sealing]) throws {
            let mixture = Mixture(.corosync, .rondo, .rondo)
            try mixture.requireEngines()
            try compareOrder(on: sealings.map { LinkRing(mixture, .knet(sealed: $0), "\($0)") })
        }

        private func compareOrder(on rings: [LinkRing]) throws {
            let labs = try rings.rings()
            defer { labs.close() }
            let marks = labs.map(\.marks)
            try LinkOrder(rings, labs).compare()
            for (ring, (lab, marks)) in zip(rings, zip(labs, marks)) {
                #expect(
                    lab.membershipChanges(after: marks).allSatisfy { $0 == 0 }, "\(ring.testDescription)")
            }
        }

        /// Six pings in a row would have to be lost for a link to be given up, and ten tokens for the ring.
        @Test("15 s of messages with 5 % of the packets lost on every link, without a membership change")
        func loss() throws {
            var configuration = RingConfiguration.knet(
                links: 2, token: 5000, sealed: .usual, totem: [("token_retransmits_before_loss_const", "10")])
            let timing = [("knet_ping_interval", "200"), ("knet_ping_timeout", "3000")]
            configuration.interfaces = [timing, timing]
            let rings = try Mixture.all.available.map { LinkRing($0, configuration, "5 % loss") }
            let labs = try rings.rings()
            defer { labs.close() }
            let start = labs.map(\.marks)
            for lab in labs { try lab.lose(percent: 5) }
            for version in 1...15 {
                for lab in labs { try lab.announce(version: UInt64(version), from: version % 3 + 1) }
                try labs.rest(.seconds(1))
            }
            for lab in labs { try lab.lose(percent: 0) }
            for (ring, (lab, marks)) in zip(rings, zip(labs, start)) {
                #expect(lab.membershipChanges(after: marks) == [0, 0, 0], "\(ring.testDescription)")
                try lab.awaitVersions([1: 15, 2: 13, 3: 14])
            }
        }
    }
}
