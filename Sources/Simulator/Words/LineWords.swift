import Basics
import TotemWire

/// The words of one line of a scenario text, taken one by one.
package struct LineWords {
    let line: Int
    private var rest: ArraySlice<Substring>

    init(_ text: Substring, line: Int) {
        self.line = line
        let uncommented = text.prefix { $0 != "#" }
        rest = ArraySlice(uncommented.split { $0 == " " || $0 == "\t" })
    }

    var isEmpty: Bool { rest.isEmpty }

    func failure(_ problem: ScenarioTextError.Problem) -> ScenarioTextError {
        ScenarioTextError(line: line, problem: problem)
    }

    mutating func next(_ what: String) throws(ScenarioTextError) -> Substring {
        guard let word = rest.popFirst() else { throw failure(.missing(what)) }
        return word
    }

    /// Whether the next word is this one, which is then taken.
    mutating func takes(_ word: String) -> Bool {
        guard let first = rest.first, first == word else { return false }
        rest.removeFirst()
        return true
    }

    mutating func expect(_ word: String) throws(ScenarioTextError) {
        let found = try next("'\(word)'")
        guard found == word else { throw failure(.unknownWord(String(found), expected: "'\(word)'")) }
    }

    mutating func end() throws(ScenarioTextError) {
        if let word = rest.first { throw failure(.superfluous(String(word))) }
    }

    mutating func number(_ what: String, in range: ClosedRange<UInt64>) throws(ScenarioTextError) -> UInt64 {
        let word = try next(what)
        guard let number = UInt64(word), range.contains(number) else {
            throw failure(.notANumber(String(word), of: what, range: range))
        }
        return number
    }

    /// A number that fits an `Int`.
    mutating func count(_ what: String, in range: ClosedRange<Int>) throws(ScenarioTextError) -> Int {
        let bounds = UInt64(clamping: range.lowerBound)...UInt64(clamping: range.upperBound)
        return Int(clamping: try number(what, in: bounds))
    }

    mutating func millionths(_ what: String) throws(ScenarioTextError) -> UInt32 {
        UInt32(clamping: try number(what, in: 0...1_000_000))
    }

    mutating func duration(
        _ unit: Measure, _ what: String, in range: ClosedRange<UInt64>
    ) throws(ScenarioTextError) -> UInt64 {
        let word = try next(what)
        guard let count = unit.count(word), range.contains(count) else {
            throw failure(.notANumber(String(word), of: "\(what) in whole \(unit.suffix)", range: range))
        }
        return count
    }

    /// Millionths by which a clock is fast or, when negative, slow.
    mutating func drift() throws(ScenarioTextError) -> Int64 {
        let word = try next("a drift")
        guard let drift = Int64(word), (-500_000...500_000).contains(drift) else {
            throw failure(
                .notANumber(String(word), of: "a drift per million, positive or negative,", range: 0...500_000))
        }
        return drift
    }

    /// Pairs of nodes such as `1-2`, to the end of the line.
    mutating func pairs(of nodes: [NodeID]) throws(ScenarioTextError) -> [NodePair] {
        var pairs: [NodePair] = []
        while let word = rest.popFirst() {
            let places = word.split(separator: "-", omittingEmptySubsequences: false).map { number in
                UInt32(number).flatMap { nodes.firstIndex(of: NodeID($0)) }
            }
            guard places.count == 2, let first = places[0], let second = places[1] else {
                throw failure(.unknownWord(String(word), expected: "a pair of nodes such as 1-2"))
            }
            pairs.append(NodePair(first, second))
        }
        return pairs
    }

    /// A node, by its number; gives its place.
    mutating func node(of nodes: [NodeID]) throws(ScenarioTextError) -> Int {
        let word = try next("a node")
        guard let number = UInt32(word), let place = nodes.firstIndex(of: NodeID(number)) else {
            throw failure(.unknownNode(String(word)))
        }
        return place
    }

    /// Numbers up to a word that is none, or to the end of the line.
    mutating func numbers(_ what: String, in range: ClosedRange<UInt64>) throws(ScenarioTextError) -> [UInt64] {
        var numbers: [UInt64] = []
        while let word = rest.first, word.first?.isNumber == true { numbers.append(try number(what, in: range)) }
        return numbers
    }

    /// Nodes up to a word that is none, or to the end of the line.
    mutating func nodes(of nodes: [NodeID]) throws(ScenarioTextError) -> [Int] {
        var places: [Int] = []
        while let word = rest.first, word.first?.isNumber == true { places.append(try node(of: nodes)) }
        return places
    }
}
