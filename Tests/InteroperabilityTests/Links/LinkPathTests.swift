import ClusterLab
import Testing

extension Interoperability.LinkTests {
    /// libknet takes 18 s for this, and a quarter of an hour where packets are sealed (spec: knet.md 9).
    @Test("Where a path drops large packets in silence, 1 MiB passes within 2 s of the link's coming up")
    func path() throws {
        let mixture = Mixture(.rondo, .rondo)
        try mixture.requireEngines()
        let rings = [nil, Sealing.usual].map { sealed in
            LinkRing(mixture, .knet(sealed: sealed), "path of 1400 bytes, \(sealed?.description ?? "clear")")
        }
        let labs = try rings.start { lab in
            for node in lab.nodes { try lab.limit(bytes: 1400, toNode: node.number) }
        }
        defer { labs.close() }
        for (ring, lab) in zip(rings, labs) {
            let program = try ClientProgram.build(in: lab.folder)
            try lab.awaitRing(within: lab.linkedStartLimit)
            let clients = try lab.nodes.map { try CommandedClient($0, program) }
            for client in clients {
                _ = try client.tell("cpg 0 initialize")
                _ = try client.tell("cpg 0 join large")
            }
            // What comes of links that were up for long says nothing: both come up anew.
            let marks = lab.marks
            try lab.partition([[1], [2]])
            for number in [1, 2] {
                try lab.awaitRing([number], after: marks, within: lab.timings.afterDeath + margin)
            }
            let later = lab.marks
            try lab.heal()
            try lab.wait(for: "the ring of both", within: lab.linkedStartLimit) {
                lab.nodes.allSatisfy { node in
                    node.log.memberships(after: later[node.number - 1]).contains { !$0.joined.isEmpty }
                }
            }
            for (sender, receiver) in [(0, 1), (1, 0)] {
                _ = try clients[sender].tell("cpg 0 mcast 1048576")
                try clients[receiver].awaitMessage(bytes: 1 << 20)
            }
            let end = WallTime.now
            let up = try #require(
                lab.nodes.flatMap { $0.log.linkEvents(after: later[$0.number - 1]) }.filter(\.isUp).last?.time)
            let took = up.milliseconds(to: end)
            #expect(took <= Int((Duration.seconds(2) + margin).milliseconds), "\(ring.testDescription)")
            Summary.add("links      \(ring.testDescription): 1 MiB both ways \(took) ms after the link came up")
        }
    }
}

extension CommandedClient {
    /// Hears what comes until a message of so many bytes is among it.
    fileprivate func awaitMessage(bytes: Int) throws {
        while true {
            let lines = try tell("cpg 0 events 1")
            if lines.contains(where: { $0.contains(": \(bytes) bytes") }) { return }
            try #require(!lines.contains { $0.contains("only 0 of 1") }, "no message came")
        }
    }
}
