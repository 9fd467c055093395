import Testing

@testable import Simulator

@Suite("Durations left to chance, and the texts that describe them")
struct DistributionTests {
    @Test("logarithm and exponential agree with what is known of them")
    func elementary() {
        #expect(abs(Elementary.log(2.718_281_828_459_045) - 1) < 1e-14)
        #expect(abs(Elementary.log(1e-9) + 20.723_265_836_946_41) < 1e-12)
        #expect(abs(Elementary.exp(1) - 2.718_281_828_459_045) < 1e-14)
        #expect(abs(Elementary.exp(-20) / 2.061_153_622_438_558e-9 - 1) < 1e-12)
        for x in stride(from: 0.01, to: 50, by: 0.37) {
            #expect(abs(Elementary.exp(Elementary.log(x)) / x - 1) < 1e-13)
        }
        #expect(abs(Elementary.normalShare(beyond: 2.326_347_874_040_841) - 0.01) < 1e-12)
        #expect(abs(Elementary.normalShare(beyond: -1) - 0.841_344_746_068_543) < 1e-12)
        #expect(abs(Elementary.normalShare(beyond: 5) / 2.866_515_718_791_94e-7 - 1) < 1e-9)
    }

    @Test(
        "samples have the mean and the 99th percentile that they say",
        arguments: [
            DurationDistribution.constant(2_000_000), .uniform(1_000_000, 3_000_000), .exponential(mean: 5_000_000),
            .logNormal(p99: 400_000_000, sigma: 1), .exponential(p99: 20_000_000),
        ])
    func samples(_ distribution: DurationDistribution) {
        var chance = SeededGenerator(seed: 7)
        let samples = (0..<40_000).map { _ in distribution.sample(&chance) }.sorted()
        let mean = Double(samples.reduce(0, +)) / Double(samples.count)
        #expect(abs(mean / Double(distribution.mean) - 1) < 0.03)
        #expect(abs(Double(samples[39_600]) / Double(distribution.p99) - 1) < 0.08)
        var again = SeededGenerator(seed: 7)
        #expect((0..<40_000).map { _ in distribution.sample(&again) }.sorted() == samples)
    }

    @Test("a share beyond a limit is what samples show")
    func shares() {
        for distribution in [
            DurationDistribution.uniform(1_000_000, 3_000_000), .exponential(mean: 2_000_000),
            .logNormal(median: 1_500_000, sigma: 0.7),
        ] {
            var chance = SeededGenerator(seed: 3)
            let beyond = (0..<20_000).count { _ in distribution.sample(&chance) > 2_500_000 }
            #expect(abs(Double(beyond) / 20_000 - distribution.share(beyond: 2_500_000)) < 0.015)
        }
    }

    @Test(
        "every form is understood",
        arguments: [
            ("2ms", DurationDistribution.constant(2_000_000)), ("1.5 s", .constant(1_500_000_000)),
            ("250us", .constant(250_000)), ("250µs", .constant(250_000)), ("0", .constant(0)),
            ("2ms±1ms", .uniform(1_000_000, 3_000_000)), ("2ms+-1ms", .uniform(1_000_000, 3_000_000)),
            ("2ms +/- 500us", .uniform(1_500_000, 2_500_000)), ("2±1ms", .uniform(1_000_000, 3_000_000)),
            ("2ms..5ms", .uniform(2_000_000, 5_000_000)), ("2..5ms", .uniform(2_000_000, 5_000_000)),
            ("exp 2ms", .exponential(mean: 2_000_000)), ("exp p99 400ms", .exponential(p99: 400_000_000)),
            ("p99 400ms", .logNormal(p99: 400_000_000, sigma: 1)),
            ("median 20ms p99 400ms", .logNormal(median: 20_000_000, p99: 400_000_000)),
        ])
    func forms(_ text: String, _ expected: DurationDistribution) throws {
        #expect(try DistributionText.distribution(text) == expected)
    }

    @Test(
        "what is no distribution is refused with the reason",
        arguments: [
            ("", "there is nothing"), ("2", "has no unit"), ("2 parsecs", "not a unit"),
            ("fast", "begin with a number"),
            ("1ms±2ms", "below zero"), ("5ms..2ms", "ends before"), ("p99", "a number is missing"),
            ("p99 0", "no time at all"), ("median 20ms", "99th percentile"),
            ("median 20ms p99 10ms", "above the median"),
            ("-2ms", "begin with a number"), ("1e999ms", "not a unit"), ("400d", "longer than a year"),
        ])
    func refusals(_ text: String, _ reason: String) {
        let error = #expect(throws: QuantityError.self) { try DistributionText.distribution(text) }
        #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
    }

    @Test("pauses have a length and an interval")
    func pauses() throws {
        let usual = try PauseText.pauses("p99 400ms")
        #expect(usual == .init(length: .logNormal(p99: 400_000_000, sigma: 1), every: 10_000_000_000))
        let given = try PauseText.pauses("1s..3s every 1h")
        #expect(given == .init(length: .uniform(1_000_000_000, 3_000_000_000), every: 3_600_000_000_000))
        for wrong in ["p99 400ms every", "p99 400ms every 10", "every 10s", "2s every 1s", "1ms every 10us"] {
            #expect(throws: QuantityError.self) { try PauseText.pauses(wrong) }
        }
    }

    @Test("shares and sizes")
    func quantities() throws {
        #expect(try QuantityText.share("0.5%") == 5_000)
        #expect(try QuantityText.share("12 %") == 120_000)
        #expect(try QuantityText.share("0") == 0)
        for wrong in ["0.5", "101%", "half", "%"] {
            #expect(throws: QuantityError.self) { try QuantityText.share(wrong) }
        }
        #expect(try QuantityText.size("1KB") == 1024)
        #expect(try QuantityText.size("64") == 64)
        #expect(throws: QuantityError.self) { try QuantityText.size("2MB") }
    }
}
