import ClusterLab
import Testing

extension Interoperability.LinkTests {
    /// A model, its number in packets, and a level that it takes without complaint.
    ///
    /// Not zstd: a node of libknet 1.25 that is not configured for it dies of the first such packet (spec: knet.md 7).
    static let models = [
        (name: "zlib", number: 1, level: 6), (name: "lz4", number: 2, level: 1), (name: "lz4hc", number: 3, level: 9),
        (name: "lzo2", number: 4, level: 1), (name: "lzma", number: 5, level: 1), (name: "bzip2", number: 6, level: 1),
    ]

    @Test("Compressed packets of each model are read, from each engine to the other")
    func compression() throws {
        let mixture = Mixture(.corosync, .rondo)
        try mixture.requireEngines()
        let rings = Self.models.map { model in
            LinkRing(
                mixture,
                .knet(totem: [
                    ("knet_compression_model", model.name), ("knet_compression_level", "\(model.level)"),
                ]), model.name)
        }
        let labs = try rings.rings()
        defer { labs.close() }
        // A data packet, and the model in it (spec: knet.md 2).
        let captures = try zip(Self.models, labs).map { model, lab in
            try lab.nodes.map { node in
                try node.capture(
                    "udp port 5405 and src host \(node.address) and udp[9] == 0 and udp[16] == \(model.number)")
            }
        }
        let marks = labs.map(\.marks)
        try LinkOrder(rings, labs).compare()
        for (ring, (lab, (captures, marks))) in zip(rings, zip(labs, zip(captures, marks))) {
            let counts = try captures.map { try $0.finishCounting() }
            for (node, count) in zip(lab.nodes, counts) {
                #expect(count > 0, "\(ring.testDescription): compressed packets from node \(node.number)")
            }
            #expect(lab.membershipChanges(after: marks) == [0, 0], "\(ring.testDescription)")
            Summary.add("links      \(ring.testDescription): compressed packets \(counts)")
        }
    }
}
