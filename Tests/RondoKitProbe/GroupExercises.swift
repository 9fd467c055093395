import RondoKit

func exerciseGroups() async throws(ClusterError) {
    let group = try await ProcessGroup.join("probe")
    var events = group.events.makeAsyncIterator()
    for _ in 0..<2 { say(told(try await events.next(), group)) }
    await sayRefusal("joined twice") { () throws(ClusterError) in _ = try await ProcessGroup.join("probe") }
    let directory = try await ProcessGroups.connect()
    say("groups: \(try await directory.names())")
    say(
        "members: \(try await group.members() == [group.localMember]) \(try await directory.members(of: "probe").count)"
    )
    say("nobody: \(try await directory.members(of: "nobody").count)")

    for length in [0, 1, 1000, ProcessGroup.maximumMessageInOnePiece, 3_000_001] {
        let message = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ length) }
        try await group.send(message)
        guard case .message(let delivered)? = try await events.next() else { return say("no message") }
        say("\(length) bytes: \(delivered.bytes == message) from self: \(delivered.sender == group.localMember)")
    }

    let name = GroupName(bytes: [UInt8](repeating: 0xfe, count: GroupName.maximumLength))
    let other = try await ProcessGroup.join(name)
    var otherEvents = other.events.makeAsyncIterator()
    say(told(try await otherEvents.next(), other))
    say("a long name: \(try await directory.names().contains(name)) \(try await other.members().count)")

    await withTaskGroup { tasks in
        for sender in UInt8(0)..<4 {
            tasks.addTask {
                for number in UInt8(0)..<100 { try? await group.send([sender, number]) }
            }
        }
    }
    var last = [Int](repeating: -1, count: 4)
    var inOrder = true
    for _ in 0..<400 {
        guard case .message(let delivered)? = try await events.next() else { return say("no message") }
        let (sender, number) = (Int(delivered.bytes[0]), Int(delivered.bytes[1]))
        inOrder = inOrder && number == last[sender] + 1
        last[sender] = number
    }
    say("four tasks, each one's messages in order: \(inOrder)")

    try await group.leave()
    say(told(try await events.next(), group))
    say(told(try await events.next(), group))
    await sayRefusal("sent after leaving") { () throws(ClusterError) in try await group.send([1]) }
    await sayRefusal("left twice") { () throws(ClusterError) in try await group.leave() }
}

/// More than the daemon's ring holds, read only afterwards.
func exerciseSlowReader() async throws(ClusterError) {
    let group = try await ProcessGroup.join("slow")
    let count = 150
    for number in 0..<count { try await group.send([UInt8](repeating: UInt8(number), count: 60_000)) }
    var next = 0
    for try await event in group.events {
        guard case .message(let message) = event else { continue }
        guard message.bytes.count == 60_000, message.bytes[59_999] == UInt8(next) else { return say("out of order") }
        next += 1
        if next == count { break }
    }
    say("read late: \(next) messages in order")
}

/// However a group ends, it is left.
func exerciseEndings() async throws(ClusterError) {
    let watcher = try await ProcessGroup.join("watched")
    var events = watcher.events.makeAsyncIterator()
    for _ in 0..<2 { say(told(try await events.next(), watcher)) }
    let directory = try await ProcessGroups.connect()

    let task = Task {
        let group = try await ProcessGroup.join("cancelled")
        var count = 0
        for try await _ in group.events { count += 1 }
        return (group, count)
    }
    say("joined: \(await eventually { try await directory.members(of: "cancelled").count == 1 })")
    task.cancel()
    if let (group, _) = try? await task.value {
        say("cancelled: left \(await eventually { try await group.isGone(directory) })")
        await sayRefusal("sent after cancellation") { () throws(ClusterError) in try await group.send([1]) }
        var iterator = group.events.makeAsyncIterator()
        say("no more events: \(try await iterator.next() == nil)")
    }

    var dropped: ProcessGroup? = try await ProcessGroup.join("dropped")
    let name = dropped?.name ?? ""
    dropped = nil
    say("dropped: left \(await eventually { try await directory.members(of: name).isEmpty })")

    let sequence = try await ProcessGroup.join("kept by its events").events
    for try await _ in sequence { break }
    say("kept: \(try await directory.members(of: "kept by its events").count)")

    let impatient = Task { () -> ClusterError? in
        do {
            while true { try await watcher.send([UInt8](repeating: 0, count: 500_000)) }
        } catch { return error as? ClusterError }
    }
    impatient.cancel()
    _ = try? await watcher.leave()
    say("a sender ends when the group is left or its task cancelled: \(await impatient.value != nil)")
    withExtendedLifetime(sequence) {}
}

extension ProcessGroup {
    fileprivate func isGone(_ directory: ProcessGroups) async throws(ClusterError) -> Bool {
        try await directory.members(of: name).isEmpty
    }
}

private func told(_ event: GroupEvent?, _ group: ProcessGroup) -> String {
    func text(_ changes: [GroupMembership.Change]) -> String {
        changes.map { "\($0.member == group.localMember ? "self" : "other") \($0.reason)" }.description
    }
    switch event {
    case .message(let message)?: return "message of \(message.bytes.count) bytes"
    case .membership(let change)?:
        return "members \(change.members.count), joined \(text(change.joined)), left \(text(change.left))"
    case .ring(let ring)?: return "ring of \(ring.id.representative): \(ring.nodes.sorted())"
    case nil: return "the end"
    }
}
