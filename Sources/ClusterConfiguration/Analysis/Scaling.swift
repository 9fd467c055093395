/// How the timings of a configuration would change with the number of nodes.
public struct Scaling: Sendable, Hashable {
    public struct Row: Sendable, Hashable {
        public var nodes: UInt32
        public var token: UInt32
        public var hold: UInt32
        public var consensus: UInt32
        /// The longest time from a node's death to the new membership.
        public var failure: Microseconds
    }

    public var rows: [Row]

    /// - Parameter counts: the numbers of nodes to look at; that of `inputs` is added.
    public init(_ inputs: TimingInputs, counts: [UInt32] = [2, 3, 5, 8, 16, 30], hop: Microseconds) {
        let all = Set(counts + [inputs.ringSize]).filter { $0 >= 2 && $0 <= UInt32(NodeList.maximumCount) }
        rows = all.sorted().compactMap { count in
            var varied = inputs
            // Only nodes with an address on link 0 count for the token.
            varied.nodeCount = inputs.nodeCount == 0 ? 0 : count
            varied.ringSize = count
            let timings = DerivedTimings(varied).totem
            guard let failure = FailureTimeline(.nodeDies, timings, hop: hop) else { return nil }
            return Row(
                nodes: count, token: timings.token, hold: timings.hold, consensus: timings.consensus,
                failure: failure.longest)
        }
    }
}
