import Basics
import ClusterMap
import Testing
import Totem
import TotemWire

@testable import ClusterServices

/// Clusters under membership changes at arbitrary points: what must hold on all nodes holds for every seed.
@Suite("Clusters under random membership changes")
struct SeededClusterTests {
    struct Scenario: Sendable, CustomTestStringConvertible {
        var name: String
        var nodes: [UInt32]
        /// The whole cluster splits in two and heals, always settled, and no node loses its memory: what tie breaker and
        /// last man standing need, because by Corosync's rules each node decides by what it saw last
        /// (docs/decisions/services.md).
        var orderly = false
        var change: @Sendable (inout ServicesConfiguration) -> Void
        var testDescription: String { name }
    }

    static let scenarios = [
        Scenario(name: "three nodes", nodes: [1, 2, 3]) { _ in },
        Scenario(name: "five nodes, uneven votes", nodes: [1, 2, 3, 4, 5]) { $0.quorum.nodes?[0].votes = 3 },
        Scenario(name: "four nodes, wait_for_all", nodes: [1, 2, 3, 4]) { $0.quorum.waitForAll = true },
        Scenario(name: "four nodes, auto_tie_breaker", nodes: [1, 2, 3, 4], orderly: true) {
            $0.quorum.autoTieBreaker = true
        },
        Scenario(name: "four nodes, highest breaks the tie", nodes: [1, 2, 3, 4], orderly: true) {
            $0.quorum.autoTieBreaker = true
            $0.quorum.autoTieBreakerNode = "highest"
        },
        Scenario(name: "four nodes, last_man_standing", nodes: [1, 2, 3, 4], orderly: true) {
            $0.quorum.lastManStanding = true
        },
        Scenario(name: "no quorum provider", nodes: [1, 2, 3]) { $0.quorum.provider = nil },
    ]

    @Test("Tables, counts and rounds agree", arguments: scenarios, 0..<40)
    func agree(_ scenario: Scenario, seed: Int) throws {
        var cluster = Workload(scenario, seed: UInt64(seed))
        try cluster.run(steps: 400)
        try cluster.check()
    }

    @Test("The random runs do reach what they are to check")
    func coverage() throws {
        var reached = Workload.Reached()
        for seed in 0..<20 as Range<UInt64> {
            var cluster = Workload(Self.scenarios[0], seed: seed)
            try cluster.run(steps: 400)
            cluster.count(into: &reached)
        }
        #expect(reached.rounds > 300 && reached.staleMessages > 50 && reached.messages > 150)
        #expect(reached.nodeDown > 50 && reached.nodeUp > 50 && reached.processDown > 10 && reached.deferred > 5)
    }
}

/// Random clients, crashes, restarts and partitions on a perfect ring.
private struct Workload {
    var ring: PerfectRing
    let scenario: SeededClusterTests.Scenario
    var nextClient: UInt64 = 1
    var closedInRound = 0
    /// Open connections to the process groups, by node.
    var clients: [(node: NodeID, client: ConnectionID)] = []

    init(_ scenario: SeededClusterTests.Scenario, seed: UInt64) {
        self.scenario = scenario
        ring = PerfectRing(seed: seed) { try Node($0, of: scenario.nodes, scenario.change) }
    }

    mutating func run(steps: Int) throws {
        for node in scenario.nodes { try ring.start(node) }
        ring.form(scenario.nodes.map { [$0] })
        for _ in 0..<steps {
            switch Int.random(in: 0..<100, using: &ring.generator) {
            case 0..<50:
                for _ in 0..<Int.random(in: 1...30, using: &ring.generator) { ring.step() }
            case 50..<60: ring.settle()
            case 60..<63: noticeTheDead()
            case 63..<67: changeMembership()
            case 67..<68 where !scenario.orderly: crash()
            case 68..<70 where !scenario.orderly: try restart()
            case 70..<71: ring.advance(milliseconds: UInt64.random(in: 1...8000, using: &ring.generator))
            default: clientRequest()
            }
        }
        ring.settle()
        noticeTheDead()
        ring.settle()
    }

    /// Rings that still count on a crashed node lose it.
    private mutating func noticeTheDead() {
        for part in ring.partitions where part.count != ring.rings[part[0].ring].members.count {
            ring.form([part.map(\.node.id.rawValue)])
        }
    }

    private mutating func changeMembership() {
        if scenario.orderly {
            ring.settle()
            if ring.partitions.count > 1 { return ring.form([scenario.nodes]) }
        }
        let alive = ring.stations.map(\.node.id.rawValue).shuffled(using: &ring.generator)
        guard !alive.isEmpty else { return }
        let cut = Int.random(in: 0..<alive.count, using: &ring.generator)
        ring.form(cut == 0 ? [alive] : [Array(alive[..<cut]), Array(alive[cut...])])
    }

    private mutating func crash() {
        guard ring.stations.count > 1, let victim = ring.stations.randomElement(using: &ring.generator) else { return }
        let companions = ring.stations.filter { $0.ring == victim.ring && $0.node.id != victim.node.id }
        ring.crash(victim.node.id.rawValue)
        clients.removeAll { $0.node == victim.node.id }
        // Sometimes the restarted node is back before the others have noticed.
        if ring.generator.chance(70) { ring.form([companions.map(\.node.id.rawValue)]) }
    }

    private mutating func restart() throws {
        guard let dead = scenario.nodes.first(where: { ring.index(NodeID($0)) == nil }) else { return }
        try ring.start(dead)
        if ring.generator.chance(50) { ring.form([[dead]]) } else { ring.form([ring.stations.map(\.node.id.rawValue)]) }
    }

    private mutating func clientRequest() {
        guard let index = ring.stations.indices.randomElement(using: &ring.generator) else { return }
        let node = ring.stations[index].node.id
        let mine = clients.filter { $0.node == node }.map(\.client)
        let served = !ring.stations[index].node.engine.isSynchronizing
        switch Int.random(in: 0..<10, using: &ring.generator) {
        case 0..<4 where served:
            let client = ConnectionID(nextClient)
            nextClient += 1
            clients.append((node, client))
            let group = Array(
                ["alpha", "beta", "alpha\0"].randomElement(using: &ring.generator).map(\.utf8) ?? "".utf8)
            let pid = UInt32(truncatingIfNeeded: nextClient)
            ring.onNode(index) { try? $0.joinGroup(client, group: group, pid: pid, wantsRing: true) }
        case 4..<6 where served:
            guard let client = mine.randomElement(using: &ring.generator) else { return }
            ring.onNode(index) { try? $0.leaveGroup(client) }
        case 6..<8 where served:
            guard let client = mine.randomElement(using: &ring.generator) else { return }
            nextClient += 1
            let text = Array("\(node)-\(nextClient)".utf8)
            ring.onNode(index) { try? $0.multicastToGroup(client, payload: text.span) }
        case 8..<10:
            guard let client = mine.randomElement(using: &ring.generator) else { return }
            clients.removeAll { $0.client == client }
            if !served { closedInRound += 1 }
            ring.onNode(index) { $0.clientClosed(client, .processGroups) }
        default: break
        }
    }

    /// How often the runs came by certain places.
    struct Reached {
        var rounds = 0
        var staleMessages = 0
        var messages = 0
        var nodeDown = 0
        var nodeUp = 0
        var processDown = 0
        /// Connections that ended in the middle of a round.
        var deferred = 0
    }

    func count(into reached: inout Reached) {
        reached.deferred += closedInRound
        for node in ring.stations.map(\.node) {
            reached.rounds += node.events.count { $0 == .synchronizationCompleted }
            reached.staleMessages += node.lines.count { $0.text.hasSuffix("for old ring - discarding") }
            for (_, what) in node.notifications {
                switch what {
                case .processGroup(.message): reached.messages += 1
                case .processGroup(.change(let change)):
                    reached.nodeDown += change.left.count { $0.reason == .nodeDown }
                    reached.processDown += change.left.count { $0.reason == .processDown }
                    reached.nodeUp += change.joined.count { $0.reason == .nodeUp }
                default: break
                }
            }
        }
    }

    // MARK: What must hold

    func check() throws {
        var quorate = 0
        for part in ring.partitions {
            let members = part.map(\.node.id)
            let table = part[0].node.engine.groupProcesses
            for station in part {
                let engine = station.node.engine
                #expect(!engine.isSynchronizing, "the round of \(ring.rings[station.ring].id) completes")
                #expect(engine.counters.malformed == 0)
                #expect(engine.out.own.isEmpty, "own messages come back")
                #expect(engine.groupProcesses == table, "equal process tables")
                checkLocalClients(of: station.node)
                checkEvents(of: station.node)
            }
            #expect(table.allSatisfy { members.contains($0.nodeID) }, "no ghosts of absent nodes")
            checkVotes(of: part)
            if part[0].node.engine.isQuorate { quorate += 1 }
        }
        if scenario.name != "no quorum provider" { #expect(quorate <= 1, "at most one quorate partition") }
    }

    private func checkVotes(of part: [PerfectRing.Station]) {
        let first = part[0].node.engine
        for station in part {
            let engine = station.node.engine
            guard let mine = engine.voteQuorum, let theirs = first.voteQuorum else {
                #expect(engine.isQuorate)
                continue
            }
            // After last_man_standing a restarted node expects more votes than the others, and decides by that.
            if mine.own.expectedVotes == theirs.own.expectedVotes { #expect(engine.isQuorate == first.isQuorate) }
            let members = part.map(\.node.id)
            #expect(mine.records.filter { $0.state == .member }.map(\.nodeID) == members)
            #expect(
                mine.records.filter { $0.state == .member }.map(\.votes)
                    == theirs.records.filter { $0.state == .member }.map(\.votes))
            #expect(station.node.map["runtime.votequorum.this_node_id"] == .u32(engine.nodeID.rawValue))
        }
    }

    /// Exactly the open, joined connections of a node are its processes in the table.
    private func checkLocalClients(of node: Node) {
        let joined = node.engine.processGroups.clients.compactMap { client -> GroupProcess? in
            guard case .joined(let membership) = client.state else { return nil }
            return GroupProcess(nodeID: node.id, pid: membership.pid, group: membership.group)
        }
        let listed = node.engine.groupProcesses.filter { $0.nodeID == node.id }
        #expect(Set(joined) == Set(listed), "local processes of node \(node.id)")
    }

    /// Each client first hears of its own membership, then only of changes that add up.
    private func checkEvents(of node: Node) {
        var members: [ConnectionID: Set<GroupMember>] = [:]
        for (client, what) in node.notifications {
            guard case .processGroup(let event) = what else { continue }
            switch event {
            case .change(let change):
                let now = Set(change.members)
                let joined = Set(change.joined.map { GroupMember(nodeID: $0.nodeID, pid: $0.pid) })
                let left = Set(change.left.map { GroupMember(nodeID: $0.nodeID, pid: $0.pid) })
                #expect(joined.isSubset(of: now) && left.isDisjoint(with: now))
                if let before = members[client] {
                    #expect(before.union(joined).subtracting(left) == now, "changes add up")
                } else {
                    #expect(change.joined.count == 1 && change.joined[0].reason == .join)
                    #expect(change.joined[0].nodeID == node.id)
                }
                members[client] = now
                if change.left.contains(where: { $0.nodeID == node.id && $0.reason == .leave }), now.isEmpty {
                    members[client] = nil
                }
            case .message(_, let sender, let pid, _):
                #expect(members[client]?.contains { $0.nodeID == sender } == true, "closed group: \(sender)/\(pid)")
            case .fragment, .ring: break
            }
        }
    }
}
