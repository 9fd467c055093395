import ClusterLab

/// What a hop of the token takes on a real ring, in milliseconds: the two figures that `rondo simulate` is told of the
/// machines, as `--delay` and `--turn`.
struct TokenHop {
    /// From one node's interface to the next one's. The shaper's own time is in it.
    let travel: Double
    /// From the token's arrival at a node's interface until it leaves there again.
    let turn: Double

    /// - Parameters:
    ///   - sender: what was captured at the node with the address `here`.
    ///   - receiver: what was captured at the node behind it in the ring.
    /// - Returns: nil where nothing can be told from the captures.
    init?(_ sender: [CapturedPacket], at here: String, _ receiver: [CapturedPacket], at next: String) {
        var turns: [Double] = []
        var departures: [[UInt8]: Double] = [:]
        var arrival: Double?
        for packet in sender where packet.totemType == 0 {
            if packet.destination == here {
                arrival = packet.time
            } else if let came = arrival {
                // What follows without an arrival in between is a repetition.
                turns.append(packet.time - came)
                departures[packet.payload] = packet.time
                arrival = nil
            }
        }
        let travels = receiver.compactMap { packet -> Double? in
            guard packet.totemType == 0, packet.destination == next else { return nil }
            return departures.removeValue(forKey: packet.payload).map { packet.time - $0 }
        }
        guard let turn = turns.mean, let travel = travels.mean else { return nil }
        self.turn = turn * 1000
        self.travel = travel * 1000
    }
}

extension [Double] {
    /// Nil of nothing.
    fileprivate var mean: Double? { isEmpty ? nil : reduce(0, +) / Double(count) }
}
