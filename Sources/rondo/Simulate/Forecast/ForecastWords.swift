import ClusterConfiguration
import Foundation
import Simulator

/// Figures of a forecast as people read them.
enum ForecastWords {
    static func heading(_ text: String) -> String {
        "\(text) " + String(repeating: "─", count: max(0, TextLayout.width - text.count - 1))
    }

    static func row(_ name: String, _ value: String) -> [String] {
        TextLayout.wrap(
            value, indent: "  " + TextLayout.left(name, 18), hanging: String(repeating: " ", count: 20))
    }

    /// What there are, and which of them lose how much.
    static func links(_ links: ForecastLinks) -> String {
        let count = links.links.count == 1 ? "one" : "\(links.links.count), link_mode \(links.policy.rawValue)"
        let losses = Set(links.links.map(\.lossPerMillion))
        guard losses.count > 1 else { return count }
        return count + "; lost are "
            + links.links.map { "\(share($0.lossPerMillion)) on \($0.number)" }.joined(separator: ", ")
    }

    static func time(_ nanoseconds: UInt64) -> String {
        guard nanoseconds >= 1_000_000 else { return "\(number(Double(nanoseconds) / 1000)) µs" }
        return Microseconds((nanoseconds + 500) / 1000).shortText
    }

    static func quantiles(_ values: Quantiles) -> String {
        guard values.count > 0 else { return "none" }
        return "min \(time(values.shortest)), median \(time(values.median)), p99 \(time(values.p99)), max "
            + "\(time(values.longest))"
    }

    /// Three digits that count, grouped in thousands.
    static func number(_ value: Double) -> String {
        guard value >= 1000 else { return String(format: value >= 100 ? "%.0f" : "%.3g", value) }
        var digits = String(format: "%.0f", min(value, 1e15))
        var groups: [String] = []
        while digits.count > 3 {
            groups.insert(String(digits.suffix(3)), at: 0)
            digits.removeLast(3)
        }
        return ([digits] + groups).joined(separator: " ")
    }

    /// So often a year.
    static func frequency(_ perYear: Double) -> String {
        if perYear == 0 { return "none" }
        return perYear < 0.001 ? "less than 0.001" : number(perYear)
    }

    static func rate(_ rate: Rate, _ hours: Double) -> String {
        let seen = "\(rate.events) in \(number(hours)) h"
        guard rate.events > 0 else {
            return "\(seen): fewer than \(number(rate.likely.upperBound)) a year with 95 % confidence"
        }
        return "\(seen): \(number(rate.perYear)) a year (\(number(rate.likely.lowerBound)) to "
            + "\(number(rate.likely.upperBound)) with 95 % confidence)"
    }

    static func share(_ perMillion: UInt32) -> String {
        perMillion == 0 ? "nothing" : "\(number(Double(perMillion) / 10_000)) %"
    }

    static func spread(_ spread: DurationDistribution?) -> String {
        switch spread {
        case .constant(let value): time(value)
        case .uniform(let low, let high): "\(time(low)) to \(time(high))"
        case .exponential(let mean): "\(time(mean)) on average (exponential)"
        case .logNormal(let median, _):
            "median \(time(median)), p99 \(time(spread?.p99 ?? 0)) (log-normal)"
        case .pareto(let shortest): "\(time(shortest)) and more (long-tailed)"
        case nil: "?"
        }
    }

    static func pauses(_ pauses: ForecastPlan.Pauses?) -> String {
        guard let pauses else { return "none" }
        return "\(spread(pauses.length)), of each node every \(time(pauses.every)) on average"
    }
}
