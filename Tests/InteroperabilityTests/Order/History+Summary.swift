extension NodeHistory {
    /// How many messages the node was given, and their bytes.
    var deliveries: (count: Int, bytes: Int) {
        var count = 0
        var bytes = 0
        for life in lives {
            for case .delivery(let delivery) in life.entries.lazy.map(\.event) {
                count += 1
                bytes += Int(delivery.length)
            }
        }
        return (count, bytes)
    }

    /// All that is known of the node, a line for each event.
    var transcript: [String] {
        let rings = rings.map { $0.map(\.description).joined(separator: " ") }.joined(separator: " | ")
        return ["=== \(title), rings \(rings)"]
            + lives.flatMap { life in
                ["--- life \(life.number) of \(life.process), \(life.ending), accepted \(life.accepted)"]
                    + life.entries.map { "\($0.accepted) \($0.event)" }
            }
    }
}
