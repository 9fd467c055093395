import ClusterLab
import Testing

extension Interoperability.LinkReloadTests {
    @Test("Encryption is turned on, changed and turned off under load, without a loss or a change of the members")
    func keys() throws {
        // Of two nodes of Corosync one may forget the old key before the other seals with the new: see KeyChangeStory.
        let rings = try [Mixture(.corosync, .rondo, .rondo), .rondoAlone].available.map {
            LinkRing($0, .knet(), "keys changed under load")
        }
        let labs = try rings.rings()
        defer { labs.close() }
        let order = try LinkOrder(rings, labs, rate: 20)
        let start = labs.map(\.marks)
        let steps: [(sealed: Sealing?, key: UInt8)] = [
            (.usual, 1), (Sealing(cipher: "aes128", hash: "sha512"), 2),
            (Sealing(cipher: "aes128", hash: "sha512"), 3),
            (nil, 3),
        ]
        for (number, step) in steps.enumerated() {
            let marks = labs.map(\.marks)
            for lab in labs {
                try lab.configure(.knet(sealed: step.sealed, key: step.key))
                try lab.reload(on: number % 3 + 1)
            }
            for (lab, marks) in zip(labs, marks) { try lab.awaitKeyChange(after: marks) }
            // The next change then finds the old key still there.
            if number == 1 { continue }
            try rings.expectClear(step.sealed == nil, labs)
        }
        for (ring, (lab, marks)) in zip(rings, zip(labs, start)) {
            #expect(lab.membershipChanges(after: marks) == [0, 0, 0], "\(ring.testDescription)")
            let refused = lab.packetsNotOpened(after: marks)
            #expect(refused.isEmpty, "\(ring.testDescription): \(refused)")
        }
        try order.compare()
    }

    /// On a slow ring, so that the second reload comes while nodes still seal with the old key.
    @Test("A reload in the middle of a change of keys waits for its end; both keys come into force")
    func reloadDuringChange() throws {
        let rings = try [Mixture.rondoAlone].available.map {
            LinkRing($0, .knet(sealed: .usual, key: 1), "reload during a change of keys")
        }
        let labs = try rings.rings()
        defer { labs.close() }
        for (ring, lab) in zip(rings, labs) {
            try lab.shape(NetworkShape(delay: .milliseconds(60)))
            let marks = lab.marks
            try lab.configure(.knet(sealed: .usual, key: 2))
            let first = try lab.node(1).launch(["corosync-cfgtool", "-R"])
            try lab.wait(for: "the new key on all nodes", within: margin) {
                lab.nodes.allSatisfy { node in
                    node.log.entries(after: marks[node.number - 1]).contains {
                        $0.message.hasPrefix("kronosnet crypto reconfigured on index")
                    }
                }
            }
            try lab.configure(.knet(sealed: Sealing(cipher: "aes128", hash: "sha512"), key: 3))
            let second = try lab.node(3).launch(["corosync-cfgtool", "-R"])
            for tool in [first, second] { try tool.awaitOutput("Done\n") }
            try lab.awaitKeyChange(after: marks, times: 2)
            try lab.endShape()
            // Or else this test has tried nothing.
            let early = lab.nodes.filter { node in
                let messages = node.log.entries(after: marks[node.number - 1]).map(\.message)
                let request = messages.firstIndex(of: "Config reload requested by node 3")
                let end = messages.firstIndex(of: "Crypto reconfiguration phase 2")
                return request.flatMap { request in end.map { request < $0 } } ?? false
            }
            #expect(!early.isEmpty, "\(ring.testDescription): no reload came during a change")
            for node in lab.nodes {
                #expect(try node.map(under: "totem.crypto_")["totem.crypto_cipher"] == "aes128")
                try lab.announce(version: UInt64(node.number), from: node.number)
            }
            try lab.awaitVersions([1: 1, 2: 2, 3: 3])
            #expect(lab.membershipChanges(after: marks) == [0, 0, 0], "\(ring.testDescription)")
            #expect(lab.packetsNotOpened(after: marks).isEmpty, "\(ring.testDescription)")
            Summary.add("links      \(ring.testDescription): it waited on \(early.count) nodes, both came into force")
        }
    }
}
