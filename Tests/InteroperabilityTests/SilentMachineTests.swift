import ClusterLab
import Testing

extension Interoperability {
    /// A machine is lost: nothing is heard from there, and nobody answers echo requests (docs/failover.md).
    @Suite struct SilentMachineTests {
        static let rings: [LinkRing] = [
            LinkRing(.rondoAlone, RingConfiguration(), "udpu"),
            LinkRing(.rondoAlone, .knet(), "knet"),
            LinkRing(.rondoAlone, .knet(links: 2, sealed: .usual), "knet, two sealed links"),
        ]

        @Test("A machine whose cables are pulled is out of the ring in three seconds, and knows it before the others")
        func pulled() throws {
            let labs = try Self.rings.start()
            defer { labs.close() }
            for (ring, lab) in zip(Self.rings, labs) {
                try lab.awaitRing(within: lab.linkedStartLimit)
                if ring.configuration.transport == "knet" { try lab.awaitLinks() }
            }
            // Each machine has been asked whether it is there, and has promised something since.
            try labs.rest(.seconds(2))
            for (round, victim) in [3, 1].enumerated() {
                for (ring, lab) in zip(Self.rings, labs) {
                    let marks = lab.marks
                    let others = [1, 2, 3].filter { $0 != victim }
                    let begin = WallTime.now
                    for link in 0..<ring.configuration.links { try lab.plug(victim, in: false, link: link) }
                    let rest = try lab.awaitRing(others, after: marks, within: lab.timings.afterDeath + margin)
                    let alone = try lab.awaitRing([victim], after: marks, within: lab.timings.afterDeath + margin)
                    let (took, tookAlone) = (rest.millisecondsSince(begin), alone.millisecondsSince(begin))
                    let title = "cut off    \(ring.testDescription): node \(victim)"
                    // By the timeouts it is token less hold, and a consensus timeout, at least.
                    let due = lab.timings.token - lab.timings.hold + lab.timings.consensus / 2
                    #expect(Double(took) < due, "\(title): \(took) ms")
                    #expect(tookAlone < took, "\(title): it is alone after \(tookAlone) ms, they after \(took) ms")
                    Summary.add(
                        "\(title) alone after \(tookAlone) ms, the others without it after \(took) ms "
                            + "(by timeouts \(lab.timings.afterDeath.milliseconds) at most)")
                    for link in 0..<ring.configuration.links { try lab.plug(victim, in: true, link: link) }
                }
                guard round == 0 else { continue }
                for lab in labs { try lab.awaitRing(within: lab.linkedStartLimit) }
                try labs.rest(.seconds(2))
            }
        }

        @Test("Where nobody answers echo requests the timeouts decide, and so they do with silence: 0")
        func closed() throws {
            var without = RingConfiguration.quick
            without.extra = "rondo {\n    silence: 0\n}\n"
            let labs = try [Mixture.rondoAlone].available.rings([RingConfiguration.quick, without])
            guard labs.count == 2 else { return }
            defer { labs.close() }
            for number in 1...3 { try labs[0].node(number).ignoreEchoRequests() }
            // What was answered before counts for a while.
            try labs.rest(.seconds(36))
            let marks = labs.map(\.marks)
            let begin = WallTime.now
            for lab in labs { try lab.plug(2, in: false) }
            for (lab, marks) in zip(labs, marks) {
                let smaller = try lab.awaitRing([1, 3], after: marks, within: lab.timings.afterDeath + margin)
                #expect(smaller.millisecondsSince(begin) >= Int(lab.timings.consensus))
            }
        }
    }
}

extension Node {
    /// Lets the node's kernel answer no echo requests, as many firewalls do.
    fileprivate func ignoreEchoRequests() throws {
        let result = try run(words: ["sh", "-c", "echo 1 > /proc/sys/net/ipv4/icmp_echo_ignore_all"])
        #expect(result.succeeded, "\(result.errors)")
    }
}
