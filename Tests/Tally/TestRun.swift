import Foundation

/// A run of Swift Testing, read from its stream of events.
struct TestRun {
    enum End: String {
        case passed, failed, skipped
    }

    /// Of each test that was begun or skipped, by its name. A test with many cases is one. One that began and did not end,
    /// because the program died, has failed; so has a suite that failed without a test of its own that did.
    private(set) var ends: [String: End] = [:]
    /// What went wrong, in the order of its happening: `FILE:LINE CASE: WHAT`.
    private(set) var issues: [String] = []
    private(set) var hasEnded = false

    init(events: String) {
        var suites: Set<String> = []
        var failedSuites: Set<String> = []
        for line in events.split(separator: "\n") {
            guard let event = Event(line) else { continue }
            let isTest = !event.test.isEmpty && !suites.contains(event.test)
            switch event.kind {
            case "suite": suites.insert(event.test)
            case "testStarted" where isTest: ends[event.test] = .failed
            case "testSkipped" where isTest: ends[event.test] = .skipped
            case "testEnded" where isTest: ends[event.test] = event.end
            case "testEnded" where event.end == .failed: failedSuites.insert(event.test)
            case "issueRecorded" where !event.isKnown: issues.append(event.issue)
            case "runEnded": hasEnded = true
            default: break
            }
        }
        for suite in failedSuites {
            let below = suite + "/"
            let hasReason =
                ends.contains { $0.value == .failed && $0.key.hasPrefix(below) }
                || failedSuites.contains { $0.hasPrefix(below) }
            if !hasReason { ends[suite] = .failed }
        }
    }

    var tally: Tally {
        Tally(
            passed: ends.values.count { $0 == .passed }, failed: ends.values.count { $0 == .failed },
            skipped: ends.values.count { $0 == .skipped })
    }

    /// The names of the tests that failed, in alphabetical order.
    var failures: [String] { ends.filter { $0.value == .failed }.keys.sorted() }
}

/// One line of the stream: something that happened, or, first, what tests and suites there are.
private struct Event {
    /// Of an event its kind, of a declaration `suite` or `function`.
    let kind: String
    let test: String
    let isKnown: Bool
    private let messages: [(symbol: String, text: String)]
    private let testCase: String?

    init?(_ line: Substring) {
        guard let root = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any],
            let payload = root["payload"] as? [String: Any], let kind = payload["kind"] as? String
        else { return nil }
        self.kind = kind
        test = (payload["testID"] ?? payload["id"]) as? String ?? ""
        isKnown = (payload["issue"] as? [String: Any])?["isKnown"] as? Bool ?? false
        testCase = (payload["_testCase"] as? [String: Any])?["displayName"] as? String
        messages = (payload["messages"] as? [[String: Any]] ?? []).map {
            ($0["symbol"] as? String ?? "", $0["text"] as? String ?? "")
        }
    }

    /// How a test or a suite that has ended did so.
    var end: TestRun.End {
        let symbols = messages.map(\.symbol)
        return symbols.contains("fail") ? .failed : symbols.contains("skip") ? .skipped : .passed
    }

    /// A text of several lines begins with what went wrong and goes on with logs: the first thousand characters have to do.
    var issue: String {
        let place = test.split(separator: "/").last.map(String.init) ?? test
        let text = messages.map(\.text).joined(separator: " | ").replacing("\n", with: " | ")
        return place + (testCase.map { " " + $0 } ?? "") + ": " + text.prefix(1000)
    }
}
