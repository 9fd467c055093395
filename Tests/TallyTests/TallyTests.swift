import Testing

@testable import tally

/// What did not happen has not passed, and what went wrong is counted once.
@Suite struct TallyTests {
    // MARK: Runs of Swift Testing

    private func declared(_ kind: String, _ id: String) -> String {
        #"{"kind":"test","payload":{"id":"\#(id)","kind":"\#(kind)","name":"x"},"version":0}"#
    }

    private func event(_ kind: String, _ id: String = "", _ symbol: String = "default", _ more: String = "") -> String {
        #"{"kind":"event","payload":{"kind":"\#(kind)","messages":[{"symbol":"\#(symbol)","text":"t"}]"#
            + (id.isEmpty ? "" : #","testID":"\#(id)""#) + more + #"},"version":0}"#
    }

    private func run(_ lines: [String], ends: Bool = true) -> String {
        let tests = ["T.A\\/one()\\/A.swift:1:1", "T.A\\/two()\\/A.swift:2:1", "T.A\\/three()\\/A.swift:3:1"]
        let start = [declared("suite", "T.A")] + tests.map { declared("function", $0) } + [event("runStarted")]
        return (start + lines + (ends ? [event("runEnded")] : [])).joined(separator: "\n")
    }

    private func tally(_ text: String, status: Int) -> Tally { Tally(.tests, of: text, status: status, fuzzers: 0) }

    @Test("Passed, failed and skipped tests; suites are none")
    func ends() {
        let text = run([
            event("testStarted", "T.A"), event("testStarted", "T.A\\/one()\\/A.swift:1:1"),
            event("testStarted", "T.A\\/two()\\/A.swift:2:1"),
            event("testSkipped", "T.A\\/three()\\/A.swift:3:1", "skip"),
            event(
                "issueRecorded", "T.A\\/two()\\/A.swift:2:1", "fail",
                #","issue":{"isKnown":false},"_testCase":{"displayName":"of ten","id":"1"}"#),
            event("testEnded", "T.A\\/one()\\/A.swift:1:1", "pass"),
            event("testEnded", "T.A\\/two()\\/A.swift:2:1", "fail"),
            event("testEnded", "T.A", "fail"),
        ])
        #expect(tally(text, status: 1) == Tally(passed: 1, failed: 1, skipped: 1))
        #expect(TestRun(events: text).failures == ["T.A/two()/A.swift:2:1"])
        #expect(TestRun(events: text).issues == ["A.swift:2:1 of ten: t"])
    }

    @Test("A program that dies fails every test that it had begun, and a run without an end is not a good one")
    func death() {
        let begun = [
            event("testStarted", "T.A\\/one()\\/A.swift:1:1"), event("testStarted", "T.A\\/two()\\/A.swift:2:1"),
        ]
        #expect(tally(run(begun, ends: false), status: 139) == Tally(failed: 2))
        #expect(tally(run(begun, ends: false), status: 0) == Tally(failed: 2))
        let passed = [begun[0], event("testEnded", "T.A\\/one()\\/A.swift:1:1", "pass")]
        #expect(tally(run(passed), status: 0) == Tally(passed: 1))
        #expect(tally(run(passed, ends: false), status: 0) == Tally(passed: 1, failed: 1))
        #expect(tally("", status: 1) == Tally(failed: 1))
        #expect(tally("", status: 0) == Tally(failed: 1))
    }

    @Test("A suite that fails by itself counts, unless a test or a suite in it says why")
    func suites() {
        #expect(tally(run([event("testEnded", "T.A", "fail")]), status: 1) == Tally(failed: 1))
        let inner = declared("suite", "T.A\\/B") + "\n" + event("testEnded", "T.A\\/B", "fail")
        #expect(tally(run([inner, event("testEnded", "T.A", "fail")]), status: 1) == Tally(failed: 1))
    }

    @Test("Known issues are none")
    func known() {
        let text = run([
            event("testStarted", "T.A\\/one()\\/A.swift:1:1"),
            event("issueRecorded", "T.A\\/one()\\/A.swift:1:1", "passWithKnownIssue", #","issue":{"isKnown":true}"#),
            event("testEnded", "T.A\\/one()\\/A.swift:1:1", "passWithKnownIssue"),
        ])
        #expect(tally(text, status: 0) == Tally(passed: 1))
        #expect(TestRun(events: text).issues == [])
    }

    // MARK: Other parts

    @Test func checks() {
        #expect(Tally(.one, of: "", status: 0, fuzzers: 0) == Tally(passed: 1))
        #expect(Tally(.one, of: "", status: 3, fuzzers: 0) == Tally(failed: 1))
        #expect(Tally(.build, of: "", status: 0, fuzzers: 0) == Tally())
        #expect(Tally(.build, of: "", status: 1, fuzzers: 0) == Tally(failed: 1))
    }

    @Test func seeds() {
        let text = """
            seed 7: ring: a member lacks a message
            seeds 1…300: 300 run, 2 failed
                10 s of simulated time
            whole nodes, seeds 1…300: 300 run, 0 failed
            """
        #expect(Tally(.seeds, of: text, status: 1, fuzzers: 0) == Tally(passed: 598, failed: 2))
        #expect(Tally(.seeds, of: "killed", status: 137, fuzzers: 0) == Tally(failed: 1))
    }

    @Test func fuzzers() {
        let text = "fuzz: wire           done\nfuzz: ring           FOUND SOMETHING\nfuzz: /x/ring-small"
        #expect(Tally(.fuzzers, of: text, status: 1, fuzzers: 3) == Tally(passed: 1, failed: 2))
        #expect(Tally(.fuzzers, of: "fuzz: NOT FUZZED", status: 0, fuzzers: 3) == Tally(skipped: 3))
        #expect(Tally(.fuzzers, of: "fuzz: NOT FUZZED", status: 1, fuzzers: 3) == Tally(failed: 3))
    }

    // MARK: The report

    @Test("The last line is the total and nothing else; skipped tests are named only where there are some")
    func lastLine() {
        func report(_ tallies: Tally...) -> Report {
            Report(
                parts: tallies.map { Report.Part(name: "part", seconds: 1, tally: $0, run: nil) }, measured: [],
                seconds: 9)
        }
        #expect(report(Tally(passed: 3), Tally(passed: 2, failed: 1)).lines.last == "5 passed, 1 failed")
        #expect(report(Tally(passed: 3, skipped: 4)).lines.last == "3 passed, 0 failed, 4 skipped")
        #expect(report().lines.last == "0 passed, 0 failed")
    }

    @Test("What failed and what went wrong stand above the table, figures by their subject above all")
    func contents() throws {
        let text = run([
            event("testStarted", "T.A\\/one()\\/A.swift:1:1"),
            event("issueRecorded", "T.A\\/one()\\/A.swift:1:1", "fail", #","issue":{"isKnown":false}"#),
            event("testEnded", "T.A\\/one()\\/A.swift:1:1", "fail"),
        ])
        let report = Report(
            parts: [
                Report.Part(name: "rooms", seconds: 12, tally: tally(text, status: 1), run: TestRun(events: text)),
                Report.Part(name: "fuzzers", seconds: 3, tally: Tally(passed: 10), run: nil),
            ], measured: ["steady b", "order a", "steady a"], seconds: 15)
        #expect(
            report.lines == [
                "", "Measured in the laboratory:", "order a", "steady b", "steady a", "", "Failed tests:",
                "  T.A/one()/A.swift:1:1", "", "What went wrong first:", "  A.swift:1:1: t", "",
                "part                                seconds   passed   failed  skipped",
                "rooms                                    12        0        1        0",
                "fuzzers                                   3       10        0        0",
                "total                                    15", "", "10 passed, 1 failed",
            ])
    }
}
