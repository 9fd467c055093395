import Foundation
import Simulator

/// Shrinks a failing scenario before the user's eyes.
struct ShrinkReport<C: WrittenCourse & ShrinkableCourse> {
    let result: Shrinker<C>.Result

    /// Nil when the scenario breaks no guarantee.
    init?(_ subject: Subject<C>, planted: C.Planted?, limits: ShrinkLimits) {
        let isTerminal = isatty(STDERR_FILENO) == 1
        let title = subject.title
        let shrinker = Shrinker(subject.course, planted: planted, limits: limits) { progress in
            guard isTerminal else { return }
            let text =
                "\r\u{1B}[Kshrinking \(title): \(progress.nodes) nodes, \(progress.faults) faults, "
                + "\(progress.messages) messages after \(progress.runs) runs"
            FileHandle.standardError.write(Data(text.utf8))
        }
        guard var shrinker else { return nil }
        result = shrinker.run()
        if isTerminal { FileHandle.standardError.write(Data("\r\u{1B}[K".utf8)) }
    }

    /// The scenario in words and the violation, for people.
    func text(of subject: Subject<C>) -> String {
        var lines = [
            "\(subject.title) shrunk to \(Self.count(result.scenario.nodes.count, "node")), "
                + "\(Self.count(result.scenario.faults.count, "fault")), "
                + "\(Self.count(result.figures.messagesSent, "message")) in \(result.runs) runs"
                + (result.isMinimal ? ", nothing more can be left out:" : ", the most it was given:")
        ]
        lines += result.scenario.words.map { "  " + $0 }
        lines.append(
            "breaks guarantee \(result.violation.invariant.name) after \(result.violation.time / 1_000_000) ms: "
                + result.violation.invariant.title)
        lines.append("  " + result.violation.text)
        return lines.joined(separator: "\n")
    }

    private static func count(_ number: Int, _ thing: String) -> String {
        "\(number) \(thing)\(number == 1 ? "" : "s")"
    }

    /// The same in the form that `--scenario` replays.
    func replayable(_ subject: Subject<C>, planted: C.Planted?) -> String {
        var header = "# shrunk from \(subject.title)"
        if let planted { header += ", with the planted fault \(planted.name)" }
        header += "\n# breaks guarantee \(result.violation.invariant.name): \(result.violation.invariant.title)\n"
        return header + ScenarioText.write(result.scenario)
    }
}
