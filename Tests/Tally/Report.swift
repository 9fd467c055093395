import Foundation

/// All that was run, and what stands below it at the end of `make test`.
struct Report {
    struct Part {
        let name: String
        let seconds: Int
        let tally: Tally
        let run: TestRun?
    }

    let parts: [Part]
    /// Lines of figures that the laboratory measured.
    let measured: [String]
    /// How long all of it took.
    let seconds: Int

    var total: Tally { parts.reduce(into: Tally()) { $0 += $1.tally } }

    var lines: [String] {
        var lines: [String] = []
        if !measured.isEmpty { lines += ["", "Measured in the laboratory:"] + Self.grouped(measured) }
        let runs = parts.compactMap(\.run)
        let failures = runs.flatMap(\.failures)
        if !failures.isEmpty {
            lines += ["", "Failed tests:"] + failures.map { "  " + $0 }
            lines += ["", "What went wrong first:"] + runs.flatMap { $0.issues.prefix(4) }.map { "  " + $0 }
        }
        lines += ["", Self.row("part", ["seconds", "passed", "failed", "skipped"])]
        for part in parts {
            let counts = [part.seconds, part.tally.passed, part.tally.failed, part.tally.skipped]
            lines.append(Self.row(part.name, counts.map(String.init)))
        }
        lines += [Self.row("total", ["\(seconds)"]), ""]
        let total = total
        lines.append(
            "\(total.passed) passed, \(total.failed) failed" + (total.skipped == 0 ? "" : ", \(total.skipped) skipped"))
        return lines
    }

    /// By their first word, otherwise in the order in which they came.
    private static func grouped(_ lines: [String]) -> [String] {
        func subject(_ line: String) -> Substring { line.prefix { $0 != " " } }
        return lines.enumerated().sorted {
            (subject($0.element), $0.offset) < (subject($1.element), $1.offset)
        }.map(\.element)
    }

    private static func row(_ name: String, _ cells: [String]) -> String {
        func pad(_ count: Int) -> String { String(repeating: " ", count: max(0, count)) }
        return name + pad(34 - name.count) + cells.map { " " + pad(8 - $0.count) + $0 }.joined()
    }
}

extension Report {
    /// Reads the list that Scripts/test keeps: `NAME<tab>SECONDS<tab>KIND<tab>STATUS<tab>FILE` for each part.
    init(list: String, measured: String, seconds: Int, fuzzers: Int) throws(Complaint) {
        var parts: [Part] = []
        for line in try Self.text(list).split(separator: "\n") {
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            guard fields.count == 5, let time = Int(fields[1]), let kind = PartKind(rawValue: fields[2]),
                let status = Int(fields[3])
            else { throw Complaint("\(list): no part of a test run: '\(line)'") }
            let text = fields[4].isEmpty ? "" : try Self.text(fields[4])
            parts.append(
                Part(
                    name: fields[0], seconds: time,
                    tally: Tally(kind, of: text, status: status, fuzzers: fuzzers),
                    run: kind == .tests ? TestRun(events: text) : nil))
        }
        self.init(
            parts: parts, measured: try Self.text(measured).split(separator: "\n").map(String.init), seconds: seconds)
    }

    private static func text(_ path: String) throws(Complaint) -> String {
        guard let data = FileManager.default.contents(atPath: path) else { throw Complaint("cannot read '\(path)'") }
        return String(decoding: data, as: UTF8.self)
    }
}

/// Why there is no report.
struct Complaint: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
