import ClusterLab
import Testing

extension Interoperability {
    /// Links, nodes and keys that change while rings run, by `corosync-cfgtool -R`. The rings of a test stand side by side,
    /// since they mostly wait.
    @Suite(
        .enabled(if: environmentVariable("RONDO_LINKS") != nil, "they are run by 'make links', see docs/roadmap.md"),
        .enabled(if: ClientProgram.isPossible, Comment(rawValue: ClientProgram.explanation)))
    struct LinkReloadTests {
        @Test("Encryption is turned on, changed and turned off under load, without a loss or a change of the members")
        func keys() throws {
            // Of two nodes of Corosync one may forget the old key before the other seals with the new (docs/roadmap.md).
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
                try expectClear(step.sealed == nil, rings, labs)
            }
            for (ring, (lab, marks)) in zip(rings, zip(labs, start)) {
                #expect(lab.membershipChanges(after: marks) == [0, 0, 0], "\(ring.testDescription)")
                let refused = lab.nodes.flatMap { node in
                    node.log.entries(after: marks[node.number - 1]).filter { entry in
                        entry.level == "error" && entry.message.contains("Unable to decrypt")
                    }
                }
                #expect(refused.isEmpty, "\(ring.testDescription): \(refused.map(\.message))")
            }
            try order.compare()
        }

        @Test("A second link is taken away, comes back, is preferred, and carries the ring alone")
        func links() throws {
            let rings = try Mixture.all.available.map {
                LinkRing($0, .knet(links: 2, sealed: .usual), "links by reload")
            }
            let labs = try rings.rings()
            defer { labs.close() }
            let start = labs.map(\.marks)
            var one = RingConfiguration.knet(sealed: .usual)
            var two = RingConfiguration.knet(links: 2, sealed: .usual)
            // The names stay, so that only links change.
            one.isNamed = true
            two.interfaces = [[], [("knet_link_priority", "10")]]
            let port = "udp dst port 5406"

            for lab in labs {
                try lab.configure(one)
                try lab.reload(on: 1)
            }
            try expect(rings, labs, packets: false, port)
            let marks = labs.map(\.marks)
            for lab in labs {
                try lab.configure(two)
                try lab.reload(on: 2)
            }
            for (lab, marks) in zip(labs, marks) {
                try lab.wait(for: "the second link on all nodes", within: lab.linkLimit) {
                    lab.nodes.allSatisfy { node in
                        let up = node.log.linkEvents(after: marks[node.number - 1]).filter {
                            $0.isUp && $0.link.number == 1
                        }
                        return Set(up.map(\.link.node)).count == 2
                    }
                }
            }
            for lab in labs { try lab.awaitSettledLinks() }
            for lab in labs { try lab.cut(link: 0) }
            for lab in labs { try lab.announce(version: 1, from: 1) }
            for lab in labs { try lab.awaitVersions([1: 1]) }
            for lab in labs { try lab.heal() }
            for lab in labs { try lab.awaitLinks() }
            for (ring, (lab, marks)) in zip(rings, zip(labs, start)) {
                #expect(lab.membershipChanges(after: marks) == [0, 0, 0], "\(ring.testDescription)")
            }
        }

        @Test("A node is put on the list, started, stopped and taken off")
        func nodes() throws {
            let mixtures = try [Mixture(.corosync, .rondo, .rondo), .rondoAlone, Mixture(.corosync, .rondo, .corosync)]
                .available
            let rings = mixtures.map { LinkRing($0, .knet(token: 1000, sealed: .usual), "nodes by reload") }
            let labs = try rings.map { try $0.mixture.laboratory($0.configuration) }
            defer { labs.close() }
            for (ring, lab) in zip(rings, labs) {
                try lab.configure(ring.configuration, listed: 2)
                for number in [1, 2] { try lab.node(number).start(ring.mixture.engines[number - 1]) }
            }
            for lab in labs { try lab.awaitRing([1, 2], within: lab.linkedStartLimit) }
            let start = labs.map(\.marks)
            for (ring, lab) in zip(rings, labs) {
                try lab.configure(ring.configuration)
                try lab.reload(on: 2)
                try lab.node(3).start(ring.mixture.engines[2])
            }
            for (lab, marks) in zip(labs, start) {
                try lab.awaitRing([1, 2, 3], after: marks, within: lab.linkedStartLimit)
            }
            var marks = labs.map(\.marks)
            for lab in labs { try lab.node(3).stop() }
            for (lab, marks) in zip(labs, marks) {
                try lab.awaitRing([1, 2], after: marks, within: lab.timings.afterDeath + margin)
            }
            marks = labs.map(\.marks)
            for (ring, lab) in zip(rings, labs) {
                try lab.configure(ring.configuration, listed: 2)
                try lab.reload(on: 1)
            }
            try expect(rings, labs, packets: false, "dst host 10.77.0.3 and udp")
            for (ring, (lab, marks)) in zip(rings, zip(labs, marks)) {
                #expect(lab.membershipChanges(after: marks) == [0, 0], "\(ring.testDescription)")
            }
        }

        @Test("What cannot change is refused with its line, and nothing has changed")
        func refusals() throws {
            let mixture = Mixture(.corosync, .rondo)
            try mixture.requireEngines()
            var configuration = RingConfiguration.knet(links: 2, sealed: .usual)
            configuration.interfaces = [[("mcastport", "5405")], []]
            let ring = LinkRing(mixture, configuration, "refused reloads")
            let labs = try [ring].rings()
            defer { labs.close() }
            guard let lab = labs.first else { return }
            let node = lab.node(2)
            let good = lab.configuration.text
            let marks = lab.marks
            let before = try node.map(under: "totem.").entries
            let cases: [(file: String, key: String)] = [
                (good.replacing("10.78.0.1", with: "10.78.0.9"), "nodelist.node.0.ring1_addr"),
                (good.replacing("mcastport: 5405", with: "mcastport: 5415"), "totem.interface.0.mcastport"),
                (
                    good.replacing("mcastport: 5405", with: "mcastport: 5405\n knet_transport: sctp"),
                    "totem.interface.0.knet_transport"
                ),
                (good.replacing("crypto_hash: sha256", with: "crypto_hash: none"), "totem.crypto_hash"),
                (good.replacing("version: 2", with: "version: 2\n keyfile: /none"), "totem.keyfile"),
            ]
            for (file, key) in cases {
                try node.configure(file)
                let result = try node.run("corosync-cfgtool", "-R")
                #expect(result.status == .exited(7), "\(key)")
                try lab.wait(for: "a line about \(key)", within: margin) {
                    node.log.entries(after: marks[1]).contains { entry in
                        entry.level == "error" && entry.message.contains("/etc/corosync/corosync.conf:")
                            && entry.message.contains(key)
                    }
                }
                #expect(try node.map(under: "totem.").entries == before, "\(key)")
            }
            #expect(lab.membershipChanges(after: marks) == [0, 0])
        }

        @Test("A link whose address or interface goes is given up at once and comes back with it; the ring stays")
        func addresses() throws {
            let mixtures = try [Mixture(.rondo, .corosync, .rondo), .rondoAlone].available
            let rings = mixtures.map { LinkRing($0, .knet(links: 2, sealed: .usual), "addresses that come and go") }
            let labs = try rings.rings()
            defer { labs.close() }
            for lab in labs { try lab.awaitSettledLinks() }
            let start = labs.map(\.marks)
            let losses = [
                ("ip address del 10.77.0.1/24 dev eth0", "ip address add 10.77.0.1/24 dev eth0"),
                ("ip link set eth0 down", "ip link set eth0 up"),
            ]
            for (version, (lose, giveBack)) in losses.enumerated() {
                let marks = labs.map(\.marks)
                for lab in labs { try lab.node(1).shell(lose) }
                for (lab, marks) in zip(labs, marks) {
                    let node = lab.node(1)
                    try lab.wait(for: "links given up without their address", within: margin) {
                        let down = node.log.linkEvents(after: marks[0]).filter { !$0.isUp && $0.link.number == 0 }
                        return Set(down.map(\.link.node)) == [2, 3]
                    }
                    let entries = node.log.entries(after: marks[0])
                    let told = entries.first { $0.message == "The network interface [10.77.0.1] is down." }?.time
                    let last = node.log.linkEvents(after: marks[0]).last { !$0.isUp }?.time
                    let took = try #require(told).milliseconds(to: try #require(last))
                    #expect(took < 1000, "links are given up \(took) ms after their address")
                    Summary.add("links      \(lose): link 0 given up after \(took) ms")
                }
                for lab in labs { try lab.announce(version: UInt64(version + 1), from: 1) }
                for lab in labs { try lab.awaitVersions([1: UInt64(version + 1)]) }
                for lab in labs { try lab.node(1).shell(giveBack) }
                for lab in labs { try lab.awaitLinks() }
            }
            for (ring, (lab, marks)) in zip(rings, zip(labs, start)) {
                #expect(lab.membershipChanges(after: marks) == [0, 0, 0], "\(ring.testDescription)")
            }
        }

        /// Corosync takes the interface with the number 2 for every link.
        @Test("Link-local addresses that name their interfaces carry a ring, the same address on both")
        func zones() throws {
            let mixture = Mixture(.rondo, .rondo)
            try mixture.requireEngines()
            var configuration = RingConfiguration.knet(links: 2, sealed: .usual)
            configuration.nodes = (1...2).map { number in
                NodeAddress(
                    id: UInt32(number), addresses: (0...1).map { "fe80::77:\(number)%eth\($0)" }, name: "node\(number)")
            }
            let labs = try [LinkRing(mixture, configuration, "link-local addresses")].start { lab in
                for node in lab.nodes {
                    for link in 0...1 {
                        try node.shell("ip address add fe80::77:\(node.number)/64 dev eth\(link) nodad")
                    }
                }
            }
            defer { labs.close() }
            guard let lab = labs.first else { return }
            try lab.awaitRing(within: lab.linkedStartLimit)
            try lab.awaitLinks()
            let marks = lab.marks
            try lab.node(1).shell("ip link set eth0 down")
            try lab.announce(version: 1, from: 1)
            try lab.awaitVersions([1: 1])
            #expect(lab.membershipChanges(after: marks) == [0, 0])
        }

        // MARK: -

        /// Whether packets of each ring are clear, or none.
        private func expectClear(_ areClear: Bool, _ rings: [LinkRing], _ labs: [Laboratory]) throws {
            // Version 1, and two zeros behind the node (spec: knet.md 2).
            try expect(rings, labs, packets: areClear, "udp port 5405 and udp[8] = 1 and udp[12:2] = 0")
        }

        /// Whether a second of each ring has packets like this on the wire of node 1.
        private func expect(
            _ rings: [LinkRing], _ labs: [Laboratory], packets: Bool, _ filter: String
        ) throws {
            let captures = try labs.map { try $0.node(1).capture(filter, interface: "any") }
            try labs.rest(.seconds(1))
            for (ring, capture) in zip(rings, captures) {
                let count = try capture.finishCounting()
                #expect((count > 0) == packets, "\(ring.testDescription): \(count) of \(filter)")
            }
        }
    }
}

extension RingConfiguration {
    /// Packets over knet, sealed with a key that is made of one number.
    fileprivate static func knet(sealed: Sealing?, key: UInt8) -> RingConfiguration {
        var configuration = RingConfiguration.knet(sealed: sealed)
        configuration.key = (0..<256).map { UInt8(truncatingIfNeeded: $0 &* 151 &+ 7) ^ key }
        return configuration
    }
}

extension Laboratory {
    /// Makes every running node read its file, and waits until this node has.
    fileprivate func reload(on number: Int) throws {
        let result = try node(number).run("corosync-cfgtool", "-R")
        #expect(result.output + result.errors == "Reloading corosync.conf...\nDone\n")
    }

    /// Waits until each running node has taken the last step of a change of keys.
    fileprivate func awaitKeyChange(after marks: [Int]) throws {
        try wait(for: "the last step of the change of keys", within: margin) {
            nodes.filter(\.isRunning).allSatisfy { node in
                let entries = node.log.entries(after: marks[node.number - 1])
                return entries.contains { $0.message == "Crypto reconfiguration phase 2" }
            }
        }
    }
}

extension Node {
    fileprivate func shell(_ words: String) throws {
        let result = try run(words: words.split(separator: " ").map(String.init))
        try #require(result.succeeded, "\(words): \(result.errors)")
    }
}
