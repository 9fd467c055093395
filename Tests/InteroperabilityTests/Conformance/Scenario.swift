import ClusterLab

/// What a handful of client programs do one after another, read from a file in `Scenarios`.
///
/// A line is `WHO: WHAT`. `1a` is a client on node 1, started when first named; it is told a call of a library (see
/// `Clients/client.c`). With ` &` at the end nobody waits for the call's return until `1a: return`. `lab` is the
/// cluster itself: `lab: kill 3`. What follows `#` is a remark.
struct Scenario: Sendable {
    enum Step: Sendable, Equatable {
        case call(client: String, words: String, waits: Bool)
        /// Waits for the return of a call that was not waited for.
        case awaitReturn(client: String)
        /// Waits until the client has printed a text.
        case awaitText(client: String, text: String)
        /// Waits until the client's process has ended.
        case awaitEnd(client: String)
        case cluster(words: [String])
    }

    let name: String
    let steps: [(line: String, step: Step)]

    /// - Throws: when the file is not there or a line is none.
    init(_ name: String) throws {
        self.name = name
        let path = Checkout.root + "/Tests/InteroperabilityTests/Scenarios/\(name).txt"
        steps = try contents(of: path).split(separator: "\n").compactMap { line in
            let content = line.prefix { $0 != "#" }.trimmed
            guard !content.isEmpty else { return nil }
            guard let colon = content.firstIndex(of: ":") else { throw LabError.unreadable("\(name): \(content)") }
            let who = String(content[..<colon])
            return (String(content), Self.step(who, content[content.index(after: colon)...].trimmed))
        }
    }

    private static func step(_ who: String, _ what: Substring) -> Step {
        if who == "lab" { return .cluster(words: what.split(separator: " ").map(String.init)) }
        if what == "return" { return .awaitReturn(client: who) }
        if what == "ends" { return .awaitEnd(client: who) }
        if what.hasPrefix("prints ") { return .awaitText(client: who, text: String(what.dropFirst(7))) }
        let isLeftAlone = what.hasSuffix(" &")
        return .call(client: who, words: String(isLeftAlone ? what.dropLast(2) : what), waits: !isLeftAlone)
    }
}

extension Substring {
    /// Without blanks at either end.
    fileprivate var trimmed: Substring {
        var text = drop { $0 == " " }
        while text.last == " " { text.removeLast() }
        return text
    }
}
