import ClusterLab
import Testing

/// A comparison that finds nothing is worth something only if it finds what is there.
@Suite struct OrderComparisonTests {
    private func expectFinding(_ parts: String..., in story: Story, sourceLocation: SourceLocation = #_sourceLocation) {
        let findings = story.findings
        #expect(
            findings.contains { finding in parts.allSatisfy { finding.contains($0) } },
            "nothing with \(parts) in \(findings)", sourceLocation: sourceLocation)
    }

    @Test("Nothing is found where nothing is wrong, and everything was compared")
    func sound() {
        let comparison = OrderComparison(Story().histories)
        #expect(comparison.findings == [])
        // Nodes 1 and 2 in all three rings, each with node 3 in the last.
        #expect(comparison.spansTogether == 5)
        #expect(comparison.cutForNewcomers == [])
        #expect(comparison.lastDigest != 0)
    }

    @Test func lost() {
        var story = Story()
        story.drop(Story.message(1, 3), at: 2)
        expectFinding(
            "node 1", "node 2", "ring 1.8", "record 0", "message 3 of 1/10", "message 3 of 2/20", in: story)
        expectFinding("node 2", "message 4 of 1/10", "right after message 2", "missing", in: story)
    }

    @Test("A message that nobody got but its sender, who was not there to compare with later")
    func lostOnAllButOne() {
        var story = Story()
        story.drop(Story.message(3, 1), at: 1, 2)
        expectFinding("node 1", "message 2 of 3/30", "right after message 0", in: story)
        expectFinding("node 2", "lacks message 1 of 3/30", in: story)
    }

    @Test("A Corosync is not told that a member was away for rings that groups were not told of, and a Rondo is")
    func awayUntold() {
        for engine in [Engine.corosync, .rondo] {
            var story = Story([engine, engine, .rondo])
            let between = RingName(1, 10)
            for node in 0..<2 {
                // Node 3's absence goes untold: the ring of two, and the group's changes with it.
                story.histories[node].rings = [[Story.whole, Story.pair, between, Story.healed]]
                story.histories[node].lives[0].entries.removeAll { entry in
                    switch entry.event {
                    case .ring(Story.pair, _): true
                    case .change(let change): change.joined.isEmpty || change.joined.contains { $0.reason == 4 }
                    default: false
                    }
                }
            }
            let missing = story.findings.filter { $0.contains("message 5 of 3/30") && $0.contains("missing") }
            #expect(missing.isEmpty == (engine == .corosync), "\(engine): \(story.findings)")
        }
    }

    @Test(
        "A Corosync may part late with a process of a node that is not in the ring; others may not, nor with a member")
    func ghosts() {
        for (engine, gone, isSound) in [(Engine.corosync, 3, true), (.rondo, 3, false), (.corosync, 1, false)] {
            var story = Story([.rondo, engine, .rondo])
            let left = Story.change(members: [1, 2], left: [UInt32(gone)])
            story.insert(left, behind: Story.message(2, 3), at: 2)
            #expect(story.findings.isEmpty == isSound, "\(engine), \(gone): \(story.findings)")
            #expect(OrderComparison(story.histories).ghostsLaid == (isSound ? 1 : 0))
        }
    }

    @Test("A Corosync may keep a process of a node that is not in the ring; others may not")
    func kept() {
        for engine in [Engine.corosync, .rondo] {
            var story = Story([engine, .rondo, .rondo])
            story.drop(Story.change(members: [1, 2], left: [3]), at: 1)
            story.drop(Story.change(members: [1, 2, 3], found: [3]), at: 1)
            let between = story.findings.filter { $0.contains("differ") }
            #expect(between.isEmpty == (engine == .corosync), "\(engine): \(story.findings)")
        }
    }

    @Test("A short message without a number is not missing")
    func nameless() {
        var story = Story()
        guard case .delivery(var short) = Story.message(2, 1) else { return }
        short.name = nil
        story.replace(Story.message(2, 1), by: .delivery(short), at: 3)
        #expect(story.findings.isEmpty, "\(story.findings)")
        story.drop(.delivery(short), at: 3)
        expectFinding("node 3", "message 1 of 2/20", in: story)
    }

    @Test("A sender that is not given its own message")
    func ownLost() {
        var story = Story()
        story.histories[0].lives[0].accepted = 7
        expectFinding("node 1", "accepted 7", "gave it back 6", in: story)
        story = Story()
        for node in 1...3 { story.drop(Story.message(1, 0), at: node) }
        expectFinding("node 1", "its own first message", in: story)
    }

    @Test func doubled() {
        var story = Story()
        story.insert(Story.message(1, 3), behind: Story.message(2, 3), at: 1, 2)
        expectFinding("node 1", "ring 1.8", "message 3 of 1/10", "twice", in: story)
        expectFinding("node 2", "ring 1.8", "message 3 of 1/10", "twice", in: story)
    }

    @Test("An old message once more, to a member in its next life")
    func doubledInNextLife() {
        var story = Story()
        var next = story.histories[1].lives[0]
        next.entries = [
            Life.Entry(event: Story.change(members: [1, 2], joined: [2])),
            Life.Entry(event: .ring(RingName(1, 16), members: [1, 2])), Life.Entry(event: Story.message(1, 2)),
        ]
        story.histories[1].lives.append(next)
        expectFinding("node 2", "message 2 of 1/10", "after message 5", "twice", in: story)
    }

    @Test("Two messages the other way round on one node: together, parted, and from one sender")
    func swapped() {
        var story = Story()
        story.swap(Story.message(1, 4), Story.message(3, 5), at: 3)
        expectFinding(
            "node 1", "node 3", "ring 1.c", "record 0", "message 4 of 1/10", "message 5 of 3/30", in: story)
        story = Story()
        story.swap(Story.message(3, 1), Story.message(2, 1), at: 3)
        expectFinding("node 3", "ring 1.4", "parted there", "the other way round", in: story)
        story = Story()
        for node in 1...3 { story.swap(Story.message(3, 0), Story.message(3, 1), at: node) }
        expectFinding("message 0 of 3/30", "after message 1", "out of its sender's order", in: story)
    }

    @Test func altered() {
        var story = Story()
        guard case .delivery(var delivery) = Story.message(2, 4) else { return }
        delivery.isIntact = false
        for node in 1...3 { story.replace(Story.message(2, 4), by: .delivery(delivery), at: node) }
        expectFinding("node 3", "ring 1.c", "altered", "message 4 of 2/20", in: story)
        // Well formed, and not the same bytes.
        story = Story()
        guard case .delivery(var other) = Story.message(2, 4) else { return }
        other.digest = 77
        story.replace(Story.message(2, 4), by: .delivery(other), at: 2)
        expectFinding("node 1", "node 2", "ring 1.c", "record 2", "digest 4d", in: story)
    }

    @Test("A change of the group at another place, or another change")
    func changes() {
        let found = Story.change(members: [1, 2, 3], found: [3])
        var story = Story()
        story.swap(found, Story.message(2, 3), at: 1)
        expectFinding("node 1", "node 2", "ring 1.8", "record 1", "group change", in: story)
        story = Story()
        story.replace(found, by: Story.change(members: [1, 2, 3], joined: [3]), at: 2)
        expectFinding("node 1", "node 2", "ring 1.8", "3/30:nodeup", "3/30:join", in: story)
        story = Story()
        story.drop(found, at: 1)
        expectFinding("node 1", "node 2", "ring 1.8", "group change", in: story)
    }

    @Test("The next ring with other members, or at another place")
    func rings() {
        var story = Story()
        story.replace(.ring(Story.pair, members: [1, 2]), by: .ring(Story.pair, members: [1, 2, 3]), at: 2)
        expectFinding("node 1", "node 2", "ring 1.4", "ring 1.8 of [1, 2, 3]", in: story)
        story = Story()
        story.swap(.ring(Story.pair, members: [1, 2]), Story.message(2, 2), at: 2)
        expectFinding("message 2 of 2/20", "ring 1.4", "ring 1.8", in: story)
    }

    @Test("A message given in another ring than elsewhere, to nodes that parted")
    func otherRing() {
        var story = Story()
        story.drop(Story.message(3, 2), at: 1, 2)
        story.insert(Story.message(3, 2), behind: .ring(Story.pair, members: [1, 2]), at: 1, 2)
        expectFinding("message 2 of 3/30", "ring 1.4", "ring 1.8", in: story)
    }

    @Test("What was left behind cannot be given behind a gap")
    func gap() {
        var story = Story()
        story.drop(Story.message(2, 1), at: 3)
        expectFinding(
            "node 2", "node 3", "ring 1.4", "lacks message 1 of 2/20", "message 2 of 1/10", "[3]", in: story)
    }

    @Test("A daemon that died lacks nothing before what it gave last")
    func gapBeforeDeath() {
        var story = Story()
        story.edit(3) { $0.removeSubrange(9...) }
        story.histories[2].lives[0].ending = .gone
        story.histories[2].rings = [[Story.whole]]
        #expect(story.findings == ["node 3 (Rondo): it did not see the end"])
        story.drop(Story.message(3, 1), at: 3)
        expectFinding("node 3", "lacks message 1 of 3/30", "message 1 of 2/20", in: story)
    }

    @Test("The message that was on its way when a node came: it alone may be lacking, if it had begun before")
    func newcomer() {
        let healed = Event.ring(Story.healed, members: [1, 2, 3])
        func story(handedOver: UInt64, engines: [Engine] = [.corosync, .rondo, .rondo], _ lost: Event...)
            -> OrderComparison
        {
            var story = Story(engines)
            for node in 1...2 {
                story.edit(node) { entries in
                    for index in entries.indices where entries[index].event.isSame(as: healed) {
                        entries[index].accepted = handedOver
                    }
                }
            }
            for event in lost { story.drop(event, at: 3) }
            return OrderComparison(story.histories)
        }
        let allowed = story(handedOver: 5, Story.message(1, 4))
        #expect(allowed.findings == [])
        #expect(allowed.cutForNewcomers.count == 2)
        #expect(
            !story(handedOver: 5, engines: [.rondo, .rondo, .rondo], Story.message(1, 4)).findings.isEmpty,
            "Rondo sends it again from its beginning")
        #expect(!story(handedOver: 4, Story.message(1, 4)).findings.isEmpty, "it began after the node had come")
        let two = story(handedOver: 6, Story.message(1, 4), Story.message(1, 5, isLast: true))
        #expect(!two.findings.isEmpty, "one is cut, not two")
        // Real Corosync loses more of another Corosync's, but not of Rondo's, nor does Rondo.
        let all = [Story.message(1, 4), Story.message(1, 5, isLast: true)]
        func lacking(_ engines: [Engine]) -> [String] {
            story(handedOver: 6, engines: engines, all[0], all[1]).findings
        }
        #expect(
            lacking([.corosync, .corosync, .corosync]) == ["node 3 (Corosync): without the last message of nodes [1]"])
        #expect(lacking([.rondo, .rondo, .corosync]).contains { $0.contains("message 4 of 1/10") })
        #expect(lacking([.corosync, .corosync, .rondo]).contains { $0.contains("message 5 of 1/10") })
        var late = Story()
        late.drop(Story.message(2, 5, isLast: true), at: 3)
        #expect(!late.findings.isEmpty)
    }

    @Test("Where either may lack what the other is told next, the one that is told it later lacks nothing")
    func whichIsLacking() {
        var story = Story([.rondo, .corosync, .corosync])
        for (node, handedOver) in [(2, UInt64(5)), (3, 6)] {
            story.edit(node) { entries in
                for index in entries.indices
                where entries[index].event.isSame(as: .ring(Story.healed, members: [1, 2, 3])) {
                    entries[index].accepted = handedOver
                }
            }
        }
        // Message 4 of node 2 had begun as well, but all are given it.
        story.drop(Story.message(3, 5), at: 1, 2)
        let comparison = OrderComparison(story.histories)
        #expect(comparison.findings == [])
        #expect(comparison.cutForNewcomers.count == 2)
        #expect(comparison.cutForNewcomers.allSatisfy { $0.contains("message 5 of 3/30") })
    }

    @Test(
        "Who was apart in a ring that groups were not told of may lack a message, though the last step was taken together"
    )
    func apartInBetween() {
        let between = RingName(1, 10)
        func story(_ ways: [[RingName]]) -> [String] {
            var story = Story([.corosync, .rondo, .rondo])
            for (index, way) in ways.enumerated() {
                story.histories[index].rings = [[Story.whole, index < 2 ? Story.pair : Story.alone] + way]
            }
            story.edit(1) { entries in
                for index in entries.indices
                where entries[index].event.isSame(as: .ring(Story.healed, members: [1, 2, 3])) {
                    entries[index].accepted = 5
                }
            }
            story.drop(Story.message(1, 4), at: 3)
            return story.findings
        }
        #expect(story([[between, Story.healed], [between, Story.healed], [between, Story.healed]]) == [])
        #expect(story([[Story.healed], [Story.healed], [Story.healed]]) == [])
    }

    @Test("Other steps to the same members: only between engines, and only over a ring that groups were not told of")
    func otherSteps() {
        let between = RingName(1, 10)
        func comparison(_ engines: [Engine], way: [RingName], members: [UInt32] = [1, 2, 3]) -> OrderComparison {
            var story = Story(engines)
            for index in 0..<2 { story.histories[index].rings = [[Story.whole, Story.pair] + way + [Story.healed]] }
            let found = Story.change(members: [1, 2, 3], found: [3])
            story.replace(found, by: Story.change(members: members, found: [1, 3]), at: 2)
            story.insert(Story.change(members: [2], left: [1]), behind: Story.message(2, 3), at: 2)
            return OrderComparison(story.histories)
        }
        let engines: [Engine] = [.corosync, .rondo, .rondo]
        #expect(comparison(engines, way: [between]).findings == [])
        #expect(comparison(engines, way: [between]).viewsReachedApart == 1)
        #expect(!comparison(engines, way: []).findings.isEmpty)
        #expect(!comparison([.rondo, .rondo, .rondo], way: [between]).findings.isEmpty)
        #expect(!comparison(engines, way: [between], members: [2, 3]).findings.isEmpty)
    }

    @Test("The ring one joined in may be told before the joining, behind it, or both")
    func joining() {
        let ring = Event.ring(Story.whole, members: [1, 2, 3])
        let join = Story.change(members: [1, 2, 3], joined: [3])
        let next = Event.ring(Story.healed, members: [1, 2, 3])
        func spans(_ events: Event...) -> [String] {
            var life = Life(number: 1, process: Story.process(3))
            life.entries = (events + [Story.message(1, 0), next, Story.message(1, 1)]).map { Life.Entry(event: $0) }
            let divided = LifeSpans(life)
            #expect(divided.fault == nil)
            return divided.spans.map { "\($0.ring) \($0.start) \($0.end) \($0.range.count)" }
        }
        let expected = ["1.4 ownJoin ring(1.c) 2", "1.c ring gone 1"]
        #expect(spans(join, ring) == expected)
        #expect(spans(ring, join) == expected)
        #expect(spans(ring, ring, join) == expected)
        #expect(spans(ring, join, ring) == expected)
        // The next ring right behind the joining is the next ring.
        let at = Event.ring(RingName(1, 8), members: [1, 2, 3])
        #expect(spans(ring, join, at) == ["1.4 ownJoin ring(1.8) 1", "1.8 ring ring(1.c) 2", "1.c ring gone 1"])
    }

    @Test("Before its own joining, a member is given nothing")
    func early() {
        var story = Story()
        story.edit(3) { $0.insert(Life.Entry(event: Story.message(1, 0)), at: 0) }
        expectFinding("node 3", "before it had joined", "message 0 of 1/10", in: story)
    }

    @Test func theEnd() {
        var story = Story()
        story.drop(Story.message(2, 5, isLast: true), at: 1, 2, 3)
        expectFinding("node 1", "without the last message of nodes [2]", in: story)
        story = Story()
        story.edit(3) { $0.removeLast(7) }
        expectFinding("node 3", "in ring 3.8 in the end", in: story)
    }

    @Test func refusals() {
        var story = Story()
        story.histories[1].lives[0].refusals = [20]
        expectFinding("node 2", "1 refusals to send: error 20", in: story)
    }

    @Test("Messages too short to carry their number get it from their neighbours, and only from them")
    func shortMessages() {
        func unnamed(_ number: UInt64) -> Event {
            guard case .delivery(var delivery) = Story.message(1, number) else { return Story.message(1, number) }
            delivery.name = nil
            return .delivery(delivery)
        }
        func names(_ events: [Event]) -> [UInt64?] {
            var life = Life(number: 1, process: Story.process(2))
            life.entries = events.map { Life.Entry(event: $0) }
            RecordReader.nameShortMessages(in: &life)
            return life.entries.map { entry in
                guard case .delivery(let delivery) = entry.event else { return nil }
                return delivery.name?.number
            }
        }
        #expect(names([Story.message(1, 256), unnamed(257), Story.message(1, 258)]) == [256, 257, 258])
        #expect(names([unnamed(257), Story.message(1, 258)]) == [257, 258])
        #expect(names([Story.message(1, 255), unnamed(257)]) == [255, nil])
        #expect(
            names([Story.message(1, 256), unnamed(257), unnamed(257), Story.message(1, 258)]) == [256, 257, 257, 258])
    }
}
