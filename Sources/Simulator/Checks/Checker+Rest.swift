/// The end of a run.
extension Checker {
    /// The cluster has come to rest: no more configuration changes are due.
    mutating func rested() { restingInstallations = installations }

    /// A message that a node should have by now; nil when it has them all.
    func missing(_ node: Int) -> String? {
        guard !isLenient else { return nil }
        let record = nodes[node]
        guard record.ring >= 0 else { return "node \(record.id) has no ring" }
        let sent = ledgers[record.ring].messages.count
        guard record.ordinarySubmitted == record.ordinaryEnded, record.otherSubmitted == record.otherEnded else {
            return "node \(record.id) has taken \(record.ordinarySubmitted) messages from its application and sent "
                + "\(record.ordinaryEnded)"
        }
        guard sent > 0 else { return nil }
        var place = Int(record.cursor) + 1
        while place < sent {
            let message = Int(ledgers[record.ring].messages[place])
            if isDue(node, message, record.togetherSince) {
                return "node \(record.id) has not delivered \(describe(message))"
            }
            place += 1
        }
        return nil
    }
}
