import ClusterLab

/// What the logs of a ring's nodes say of one change of keys, and who is to blame for what went wrong.
///
/// A Corosync forgets the old key with its own second message, even if another Corosync has still to send what was queued before
/// its first one and seals that with the old key (docs/encryption.md). What a node of Rondo seals all can open at all times, and it
/// opens what others seal for two token timeouts after the change, so that between it and others nothing may fail.
struct KeyChangeStory {
    struct Account {
        var node: Int
        var engine: Engine
        /// When own messages of the change have come round the ring, by their number.
        var phases: [Int: WallTime] = [:]
        /// When a packet of a node could not be opened for the first time, by that node.
        var refusals: [Int: WallTime] = [:]
        var membershipChanges = 0
    }

    let accounts: [Account]
    /// Of the token, in milliseconds.
    let timeout: Int

    /// The moments of the change, for people.
    var timeline: String {
        var events: [(time: WallTime, text: String)] = []
        for account in accounts {
            for (phase, time) in account.phases { events.append((time, "\(account.node): phase \(phase)")) }
            for (sender, time) in account.refusals { events.append((time, "\(account.node) refuses \(sender)")) }
        }
        events.sort { $0.time.milliseconds(to: $1.time) > 0 }
        return events.map { "\($0.time) \($0.text)" }.joined(separator: ", ")
    }

    var isWhole: Bool { accounts.allSatisfy { $0.membershipChanges == 0 } }

    /// How two nodes of Corosync came to misunderstand each other, and when; nil when they did not, or nothing came of it.
    var defect: (text: String, time: WallTime)? {
        guard !isWhole else { return nil }
        var found: [(text: String, time: WallTime)] = []
        let corosyncs = accounts.filter { $0.engine == .corosync }
        for one in corosyncs {
            for other in corosyncs where other.node != one.node {
                if let gone = one.phases[2], isLate(other.phases[1], behind: gone) {
                    found.append(
                        ("node \(one.node) forgot the old key before node \(other.node) used the new one", gone))
                }
            }
        }
        return found.min { $0.time.milliseconds(to: $1.time) > 0 }
    }

    /// Nodes of Corosync that have not ended the change.
    var stragglers: [Int] { accounts.filter { $0.engine == .corosync && $0.phases[2] == nil }.map(\.node) }

    /// What is not Corosync's doing alone.
    var faults: [String] {
        let defect = defect
        var faults: [String] = []
        for account in accounts {
            for (sender, time) in account.refusals.sorted(by: { $0.key < $1.key }) {
                if isExcused(account, time, sender, by: defect?.time) { continue }
                faults.append("node \(account.node) cannot open what node \(sender) sealed, at \(time)")
            }
            if account.engine == .rondo, account.phases[2] == nil {
                faults.append("node \(account.node), of Rondo, has not ended the change")
            }
            if defect == nil, account.membershipChanges > 0 {
                faults.append(
                    "node \(account.node) saw the ring change \(account.membershipChanges) times, though no node of Corosync "
                        + "was behind another")
            }
        }
        return faults
    }

    /// Two nodes of Corosync may misunderstand each other from the defect on. A node of Rondo opens what one of Corosync seals with
    /// the old key for two token timeouts.
    private func isExcused(_ receiver: Account, _ time: WallTime, _ sender: Int, by defect: WallTime?) -> Bool {
        guard let sender = accounts.first(where: { $0.node == sender && $0.engine == .corosync }) else { return false }
        if receiver.engine == .corosync { return defect.map { $0.milliseconds(to: time) >= 0 } ?? false }
        guard let selected = receiver.phases[2] else { return false }
        return selected.milliseconds(to: time) >= 2 * timeout && isLate(sender.phases[1], behind: time)
    }

    /// Logs are in whole milliseconds.
    private func isLate(_ time: WallTime?, behind other: WallTime) -> Bool {
        guard let time else { return true }
        return other.milliseconds(to: time) >= 0
    }
}

extension KeyChangeStory {
    /// - Parameter marks: from before the reload.
    init(_ lab: Laboratory, after marks: [Int]) {
        let addresses = Dictionary(
            uniqueKeysWithValues: lab.nodes.map { ($0.address(onLink: 0), $0.number) })
        timeout = Int(lab.timings.token)
        accounts = lab.nodes.map { node in
            let entries = node.log.entries(after: marks[node.number - 1])
            var account = Account(node: node.number, engine: node.engine ?? .corosync)
            account.membershipChanges = node.log.memberships(after: marks[node.number - 1]).count
            for entry in entries {
                guard let time = entry.time else { continue }
                for phase in 1...2 where entry.message == "Crypto reconfiguration phase \(phase)" {
                    account.phases[phase] = time
                }
                guard let sender = Self.source(of: entry).flatMap({ addresses[$0] }) else { continue }
                account.refusals[sender] = account.refusals[sender] ?? time
            }
            return account
        }
    }

    /// The address of `rx: Unable to decrypt packet from 10.77.0.1:5405 (size 120)!`.
    private static func source(of entry: LogEntry) -> String? {
        guard entry.level == "error", let range = entry.message.firstRange(of: "Unable to decrypt packet from ") else {
            return nil
        }
        let words = entry.message[range.upperBound...].split(separator: " ")
        return words.first.flatMap { $0.split(separator: ":").first }.map(String.init)
    }
}
