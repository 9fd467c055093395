import ClusterLab
import Testing

extension Interoperability {
    /// One order of everything, on all that stay together, under load and with everything that can happen to a ring.
    @Suite struct DeliveryOrderTests {
        /// Corosync alone is the control case. Each engine is the representative once.
        static let mixtures = [
            Mixture.corosyncAlone, Mixture(.rondo, .corosync, .corosync), Mixture(.corosync, .rondo, .rondo),
            Mixture.rondoAlone,
        ]
        /// Lines at level error that nothing is wrong with: a change of the group ends a message in several parts in the
        /// middle, which the sender is told; a client went away while events were waiting for it.
        private static let expected = [
            (part: "can't mcast to group", end: "error:16"), (part: "qb_ipcs_event_send", end: "not connected (107)"),
        ]
        /// 30 unless one wants to look longer.
        static let seconds = environmentVariable("RONDO_ORDER_SECONDS").flatMap { Int($0) } ?? 30

        @Test(
            "30 s of messages from 1 B to 1 MiB from all nodes, with deaths and partitions: the same on all",
            .enabled(if: ClientProgram.isPossible, Comment(rawValue: ClientProgram.explanation)), arguments: mixtures)
        func order(_ mixture: Mixture) throws {
            let lab = try mixture.ring(.sparing)
            defer { lab.close() }
            let binary = try OrderProgram.build(in: lab.folder)
            let guest = try ClientProgram.build(in: lab.folder)
            let program = try OrderProgram(binary, on: lab)
            var plan = FaultPlan(lab: lab, mixture: mixture, program: program, guestProgram: guest)
            try plan.carryOut(for: .seconds(Self.seconds), first: mixture.engines.count { $0 == .rondo } * 4)

            var failure: (any Error)?
            do { try program.finish(in: lab) } catch { failure = error }
            let comparison = OrderComparison(try program.histories())
            for finding in comparison.findings { Issue.record("\(finding)") }
            if let failure { throw failure }
            #expect(comparison.spansTogether >= 6, "too little was compared to say anything")
            for node in lab.nodes {
                #expect(node.isRunning)
                let complaints = node.log.all.filter { entry in
                    ["error", "crit", "alert", "emerg"].contains(entry.level)
                        && !Self.expected.contains {
                            entry.message.contains($0.part) && entry.message.hasSuffix($0.end)
                        }
                }
                #expect(complaints.isEmpty, "node \(node.id) (\(mixture.engines[node.number - 1]))")
            }
            let rings = Set(comparison.histories.flatMap { $0.rings.joined() })
            let deliveries = comparison.histories.map(\.deliveries)
            Summary.add(
                "order      \(mixture.testDescription): \(rings.count) rings (\(plan.summary)); messages given "
                    + "\(deliveries.map(\.count)), \(deliveries.map { $0.bytes / 1_000_000 }) MB, in "
                    + "\(comparison.spansTogether) spans together; digest of the last ring "
                    + "\(String(comparison.lastDigest, radix: 16)); \(comparison.cutForNewcomers.count) cut for newcomers"
            )
        }
    }
}

extension RingConfiguration {
    /// Token 800 ms, consensus 960 ms, and no debug lines.
    static var sparing: RingConfiguration {
        var configuration = RingConfiguration(totem: [("token", "800"), ("token_coefficient", "0")])
        configuration.debug = false
        return configuration
    }
}
