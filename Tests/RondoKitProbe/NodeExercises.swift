import RondoKit

func exerciseQuorum() async throws(ClusterError) {
    let quorum = try await Quorum.connect()
    say("provider \(quorum.hasProvider), quorate \(try await quorum.isQuorate)")
    var changes = try await Quorum.changes().makeAsyncIterator()
    for _ in 0..<2 {
        switch try await changes.next() {
        case .nodes(let ring, let members, let joined, let left)?:
            say("nodes of ring of \(ring.representative): \(members.sorted()) joined \(joined) left \(left)")
        case .quorum(let isQuorate, let ring, let members)?:
            say("quorate \(isQuorate) ring of \(ring.representative): \(members.sorted())")
        case nil: say("the end")
        }
    }

    let votes = try await VoteQuorum.connect()
    var voteChanges = try await VoteQuorum.changes().makeAsyncIterator()
    for _ in 0..<2 { say(told(try await voteChanges.next())) }
    for node in [nil, 1, 3] as [NodeID?] {
        let info = try await votes.info(of: node)
        say(
            "node \(info.node) \(info.state) votes \(info.votes) expected \(info.expectedVotes) "
                + "highest \(info.highestExpected) total \(info.totalVotes) quorum \(info.quorum) "
                + "flags \(info.flags.rawValue) quorate \(info.flags.contains(.quorate)) "
                + "device \(info.deviceVotes) '\(info.deviceName)'")
    }
    await sayRefusal("an unknown node") { () throws(ClusterError) in _ = try await votes.info(of: 77) }
    await sayRefusal("votes of an unknown node") { () throws(ClusterError) in try await votes.setVotes(1, of: 77) }
    await sayRefusal("expect none") { () throws(ClusterError) in try await votes.setExpectedVotes(0) }
    await sayRefusal("expect four") { () throws(ClusterError) in try await votes.setExpectedVotes(4) }
    say("expected: \(await eventually { try await votes.info().expectedVotes == 4 })")
    await sayRefusal("expect three") { () throws(ClusterError) in try await votes.setExpectedVotes(3) }
    var seen: [UInt32] = []
    while seen.count < 2, let change = try await voteChanges.next() {
        if case .expectedVotes(let votes) = change { seen.append(votes) }
    }
    say("told: \(seen)")
}

private func told(_ change: VoteQuorum.Change?) -> String {
    switch change {
    case .nodes(let ring, let members)?: return "nodes of ring of \(ring.representative): \(members.sorted())"
    case .quorum(let isQuorate, let nodes)?:
        return "quorate \(isQuorate): \(nodes.sorted { $0.node < $1.node }.map { "\($0.node) \($0.state)" })"
    case .expectedVotes(let votes)?: return "expected \(votes)"
    case nil: return "the end"
    }
}

func exerciseCluster() async throws(ClusterError) {
    let cluster = try await Cluster.connect()
    say("this is node \(try await cluster.localNodeID)")
    for node in try await cluster.nodes {
        say("node \(node.id) '\(node.name ?? "-")' at \(node.addresses), member: \(node.isMember)")
        let status = try await cluster.status(of: node.id)
        say(
            "  \(status.node) reachable \(status.isReachable), connected links \(status.links.filter(\.isConnected).count)"
        )
    }
    await sayRefusal("log files") { () throws(ClusterError) in try await cluster.reopenLogFiles() }
    await sayRefusal("reload") { () throws(ClusterError) in try await cluster.reload() }
    await sayRefusal("end an unknown node") { () throws(ClusterError) in try await cluster.kill(77, reason: "probe") }
}

/// Objects to a shutdown, then agrees to one.
func exerciseShutdown() async throws(ClusterError) {
    let requests = try await Cluster.shutdownRequests()
    let answering = Task {
        var agrees = false
        for try await request in requests {
            say("asked: \(request.manner)")
            try await request.answer(agrees)
            if agrees { break }
            agrees = true
        }
    }
    let cluster = try await Cluster.connect()
    await sayRefusal("shut down") { () throws(ClusterError) in try await cluster.shutDown() }
    await sayRefusal("shut down") { () throws(ClusterError) in try await cluster.shutDown() }
    _ = await answering.result
    say("gone: \(await eventually { (try? await cluster.localNodeID) == nil })")
}
