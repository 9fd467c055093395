import Foundation
import JSONText
import Simulator

/// A forecast for programs; the shape is described in rondo-simulate(1). Times are in milliseconds.
struct ForecastJSON {
    let answer: ForecastAnswer

    static let formatVersion = 1

    private var forecast: Forecast { answer.forecast }
    private var plan: ForecastPlan { answer.subject.plan }

    var value: JSONValue {
        .object([
            ("format", .integer(Self.formatVersion)),
            ("file", .optional(answer.subject.file)),
            ("seed", .integer(plan.seed)),
            ("nodes", .integer(plan.nodes)),
            ("settings", .array(answer.subject.settings.map { .string($0) })),
            ("network", network),
            ("pauses", pauses(plan.pauses)),
            ("freezes", pauses(plan.freezes)),
            ("beat_ms", .integer(plan.parameters.beat)),
            ("silence_ms", .integer(plan.parameters.silence)),
            ("token_ms", .integer(plan.parameters.token)),
            ("consensus_ms", .integer(plan.parameters.consensus)),
            ("simulated_hours", number(answer.subject.hours)),
            ("defect", .optional(forecast.defect.map { "guarantee \($0.guarantee): \($0.text)" })),
            ("can_rest", .bool(!plan.isBeyondProtocol)),
            ("failover", failover),
            ("links", forecast.links.map(links) ?? .null),
            ("false_failures", falseFailures),
            ("heartbeat_ms", quantiles(forecast.beat)),
            ("load", load),
            ("advice", advice),
        ])
    }

    private func number(_ value: Double) -> JSONValue {
        guard value.isFinite else { return .null }
        return .number(
            value == value.rounded() && abs(value) < 1e15 ? "\(Int64(value))" : String(format: "%.6g", value))
    }

    private func milliseconds(_ nanoseconds: UInt64) -> JSONValue { number(Double(nanoseconds / 1000) / 1000) }

    private func quantiles(_ values: Quantiles) -> JSONValue {
        guard values.count > 0 else { return .null }
        return .object([
            ("count", .integer(values.count)),
            ("min", milliseconds(values.shortest)),
            ("median", milliseconds(values.median)),
            ("p99", milliseconds(values.p99)),
            ("max", milliseconds(values.longest)),
        ])
    }

    private var network: JSONValue {
        .object([
            ("delay_mean_ms", milliseconds(plan.delay)),
            ("delay_p99_ms", milliseconds(plan.network.usualDelay * 1000)),
            ("turn_ms", milliseconds(plan.network.turn)),
            ("loss", number(Double(plan.network.lossPerMillion) / 1e6)),
            ("duplicate", number(Double(plan.network.duplicatePerMillion) / 1e6)),
            ("in_order", .bool(plan.network.keepsOrder)),
        ])
    }

    private func pauses(_ pauses: ForecastPlan.Pauses?) -> JSONValue {
        guard let pauses else { return .null }
        return .object([
            ("mean_ms", milliseconds(pauses.length.mean)),
            ("p99_ms", milliseconds(pauses.length.p99)),
            ("every_ms", milliseconds(pauses.every)),
        ])
    }

    private var failover: JSONValue {
        let computed = answer.subject.lossOfMachine
        let process = plan.parameters.beat > 0 ? answer.subject.report.failure(.processEnds) : nil
        return .object([
            ("any_node_ms", quantiles(forecast.failover)),
            ("representative_ms", quantiles(forecast.representativeFailover)),
            ("not_in_time", .integer(forecast.unfinishedFailovers)),
            ("computed_shortest_ms", computed.map { milliseconds($0.shortest.count * 1000) } ?? .null),
            ("computed_longest_ms", computed.map { milliseconds($0.longest.count * 1000) } ?? .null),
            ("process_ends_ms", quantiles(forecast.processFailover)),
            ("process_computed_shortest_ms", process.map { milliseconds($0.shortest.count * 1000) } ?? .null),
            ("process_computed_longest_ms", process.map { milliseconds($0.longest.count * 1000) } ?? .null),
        ])
    }

    private func links(_ links: LinkForecast) -> JSONValue {
        .object([
            ("mode", .string(links.setting.policy.rawValue)),
            ("nodes", .integer(plan.linkedNodes)),
            ("loss", .array(links.setting.links.map { number(Double($0.lossPerMillion) / 1e6) })),
            ("one_cut", .array(links.links.map(cut))),
            ("all_of_a_node_ms", quantiles(links.isolation)),
            ("not_in_time", .integer(links.unfinishedIsolations)),
        ])
    }

    private func cut(_ link: LinkForecast.Link) -> JSONValue {
        .object([
            ("link", .integer(link.link.number)),
            ("cuts", .integer(link.cuts)),
            ("rings_broken", .integer(link.breaks)),
            ("packets_lost_ms", quantiles(link.carried)),
            ("not_taken_over", .integer(link.notCarried)),
            ("tokens_lost_least", .integer(link.tokensLost.lowerBound)),
            ("tokens_lost_most", .integer(link.tokensLost.upperBound)),
            ("wait_for_token_ms", quantiles(link.longestWait)),
            ("shown_down_ms", quantiles(link.down)),
        ])
    }

    private func rate(_ rate: Rate, computed: Double) -> JSONValue {
        .object([
            ("count", .integer(rate.events)),
            ("per_year", number(rate.perYear)),
            ("per_year_low", number(rate.likely.lowerBound)),
            ("per_year_high", number(rate.likely.upperBound)),
            ("per_year_computed", number(computed)),
        ])
    }

    private var falseFailures: JSONValue {
        .object([
            ("breaks", rate(forecast.breaks, computed: forecast.expected.breaks)),
            ("computed_from_pauses_per_year", number(forecast.expected.fromPauses)),
            ("computed_from_loss_per_year", number(forecast.expected.fromLoss)),
            ("duration_ms", quantiles(forecast.breakLength)),
            ("exclusions", rate(forecast.exclusions, computed: forecast.expected.exclusions)),
        ])
    }

    private var load: JSONValue {
        guard plan.nodes > 1 else { return .null }
        return .object([
            ("rotation_ms", quantiles(forecast.rotation)),
            ("waiting_for_lost_tokens", number(forecast.waitingShare)),
            ("message_bytes", .integer(plan.messageSize)),
            ("messages_per_second", number(forecast.messagesPerSecond)),
            ("bytes_per_second", number(forecast.bytesPerSecond)),
        ])
    }

    private var advice: JSONValue {
        let advice = ForecastAdvice(answer: answer)
        let search = answer.search
        return .object([
            ("binding", .string(advice.bindingKey)),
            ("wanted_per_year", number(search.wanted)),
            ("is_enough", .bool(search.isEnough)),
            ("token", .integer(search.present.configured)),
            ("token_needed", search.needed.map { .integer($0.configured) } ?? .null),
            ("text", .array(advice.paragraphs.map { .string($0) })),
        ])
    }
}
