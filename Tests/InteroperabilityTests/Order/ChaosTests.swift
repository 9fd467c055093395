import ClusterLab
import Foundation
import Testing

extension Interoperability {
    /// Everything at once, on a ring of both engines, for as long as one likes.
    @Suite struct ChaosTests {
        /// Rondo has the majority and the representative; `RONDO_CHAOS_ENGINES=ccccc` plays the control case.
        static let mixture = Mixture(
            (environmentVariable("RONDO_CHAOS_ENGINES") ?? "rcrcr").map { $0 == "c" ? Engine.corosync : .rondo })
        /// `make chaos` takes ten minutes.
        static let seconds = environmentVariable("RONDO_CHAOS_SECONDS").flatMap { Int($0) } ?? 30
        /// What is drawn follows from it; another one makes another run. Where a run finds something, all that the nodes
        /// were told is written to the file `RONDO_CHAOS_HISTORY`.
        static let seed = environmentVariable("RONDO_CHAOS_SEED").flatMap { UInt64($0) } ?? 1

        @Test(
            "chaos under load of all sizes: nobody dies unasked, one ring at the end, one order of everything",
            .enabled(if: ClientProgram.isPossible, Comment(rawValue: ClientProgram.explanation)))
        func chaos() throws {
            let lab = try Self.mixture.ring(.sparing)
            defer { lab.close() }
            let binary = try OrderProgram.build(in: lab.folder)
            let program = try OrderProgram(binary, on: lab, rate: 100)
            var plan = ChaosPlan(lab: lab, mixture: Self.mixture, program: program, seed: Self.seed)

            var failure: (any Error)?
            do {
                // In it, a daemon that ends unasked is an error at once.
                try plan.carryOut(for: .seconds(Self.seconds))
                try program.finish(in: lab)
            } catch { failure = error }
            let comparison = OrderComparison(try program.histories())
            if let failure { throw failure }
            for finding in comparison.findings { Issue.record("\(finding)") }
            if !comparison.findings.isEmpty, let file = environmentVariable("RONDO_CHAOS_HISTORY") {
                let text = comparison.findings + comparison.histories.flatMap(\.transcript)
                try text.joined(separator: "\n").write(toFile: file, atomically: true, encoding: .utf8)
            }
            #expect(comparison.spansTogether >= 10, "too little was compared to say anything")
            for node in lab.nodes { #expect(node.isRunning) }
            let rings = Set(comparison.histories.flatMap { $0.rings.joined() })
            let deliveries = comparison.histories.map(\.deliveries)
            Summary.add(
                "chaos      \(Self.mixture.testDescription), seed \(Self.seed), \(Self.seconds) s: \(rings.count) rings "
                    + "(\(plan.summary)); messages given \(deliveries.map(\.count)), in \(comparison.spansTogether) "
                    + "spans together, \(comparison.recordsCompared) records the same, \(comparison.cutForNewcomers.count) cut for "
                    + "newcomers, \(comparison.viewsReachedApart) times other steps to the same members, "
                    + "\(comparison.ghostsLaid) times Corosync parted late with a process"
            )
        }
    }
}
