import RondoKit

/// This process's copy of the map, and its part in the group.
actor Replica {
    private var map: ReplicatedMap?
    private var group: ProcessGroup?
    private var isQuorate = false

    /// Takes part until the group is left or the task is cancelled. A daemon that goes away is waited for.
    func run(in name: GroupName) async {
        var complaint = ""
        while !Task.isCancelled {
            do {
                let group = try await ProcessGroup.join(name)
                // Whoever was away knows nothing: the others may have gone on.
                map = ReplicatedMap(localMember: group.localMember)
                self.group = group
                complaint = ""
                say("joined as \(group.localMember)")
                for try await event in group.events { try await handle(event, in: group) }
                return
            } catch {
                group = nil
                if complaint != "\(error)" { say("\(error)") }
                complaint = "\(error)"
                try? await Task.sleep(for: .milliseconds(200))
            }
        }
    }

    /// Keeps in mind whether this part of the cluster may change the map.
    func followQuorum() async {
        while !Task.isCancelled {
            do {
                for try await case .quorum(let isQuorate, _, _) in try await Quorum.changes() {
                    self.isQuorate = isQuorate
                }
            } catch {
                isQuorate = false
                try? await Task.sleep(for: .milliseconds(200))
            }
        }
    }

    private func handle(_ event: GroupEvent, in group: ProcessGroup) async throws {
        if case .membership(let membership) = event {
            for change in membership.joined { say("\(change.member) came (\(change.reason))") }
            for change in membership.left { say("\(change.member) went (\(change.reason))") }
        }
        if let answer = map?.handle(event) { try await group.send(answer.bytes()) }
    }

    /// Gives a key a value, or none, in all members.
    func change(_ key: String, to value: String?) async {
        guard isQuorate else { return say("refused: no quorum") }
        guard let group else { return say("refused: not in the group") }
        do {
            try await group.send(Message.change(Change(key: key, value: value)).bytes())
        } catch {
            say("\(error)")
        }
    }

    func get(_ key: String) { say("\(key) = \(map?.entries[key] ?? "(nothing)")") }

    func list() {
        for (key, value) in (map?.entries ?? [:]).sorted(by: { $0.key < $1.key }) { say("\(key) = \(value)") }
    }

    /// One line about everything, after a word of the asker's.
    func status(_ word: String) {
        guard let map, group != nil else { return say("\(word): not in the group") }
        let members = map.view.members.map(\.description).joined(separator: " ")
        say(
            "\(word): members \(members); \(map.isSettled ? "settled" : "comparing"); "
                + "\(isQuorate ? "quorate" : "no quorum"); \(map.entries.count) entries; version \(map.version); "
                + "digest \(String(map.digest, radix: 16))")
    }

    /// - Returns: Whether the last event of the group is still to come.
    func leave() async -> Bool {
        do {
            try await group?.leave()
            return group != nil
        } catch {
            say("\(error)")
            return false
        }
    }
}
