import ClusterLab
import Testing

extension Interoperability {
    /// Links, nodes and keys that change while rings run, by `corosync-cfgtool -R`. The rings of a test stand side by side,
    /// since they mostly wait.
    @Suite(
        .enabled(if: environmentVariable("RONDO_LINKS") != nil, "they are run by 'make links', see docs/laboratory.md"),
        .enabled(if: ClientProgram.isPossible, Comment(rawValue: ClientProgram.explanation)))
    struct LinkReloadTests {
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
            try rings.expect(labs, packets: false, port)
            let marks = labs.map(\.marks)
            for lab in labs {
                try lab.configure(two)
                try lab.reload(on: 2)
            }
            for (lab, marks) in zip(labs, marks) { try lab.awaitLink(1, after: marks) }
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
            try rings.expect(labs, packets: false, "dst host 10.77.0.3 and udp")
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
            let losses: [(name: String, lose: (Laboratory) throws -> Void, giveBack: (Laboratory) throws -> Void)] = [
                (
                    "the address deleted", { try $0.node(1).setAddress(present: false) },
                    { try $0.node(1).setAddress(present: true) }
                ),
                (
                    "the interface down", { try $0.node(1).setInterface(up: false) },
                    { try $0.node(1).setInterface(up: true) }
                ),
                // As a driver that is loaded again: another interface of the same name.
                (
                    "the interface deleted", { try $0.removeInterface(ofNode: 1) },
                    { try $0.renewInterface(ofNode: 1) }
                ),
            ]
            for (version, loss) in losses.enumerated() {
                let marks = labs.map(\.marks)
                for lab in labs { try loss.lose(lab) }
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
                    Summary.add("links      \(loss.name): link 0 given up after \(took) ms")
                }
                for lab in labs { try lab.announce(version: UInt64(version + 1), from: 1) }
                for lab in labs { try lab.awaitVersions([1: UInt64(version + 1)]) }
                for lab in labs { try loss.giveBack(lab) }
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
                    for link in 0...1 { try node.addLocalAddress(onLink: link) }
                }
            }
            defer { labs.close() }
            guard let lab = labs.first else { return }
            try lab.awaitRing(within: lab.linkedStartLimit)
            try lab.awaitLinks()
            let marks = lab.marks
            try lab.node(1).setInterface(up: false)
            try lab.announce(version: 1, from: 1)
            try lab.awaitVersions([1: 1])
            // With another number, which such addresses mean.
            try lab.removeInterface(ofNode: 1)
            try lab.renewInterface(ofNode: 1)
            try lab.node(1).addLocalAddress(onLink: 0)
            try lab.awaitLinks()
            #expect(lab.membershipChanges(after: marks) == [0, 0])
        }
    }
}

extension Node {
    /// Gives the interface of a link the address fe80::77:N.
    fileprivate func addLocalAddress(onLink link: Int) throws {
        let words = ["ip", "address", "add", "fe80::77:\(number)/64", "dev", "eth\(link)", "nodad"]
        let result = try run(words: words)
        try #require(result.succeeded, "\(words): \(result.errors)")
    }
}
