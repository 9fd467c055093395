import Basics
import Totem
import TotemWire

/// A ring that works, then a network that does to its packets what the input says, then peace.
///
/// In peace all nodes must come together in one ring within the bound that the simulator also sets, stay there, and
/// deliver what is sent then, on all nodes in one order.
enum RingTarget {
    static func run(_ input: [UInt8]) throws(Finding) {
        var reader = InputReader(input)
        var cluster = templates[reader.below(templates.count)]
        var hostility = Hostility()
        var operations = 0
        while !reader.isAtEnd, operations < 256, cluster.finding == nil {
            operations += 1
            hostility.act(on: &cluster, &reader)
        }
        try makePeace(&cluster)
    }

    /// Working rings; forming one takes longer than all that follows.
    private static let templates: [RingCluster] = {
        var wrapping = parameters
        wrapping.sequenceStart = .max - 40
        return [(3, parameters), (2, parameters), (3, wrapping), (2, wrapping)].map { count, parameters in
            var cluster = RingCluster(nodes: count, parameters: parameters)
            cluster.run(nanoseconds: 400_000_000)
            return cluster
        }
    }()

    /// Corosync's proportions at a tenth of its token timeout.
    private static let parameters: RingParameters = {
        var parameters = RingParameters()
        parameters.token = 300
        parameters.tokenRetransmit = 71
        parameters.hold = 46
        parameters.consensus = 360
        return parameters
    }()

    /// As in the simulator: twice to notice a lost token and to agree, once to find other rings, and to repeat what is
    /// missing.
    static func bound(_ parameters: RingParameters) -> UInt64 {
        let formation = UInt64(parameters.token) + UInt64(parameters.consensus) + 10 * UInt64(parameters.join)
        let discovery = 2 * UInt64(parameters.merge) + 2 * UInt64(parameters.hold)
        let repetition = (UInt64(parameters.missCountConstant) + 4) * UInt64(parameters.hold)
        return (2 * formation + discovery + repetition) * 1_000_000
    }

    private static func makePeace(_ cluster: inout RingCluster) throws(Finding) {
        for index in cluster.nodes.indices { cluster.restart(index) }
        let bound = bound(cluster.parameters)
        let calm = cluster.now
        // What went wrong before can come to light as late as a lost token; nothing may after that.
        cluster.run(nanoseconds: (UInt64(cluster.parameters.token) + 20) * 1_000_000)
        while let unrest = cluster.unrest() {
            try check(cluster)
            let since = cluster.now.nanoseconds(since: calm)
            guard since <= bound else {
                throw cluster.finding("\(since / 1_000_000) ms after the last hostile packet \(unrest)")
            }
            cluster.run(nanoseconds: 5_000_000)
        }
        try check(cluster)
        try exchange(&cluster)
    }

    /// One message of every node, long enough to be cut on some, must reach all in one order.
    private static func exchange(_ cluster: inout RingCluster) throws(Finding) {
        // What was queued before comes first.
        cluster.run(nanoseconds: 200_000_000)
        cluster.forgetDeliveries()
        for index in cluster.nodes.indices {
            let body = Array(repeating: UInt8(truncatingIfNeeded: index), count: 10 + 2000 * index)
            try require(cluster.submit(body, group: .services, from: index), "a resting ring takes no message")
        }
        let sent = cluster.now
        while cluster.nodes.contains(where: { $0.delivered.count < cluster.nodes.count }) {
            try check(cluster)
            let delivered = cluster.nodes.map(\.delivered.count)
            guard cluster.now.nanoseconds(since: sent) < 2_000_000_000 else {
                throw cluster.finding("two seconds after one message of every node, \(delivered) are delivered")
            }
            cluster.run(nanoseconds: 5_000_000)
        }
        for node in cluster.nodes {
            try require(
                node.delivered == cluster.nodes[0].delivered,
                "nodes \(cluster.nodes[0].id) and \(node.id) deliver in different orders")
        }
        if let unrest = cluster.unrest() { throw cluster.finding("the ring formed and did not stay: \(unrest)") }
        for node in cluster.nodes {
            let progress = node.ring.progress
            let window = Int(progress.highest.distance(from: progress.released))
            try require(
                node.ring.buffersInUse <= window + 8,
                "node \(node.id) keeps \(node.ring.buffersInUse) messages, of which \(window) can be asked for")
        }
    }

    private static func check(_ cluster: RingCluster) throws(Finding) {
        if let finding = cluster.finding { throw finding }
        try require(cluster.steps < 400_000, "\(cluster.steps) packets and timers, and no end")
    }
}
