import ClusterLab
import Foundation

/// The figures of all rounds.
struct Results {
    private var values: [Engine: [Figure: [Double]]] = [:]

    mutating func add(_ figures: [Figure: Double], of engine: Engine) {
        for (figure, value) in figures { values[engine, default: [:]][figure, default: []].append(value) }
    }

    func rendered(_ format: RondoBench.Format, engines: [Engine]) -> String {
        switch format {
        case .text: table(engines, markdown: false)
        case .markdown: table(engines, markdown: true)
        case .json: json(engines)
        }
    }

    private func median(_ figure: Figure, _ engine: Engine) -> Double? { values[engine]?[figure]?.median }

    /// Rondo's figure divided by Corosync's of the same round, the median: what a round has in common, such as other work on
    /// the machine, is in neither.
    private func ratio(_ figure: Figure) -> Double? {
        guard let rondo = values[.rondo]?[figure], let corosync = values[.corosync]?[figure] else { return nil }
        return zip(rondo, corosync).filter { $0.1 > 0 }.map { $0 / $1 }.median
    }

    private func table(_ engines: [Engine], markdown: Bool) -> String {
        let both = engines.count == 2
        var rows = [["", "unit"] + engines.map(\.description) + (both ? ["Rondo / Corosync"] : [])]
        for figure in Figure.all where engines.contains(where: { median(figure, $0) != nil }) {
            var row = [figure.title, figure.unit]
            row += engines.map { engine in
                median(figure, engine).map { String(format: "%.\(figure.digits)f", $0) } ?? "-"
            }
            if both { row.append(ratio(figure).map { String(format: "%.2f", $0) } ?? "-") }
            rows.append(row)
        }
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        func line(_ row: [String]) -> String {
            let cells = row.enumerated().map { column, cell in
                let space = String(repeating: " ", count: widths[column] - cell.count)
                return column < 2 ? cell + space : space + cell
            }
            return markdown ? "| " + cells.joined(separator: " | ") + " |\n" : cells.joined(separator: "  ") + "\n"
        }
        var text = line(rows[0])
        if markdown {
            let rule = widths.enumerated().map {
                $0 < 2 ? String(repeating: "-", count: $1) : String(repeating: "-", count: $1 - 1) + ":"
            }
            text += "| " + rule.joined(separator: " | ") + " |\n"
        } else {
            text += String(repeating: "-", count: widths.reduce(0, +) + 2 * (widths.count - 1)) + "\n"
        }
        return text + rows.dropFirst().map(line).joined()
    }

    private struct Entry: Encodable {
        let figure: String
        let title: String
        let unit: String
        /// By engine: the median and every round's value.
        let median: [String: Double]
        let rounds: [String: [Double]]
        /// Rondo's by Corosync's.
        let ratio: Double?
        let moreIsBetter: Bool
    }

    private func json(_ engines: [Engine]) -> String {
        let entries = Figure.all.filter { figure in engines.contains { median(figure, $0) != nil } }.map { figure in
            Entry(
                figure: figure.name, title: figure.title, unit: figure.unit,
                median: Dictionary(
                    uniqueKeysWithValues: engines.compactMap { engine in
                        median(figure, engine).map { (engine.rawValue, $0) }
                    }),
                rounds: Dictionary(
                    uniqueKeysWithValues: engines.map { ($0.rawValue, values[$0]?[figure] ?? []) }),
                ratio: ratio(figure), moreIsBetter: figure.isRate)
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(entries) else { return "" }
        return String(decoding: data, as: UTF8.self) + "\n"
    }
}
