import ClusterLab

extension [CapturedPacket] {
    /// What a node needs for its turn, in milliseconds on average: from the token's arrival at its interface until it
    /// leaves there again. `rondo simulate` is told of it as `--turn`.
    ///
    /// - Parameter address: of the node at which this was captured.
    /// - Returns: nil when no token came and went.
    func tokenTurn(at address: String) -> Double? {
        var sum = 0.0
        var count = 0
        var arrival: Double?
        for packet in self where packet.totemType == 0 {
            if packet.destination == address {
                arrival = packet.time
            } else if let came = arrival {
                // What follows without an arrival in between is a repetition.
                sum += packet.time - came
                count += 1
                arrival = nil
            }
        }
        return count == 0 ? nil : sum / Double(count) * 1000
    }
}
