import ArgumentParser
import Simulator

/// One course of events to run, and how the user named it.
struct Subject<C: RunnableCourse> {
    let course: C
    /// As in "seed 42".
    let title: String
    /// The options that name it again.
    let arguments: String
    /// What must come of it beyond the guarantees, if it is a known case.
    var expectation: Expectation?

    struct Expectation {
        /// One sentence.
        let summary: String
        /// What did not come out as it should; nil when all did. The run must have been recorded.
        let disappointment: (RunOutcome<C.Guarantee>) -> String?
    }

    static func seed(_ seed: UInt64, nodes: Int?) -> Subject {
        Subject(
            course: .drawn(seed: seed, nodes: nodes), title: "seed \(seed)" + C.layer.suffix,
            arguments: C.layer.argument + "--seed \(seed)" + (nodes.map { " --nodes \($0)" } ?? ""))
    }
}

extension Subject<Scenario> {
    static func known(_ name: String) throws -> Subject {
        guard let hard = HardCase.named(name) else {
            throw ValidationError("There is no case '\(name)'; --list-cases prints them.")
        }
        return Subject(
            course: hard.scenario, title: "case \(name)", arguments: "--case \(name)",
            expectation: Expectation(summary: hard.summary, disappointment: hard.disappointment))
    }
}

/// The text of a scenario in a file, whichever layer it is of.
struct ScenarioFile {
    let path: String
    private let text: String

    /// - Parameter path: `-` stands for standard input.
    init(_ path: String) throws {
        let bytes: [UInt8]
        do {
            bytes = try InputFile.read(path)
        } catch {
            throw ValidationError("\(path) cannot be read: \(error)")
        }
        guard bytes.count < 1 << 20 else { throw ValidationError("\(path) is too long for a scenario.") }
        self.path = path
        text = String(decoding: bytes, as: UTF8.self)
    }

    var layer: SimulatedLayer { ScenarioText.layer(of: text) }

    func subject<C: WrittenCourse>() throws -> Subject<C> {
        do {
            let course: C = try ScenarioText.read(text)
            return Subject(course: course, title: "scenario \(path)", arguments: "--scenario \(path)")
        } catch {
            throw ValidationError("\(path), \(error)")
        }
    }
}
