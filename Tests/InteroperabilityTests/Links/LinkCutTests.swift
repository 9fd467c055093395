import ClusterLab
import Testing

/// What is done to link 0 of a ring with two.
enum LinkCut: Sendable, CustomStringConvertible {
    /// Nothing passes between any nodes.
    case whole
    /// Nothing passes to or from a node.
    case node(Int)
    /// Nothing passes from node 1 to node 2; the way back stays open.
    case oneWay

    var description: String {
        switch self {
        case .whole: "link 0 cut"
        case .node(let number): "link 0 of node \(number) cut"
        case .oneWay: "link 0 cut from node 1 to node 2"
        }
    }

    func carryOut(on lab: Laboratory) throws {
        switch self {
        case .whole: try lab.cut(link: 0)
        case .node(let number): try lab.cut(link: 0, ofNode: number)
        case .oneWay: try lab.cut(from: 1, to: 2, link: 0)
        }
    }

    /// The nodes between which link 0 no longer carries pings and their answers, by node.
    func parted(of nodes: [Int]) -> [Int: Set<LinkName>] {
        var down: [Int: Set<LinkName>] = [:]
        for one in nodes {
            for other in nodes where one != other {
                let isParted =
                    switch self {
                    case .whole: true
                    case .node(let number): one == number || other == number
                    case .oneWay: one + other == 3
                    }
                if isParted { down[one, default: []].insert(LinkName(node: UInt32(other), number: 0)) }
            }
        }
        return down
    }
}

extension Interoperability.LinkTests {
    /// Timing as Corosync's defaults: a link is given up after half a token.
    @Test("A settled link that is cut and healed goes unnoticed by the members, in each mode")
    func cuts() throws {
        let both = [Mixture(.corosync, .rondo, .rondo), .rondoAlone]
        var cases: [(mixture: Mixture, mode: String, cut: LinkCut)] = [(.corosyncAlone, "passive", .whole)]
        for mode in ["passive", "active", "rr"] { cases += both.map { ($0, mode, .whole) } }
        for cut in [LinkCut.node(2), .oneWay] { cases += both.map { ($0, "passive", cut) } }
        cases = try cases.filter { try $0.mixture.absence == nil }
        let rings = cases.map { item in
            LinkRing(
                item.mixture, .knet(links: 2, totem: [("link_mode", item.mode)]), "\(item.mode), \(item.cut)")
        }
        let labs = try rings.rings()
        defer { labs.close() }
        for lab in labs { try lab.awaitSettledLinks() }
        let start = labs.map(\.marks)

        for (item, lab) in zip(cases, labs) { try item.cut.carryOut(on: lab) }
        // On the link that stays, before the other has been given up and after it.
        for lab in labs { try lab.announce(version: 1, from: 1) }
        for (item, lab) in zip(cases, labs) { try lab.awaitLinksDown(item.cut.parted(of: [1, 2, 3])) }
        for lab in labs { try lab.announce(version: 2, from: 2) }
        for lab in labs { try lab.awaitVersions([1: 1, 2: 2]) }
        for lab in labs { try lab.heal() }
        for lab in labs { try lab.awaitLinks() }
        for lab in labs { try lab.announce(version: 3, from: 3) }
        for (ring, (lab, marks)) in zip(rings, zip(labs, start)) {
            try lab.awaitVersions([1: 1, 2: 2, 3: 3])
            #expect(lab.membershipChanges(after: marks) == [0, 0, 0], "\(ring.testDescription)")
            let given = lab.nodes.enumerated().flatMap { index, node in
                node.log.linkEvents(after: marks[index]).filter { !$0.isUp }
            }
            Summary.add(
                "links      \(ring.testDescription): \(given.count) ends given up and healed, no change of the ring")
        }
    }

    @Test(
        "A node without links leaves the ring and comes back with them, as does each that is killed and started again")
    func failover() throws {
        let rings = try Mixture.all.available.map { mixture in
            LinkRing(mixture, .knet(links: 2, token: 1000, sealed: .usual), "deaths and failover")
        }
        let labs = try rings.rings()
        defer { labs.close() }
        let order = try LinkOrder(rings, labs, rate: 20)

        var marks = labs.map(\.marks)
        for lab in labs { try lab.partition([[1, 2], [3]]) }
        for (lab, marks) in zip(labs, marks) {
            try lab.awaitRing([1, 2], after: marks, within: lab.timings.afterDeath + margin)
            try lab.awaitRing([3], after: marks, within: lab.timings.afterDeath + margin)
        }
        try comeBack(labs) { try $0.heal() }

        for victim in 1...3 {
            marks = labs.map(\.marks)
            for lab in labs { try lab.node(victim).killDaemon() }
            for (lab, marks) in zip(labs, marks) {
                try lab.awaitRing(after: marks, within: lab.timings.afterDeath + margin)
            }
            let engines = rings.map { $0.mixture.engines[victim - 1] }
            for (lab, engine) in zip(labs, engines) { try lab.node(victim).start(engine) }
            try comeBack(labs) { _ in }
        }
        try order.compare()
    }

    /// Waits until all nodes are one ring again, and all links are up.
    private func comeBack(_ labs: [Laboratory], _ help: (Laboratory) throws -> Void) throws {
        for lab in labs { try help(lab) }
        for lab in labs {
            try lab.awaitRing([1, 2, 3], within: lab.linkedStartLimit + lab.timings.afterDeath)
            try lab.awaitLinks()
        }
    }
}
