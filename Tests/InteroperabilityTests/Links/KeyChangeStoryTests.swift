import ClusterLab
import Testing

/// Blame that finds Corosync's part only is worth something if it finds Rondo's, too.
@Suite struct KeyChangeStoryTests {
    /// Nodes 1 and 2 of Corosync and 3 of Rondo, whose messages came round as one would wish.
    private func story(_ change: (inout [KeyChangeStory.Account]) throws -> Void) rethrows -> KeyChangeStory {
        var accounts = [Engine.corosync, .corosync, .rondo].enumerated().map { index, engine in
            KeyChangeStory.Account(node: index + 1, engine: engine, phases: [1: time(2), 2: time(5)])
        }
        try change(&accounts)
        return KeyChangeStory(accounts: accounts, timeout: 1000)
    }

    private func time(_ milliseconds: Int) -> WallTime { WallTime(millisecondOfDay: 10_000 + milliseconds) }

    @Test("Nobody is blamed where all went well")
    func sound() {
        let story = story { _ in }
        #expect(story.defect == nil)
        #expect(story.faults == [])
    }

    @Test("Who forgets the old key before another one of Corosync has begun is to blame for the ring")
    func corosync() {
        let story = story { accounts in
            accounts[1].phases = [:]
            accounts[0].refusals[2] = time(6)
            accounts[2].refusals[2] = time(2100)
            for index in 0..<3 { accounts[index].membershipChanges = 1 }
        }
        #expect(story.defect?.text == "node 1 forgot the old key before node 2 used the new one")
        #expect(story.faults == [])
    }

    @Test("That excuses nothing that is between a node of Rondo and another")
    func rondo() {
        let broken: (inout [KeyChangeStory.Account]) -> Void = { accounts in
            accounts[1].phases = [:]
            for index in 0..<3 { accounts[index].membershipChanges = 1 }
        }
        let cases: [(String, (inout [KeyChangeStory.Account]) -> Void)] = [
            ("node 1 cannot open what node 3", { $0[0].refusals[3] = time(6) }),
            ("node 3 cannot open what node 2", { $0[2].refusals[2] = time(100) }),
            ("node 1 cannot open what node 2", { $0[0].refusals[2] = time(1) }),
            ("node 3, of Rondo, has not ended", { $0[2].phases[2] = nil }),
        ]
        for (text, change) in cases {
            let story = story { accounts in
                broken(&accounts)
                change(&accounts)
            }
            #expect(story.faults.count == 1 && story.faults[0].contains(text), "\(story.faults)")
        }
    }

    @Test("A ring that changes though no Corosync was behind is Rondo's, as is what cannot be opened in one that stays")
    func unexplained() {
        #expect(story { $0[2].membershipChanges = 1 }.faults.count == 1)
        #expect(story { $0[0].refusals[2] = time(6) }.faults.count == 1)
        #expect(story { $0[2].refusals[1] = time(5000) }.faults.count == 1)
    }

    @Test("A Corosync that is late by more than old keys are kept is told, and what it seals then need not be opened")
    func late() {
        let late = story { accounts in
            accounts[0].phases = [:]
            accounts[2].refusals[1] = time(2006)
        }
        #expect(late.stragglers == [1])
        #expect(late.faults == [])
        let early = story { accounts in
            accounts[0].phases = [:]
            accounts[2].refusals[1] = time(1000)
        }
        #expect(early.faults.count == 1)
    }
}
