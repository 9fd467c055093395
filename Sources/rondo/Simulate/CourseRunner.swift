import Foundation
import Simulator

/// Runs courses of events of one layer as the command line asks for, and reports what came of them.
struct CourseRunner<C: WrittenCourse & ShrinkableCourse> {
    var planted: C.Planted?
    var traces: Bool
    var tracesPackets: Bool
    /// Where the picture goes, if one is asked for, and the nanoseconds it shows.
    var picture: String?
    var window: Range<UInt64>
    /// Where the shrunk scenario goes; nil for standard output.
    var output: String?

    // MARK: One course

    /// - Returns: whether it failed.
    func run(_ subject: Subject<C>, shrinks: Bool) throws -> Bool {
        let isRecorded = picture != nil || subject.expectation != nil
        let outcome = simulate(subject.course, traces: traces, records: isRecorded ? window : nil)
        outcome.trace.forEach { print($0) }
        if let picture { try draw(subject, outcome, to: picture) }
        guard outcome.violation != nil else {
            var summary = Summary()
            summary.add(outcome)
            print(C.layer.prefix + summary.text(of: C.layer))
            guard let expectation = subject.expectation else { return false }
            print("  \(expectation.summary)")
            guard let problem = expectation.disappointment(outcome) else {
                print("  so it was")
                return false
            }
            print("  but: \(problem)")
            return true
        }
        report(subject, outcome, withTrace: !(traces || shrinks))
        if shrinks || output != nil { try shrink(subject, limits: ShrinkLimits()) }
        return true
    }

    private func simulate(
        _ course: C, traces: Bool = false, records window: Range<UInt64>? = nil
    ) -> RunOutcome<C.Guarantee> {
        course.run(RunView(traces: traces, tracesPackets: tracesPackets, records: window), planted: planted)
    }

    private func draw(_ subject: Subject<C>, _ outcome: RunOutcome<C.Guarantee>, to path: String) throws {
        let title = "rondo simulate \(subject.arguments)\(plantedArgument)"
        guard let text = RunPicture.draw(subject.course, outcome, title: title, window: window) else { return }
        try OutputFile.write(text, to: path)
    }

    // MARK: Many seeds

    /// - Returns: whether one failed.
    func runMany(
        first: UInt64, count: Int, nodes: Int?, workers: Int, failureLimit: Int, shrinks: Bool
    ) throws -> Bool {
        let last = first.addingReportingOverflow(UInt64(count - 1)).partialValue
        let shared = Campaign<C>(first: first, count: count, failureLimit: failureLimit)
        DispatchQueue.concurrentPerform(iterations: min(workers, count)) { _ in
            while let seed = shared.take() { shared.finish(simulate(.drawn(seed: seed, nodes: nodes))) }
        }
        shared.endProgress()
        for outcome in shared.failing {
            let subject = Subject<C>.seed(outcome.seed, nodes: nodes)
            report(subject, outcome, withTrace: true)
            if shrinks { try shrink(subject, limits: ShrinkLimits(runs: 300, events: 20_000_000)) }
        }
        print("\(C.layer.seedsTitle) \(first)…\(last): " + shared.summary.text(of: C.layer))
        return !shared.failing.isEmpty
    }

    // MARK: Failures

    /// The guarantee that was broken, how to see it again, and how it came about.
    private func report(_ subject: Subject<C>, _ outcome: RunOutcome<C.Guarantee>, withTrace: Bool) {
        guard let violation = outcome.violation else { return }
        if withTrace {
            let trace = simulate(subject.course, traces: true).trace
            let shown = trace.suffix(Self.shownLines)
            if shown.count < trace.count { print("… \(trace.count - shown.count) lines before") }
            shown.forEach { print($0) }
            print("")
        }
        print("\(subject.title) breaks guarantee \(violation.invariant.name): \(violation.invariant.title)")
        print("  \(violation.text)")
        print("  replay: rondo simulate \(subject.arguments)\(plantedArgument) --trace")
        print("")
    }

    private func shrink(_ subject: Subject<C>, limits: ShrinkLimits) throws {
        guard let report = ShrinkReport(subject, planted: planted, limits: limits) else { return }
        print(report.text(of: subject))
        let replayable = report.replayable(subject, planted: planted)
        if let output {
            try OutputFile.write(replayable, to: output)
            print("  replay: rondo simulate --scenario \(output)\(plantedArgument) --trace")
        } else {
            print("save the lines below to a FILE; replay: rondo simulate --scenario FILE\(plantedArgument) --trace")
            print("")
            print(replayable, terminator: "")
        }
        print("")
    }

    private var plantedArgument: String { planted.map { " --sabotage \($0.name)" } ?? "" }

    private static var shownLines: Int { 80 }
}
