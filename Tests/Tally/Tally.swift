/// How many of a part's tests passed, failed and were skipped.
struct Tally: Equatable {
    var passed = 0
    var failed = 0
    var skipped = 0

    static func += (sum: inout Tally, part: Tally) {
        sum.passed += part.passed
        sum.failed += part.failed
        sum.skipped += part.skipped
    }

    /// The same, but a part that ended with this status has at least one failure if that is not 0.
    func afterExit(_ status: Int) -> Tally {
        var tally = self
        if status != 0 { tally.failed = max(1, failed) }
        return tally
    }
}

/// What a part of the tests reports, and in which form.
///
/// Each is counted from what the part says it has done: what did not happen has not passed.
enum PartKind: String {
    /// Building: nothing to count unless it fails.
    case build
    /// One check as a whole.
    case one
    /// The stream of events of a run of Swift Testing.
    case tests
    /// Seeds, as `rondo simulate` sums them up.
    case seeds
    /// Targets of the fuzzer, of all that have a corpus.
    case fuzzers
}

extension Tally {
    /// - Parameters:
    ///   - text: What the part printed, or its stream of events.
    ///   - status: How it ended.
    ///   - fuzzers: How many targets there are.
    init(_ kind: PartKind, of text: String, status: Int, fuzzers: Int) {
        switch kind {
        case .build: self = Tally().afterExit(status)
        case .one: self = status == 0 ? Tally(passed: 1) : Tally(failed: 1)
        case .tests:
            let run = TestRun(events: text)
            // A run that did not come to its end is not a good one, whatever its status.
            self = run.tally.afterExit(run.hasEnded ? status : max(1, status))
        case .seeds: self = Self.seeds(text).afterExit(status)
        case .fuzzers: self = Self.fuzzers(text, of: fuzzers, status: status).afterExit(status)
        }
    }

    /// Lines like `seeds 1…300: 300 run, 0 failed`, of rings and of whole nodes.
    private static func seeds(_ text: String) -> Tally {
        var tally = Tally()
        for line in text.split(separator: "\n") {
            guard let match = line.wholeMatch(of: /(whole nodes, )?seeds \d+…\d+: (\d+) run, (\d+) failed/),
                let run = Int(match.2), let failed = Int(match.3)
            else { continue }
            tally += Tally(passed: run - failed, failed: failed)
        }
        return tally
    }

    /// Lines like `fuzz: wire   done`. Targets that are not spoken of were not fuzzed: where the toolchain cannot, they are
    /// skipped, else they have failed.
    private static func fuzzers(_ text: String, of count: Int, status: Int) -> Tally {
        let lines = text.split(separator: "\n")
        var tally = Tally(
            passed: lines.count { $0.wholeMatch(of: /fuzz: [a-z]+ +done/) != nil },
            failed: lines.count { $0.wholeMatch(of: /fuzz: [a-z]+ +FOUND SOMETHING/) != nil })
        let missing = max(0, count - tally.passed - tally.failed)
        if status == 0 { tally.skipped = missing } else { tally.failed += missing }
        return tally
    }
}
