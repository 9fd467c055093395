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
}
