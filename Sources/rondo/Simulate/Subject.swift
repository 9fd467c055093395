import ArgumentParser
import Foundation
import Simulator

/// One course of events to run, and how the user named it.
struct Subject {
    let scenario: Scenario
    /// As in "seed 42".
    let title: String
    /// The options that name it again.
    let arguments: String
    /// What must come of it beyond the guarantees, if it is a known case.
    var hardCase: HardCase?

    static func seed(_ seed: UInt64, nodes: Int?) -> Subject {
        Subject(
            scenario: .drawn(seed: seed, nodes: nodes), title: "seed \(seed)",
            arguments: "--seed \(seed)" + (nodes.map { " --nodes \($0)" } ?? ""))
    }

    static func known(_ name: String) throws -> Subject {
        guard let hard = HardCase.named(name) else {
            throw ValidationError("There is no case '\(name)'; --list-cases prints them.")
        }
        return Subject(
            scenario: hard.scenario, title: "case \(name)", arguments: "--case \(name)", hardCase: hard)
    }

    /// The scenario in a file; `-` stands for standard input.
    static func file(_ path: String) throws -> Subject {
        let handle =
            path == "-" ? FileHandle.standardInput : FileHandle(forReadingAtPath: path)
        guard let handle, let data = try handle.read(upToCount: sizeLimit) else {
            throw ValidationError("\(path) cannot be read, or is empty.")
        }
        guard data.count < sizeLimit else { throw ValidationError("\(path) is too long for a scenario.") }
        do {
            let scenario = try ScenarioText.read(String(decoding: data, as: UTF8.self))
            return Subject(scenario: scenario, title: "scenario \(path)", arguments: "--scenario \(path)")
        } catch {
            throw ValidationError("\(path), \(error)")
        }
    }

    private static let sizeLimit = 1 << 20
}
