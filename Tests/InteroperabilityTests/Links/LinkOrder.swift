import ClusterLab
import Testing

/// Messages of all sizes on many rings side by side, and one order of them.
struct LinkOrder {
    /// Among so many of each node are messages of less than 32 bytes and of 1 MiB.
    private static let messages = 75
    private static let recordBytes = 40

    private let rings: [LinkRing]
    private let labs: [Laboratory]
    private let programs: [OrderProgram]

    /// Starts sending on every node.
    ///
    /// - Parameter rate: Messages a second that each node may send.
    init(_ rings: [LinkRing], _ labs: [Laboratory], rate: Int = 100) throws {
        self.rings = rings
        self.labs = labs
        guard let folder = labs.first?.folder else {
            programs = []
            return
        }
        let program = try OrderProgram.build(in: folder)
        programs = try labs.map { try OrderProgram(program, on: $0, rate: rate) }
    }

    /// Waits until every node has sent all sizes from now on, since one that was away has not heard what was sent before, and
    /// all have been told of them; holds the nodes' records beside each other.
    func compare() throws {
        let begin = programs.map { $0.written() }
        for (index, ring) in rings.enumerated() {
            let lab = labs[index]
            let wanted = lab.nodes.count * Self.messages * Self.recordBytes
            try lab.wait(for: "\(ring.title): messages of all sizes", within: .seconds(40)) {
                zip(programs[index].written(), begin[index]).allSatisfy { $0 - $1 >= wanted }
            }
        }
        for (lab, program) in zip(labs, programs) { try program.finish(in: lab) }
        for (ring, (lab, program)) in zip(rings, zip(labs, programs)) {
            let name = ring.testDescription
            let comparison = OrderComparison(try program.histories())
            for finding in comparison.findings { Issue.record("\(name): \(finding)") }
            for history in comparison.histories {
                let sizes = history.sizesBySender
                #expect(Set(sizes.keys) == Set(lab.nodes.map(\.id)), "\(name): senders heard by node \(history.node)")
                for (sender, sizes) in sizes {
                    #expect(
                        (sizes.min() ?? .max) < 32 && sizes.max() == 1 << 20,
                        "\(name): sizes from \(sender) heard by node \(history.node)")
                }
            }
            let deliveries = comparison.histories.map(\.deliveries)
            Summary.add(
                "\(ring.configuration.transport == "knet" ? "links     " : "udp       ") \(name): messages given \(deliveries.map(\.count)), "
                    + "\(deliveries.map { $0.bytes / 1_000_000 }) MB, in one order")
        }
    }
}

extension NodeHistory {
    /// The sizes of the messages that the node was given, by sending node.
    fileprivate var sizesBySender: [UInt32: [UInt32]] {
        var sizes: [UInt32: [UInt32]] = [:]
        for life in lives {
            for case .delivery(let delivery) in life.entries.lazy.map(\.event) {
                sizes[delivery.sender.node, default: []].append(delivery.length)
            }
        }
        return sizes
    }
}
