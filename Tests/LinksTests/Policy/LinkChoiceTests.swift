import Testing

@testable import Links

struct LinkChoiceTests {
    private func set(_ numbers: [UInt8]) -> LinkSet {
        numbers.compactMap(LinkNumber.init).reduce(into: LinkSet()) { $0.insert($1) }
    }

    private func numbers(_ links: LinkSet) -> [UInt8] {
        var rest = links
        var numbers: [UInt8] = []
        while let link = rest.popFirst() { numbers.append(link.rawValue) }
        return numbers
    }

    /// The links of the next packets.
    private func next(_ count: Int, _ choice: inout LinkChoice) -> [[UInt8]] {
        var all: [[UInt8]] = []
        for _ in 0..<count { all.append(numbers(choice.next())) }
        return all
    }

    private func choice(
        _ policy: LinkPolicy, usable: [UInt8], doubted: [UInt8] = [], priorities: [UInt8: UInt8] = [:]
    ) -> LinkChoice {
        var choice = LinkChoice(policy)
        _ = choice.evaluate(usable: set(usable), doubted: set(doubted)) { priorities[$0.rawValue] ?? 1 }
        return choice
    }

    @Test(
        "passive takes the highest priority, and of several the lowest number; beside one in doubt the next best, or all",
        arguments: [
            ([0, 1, 2], [], [:], [0]), ([1, 2], [], [:], [1]), ([0, 1, 2], [], [1: 5, 2: 5], [1]),
            ([0, 1, 2], [0], [:], [0, 1]), ([0, 1, 2], [0, 1], [:], [0, 2]), ([0, 1, 2], [0, 1, 2], [:], [0, 1, 2]),
            ([0, 1], [1], [:], [0]), ([], [], [:], []),
        ] as [([UInt8], [UInt8], [UInt8: UInt8], [UInt8])])
    func passive(_ usable: [UInt8], _ doubted: [UInt8], _ priorities: [UInt8: UInt8], _ expected: [UInt8]) {
        var choice = choice(.passive, usable: usable, doubted: doubted, priorities: priorities)
        #expect(next(2, &choice) == [expected, expected])
    }

    @Test("active takes all")
    func active() {
        var choice = choice(.active, usable: [0, 3, 7], doubted: [3])
        #expect(next(1, &choice) == [[0, 3, 7]])
    }

    @Test("round robin takes one after the other, passes those in doubt over, and takes all where none is trusted")
    func roundRobin() {
        var choice = choice(.roundRobin, usable: [0, 2, 7])
        #expect(next(5, &choice) == [[0], [2], [7], [0], [2]])
        _ = choice.evaluate(usable: set([0, 2, 7]), doubted: set([0])) { _ in 1 }
        #expect(next(3, &choice) == [[7], [2], [7]])
        _ = choice.evaluate(usable: set([0, 2]), doubted: set([0, 2])) { _ in 1 }
        #expect(next(2, &choice) == [[0, 2], [0, 2]])
    }

    @Test("what has changed is told: the best link, how many there are, whether there are any")
    func changes() {
        var choice = LinkChoice(.passive)
        let changes = [[], [1], [1, 2], [0, 1, 2], []].map { usable in
            choice.evaluate(usable: set(usable), doubted: .none) { _ in 1 }
        }
        #expect(
            changes == [
                .init(), .init(best: true, count: true, reachability: true), .init(count: true),
                .init(best: true, count: true), .init(best: true, count: true, reachability: true),
            ])
        #expect(choice.best?.rawValue == 0)
    }

    @Test(
        "What is sent by one link alone, or by it in turn, is lost with it; where none leads there it is lost with any")
    func reliance() throws {
        let (first, second) = (try #require(LinkNumber(0)), try #require(LinkNumber(1)))
        func relied(_ policy: LinkPolicy, _ usable: [UInt8], doubted: [UInt8] = []) -> [Bool] {
            let choice = choice(policy, usable: usable, doubted: doubted)
            return [first, second].map { choice.relies(on: $0) }
        }
        #expect(relied(.passive, [0, 1]) == [true, false])
        #expect(relied(.passive, [0, 1], doubted: [0]) == [false, false])
        #expect(relied(.passive, [1]) == [false, true])
        #expect(relied(.active, [0, 1]) == [false, false])
        #expect(relied(.active, [0]) == [true, false])
        #expect(relied(.roundRobin, [0, 1]) == [true, true])
        #expect(relied(.roundRobin, [0, 1], doubted: [0]) == [false, true])
        #expect(relied(.roundRobin, [0, 1], doubted: [0, 1]) == [false, false])
        #expect(relied(.passive, []) == [true, true])
    }
}
