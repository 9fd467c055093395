import ClusterLab
import Testing

extension Interoperability {
    /// Nodes die, leave, return, are cut off and found again: all that live agree, in the time the configuration
    /// computes to.
    @Suite struct MembershipTests {
        @Test("One ring, the same on all", arguments: Mixture.all)
        func formation(_ mixture: Mixture) throws {
            let lab = try mixture.ring()
            defer { lab.close() }
            let ring = try lab.awaitRing(within: margin)
            #expect(ring.members == [1, 2, 3])
            for node in lab.nodes {
                let map = try node.map()
                #expect(map.joinedMembers == [1, 2, 3])
                for other in lab.nodes {
                    #expect(map["runtime.members.\(other.id).ip"] == "r(0) ip(\(other.address)) ")
                }
            }
        }

        @Test("Machines that are gone without a word and come back, each node in turn", arguments: Mixture.all)
        func deaths(_ mixture: Mixture) throws {
            let lab = try mixture.ring()
            defer { lab.close() }
            for victim in lab.nodes {
                let engine = mixture.engines[victim.number - 1]
                var marks = lab.marks
                // Nobody speaks for the process any more, not even its kernel.
                try lab.partition([lab.nodes.map(\.number).filter { $0 != victim.number }, [victim.number]])
                let death = WallTime.now
                try victim.killDaemon()
                let smaller = try lab.awaitRing(after: marks, within: lab.timings.afterDeath + margin)
                let took = smaller.millisecondsSince(death)
                // Where all are Rondo the machines are asked meanwhile whether they are there; else the timeouts decide.
                let asked = mixture.engines.allSatisfy { $0 == .rondo }
                #expect(
                    took >= Int(asked ? lab.timings.token / 3 : lab.timings.consensus),
                    "a silent death is waited for, not guessed")
                #expect(took <= Int((lab.timings.afterDeath + margin).milliseconds))
                for survivor in smaller.memberships { #expect(survivor.left == [victim.id]) }

                marks = lab.marks
                try lab.heal()
                let restart = WallTime.now
                try victim.start(engine)
                let whole = try lab.awaitRing(after: marks, within: lab.startLimit)
                #expect(whole.members == [1, 2, 3])
                print(
                    "\(mixture.testDescription): node \(victim.id) (\(engine)) killed: new ring after \(took) ms "
                        + "(computed \(lab.timings.afterDeath.milliseconds)), whole again "
                        + "\(whole.millisecondsSince(restart)) ms after its start")
            }
        }

        @Test("A clean stop is heard: nobody waits for consensus", arguments: Mixture.all)
        func leaving(_ mixture: Mixture) throws {
            let lab = try mixture.ring()
            defer { lab.close() }
            for leaver in lab.nodes {
                let marks = lab.marks
                let moment = WallTime.now
                #expect(try leaver.stop() == .exited(0))
                let smaller = try lab.awaitRing(after: marks, within: lab.timings.afterLeave + margin)
                // Stopping a daemon takes a moment, more on a busy machine; a ring that had not heard of the leave would wait
                // at least as long as this.
                #expect(smaller.millisecondsSince(moment) < Int(lab.timings.consensus))
                // A member that hears the others' joins before the leave itself calls it a failure; at least one heard.
                let surprised = lab.nodes.filter { node in
                    node.log.entries(after: marks[node.number - 1])
                        .contains { $0.message.hasPrefix("Failed to receive the leave message") }
                }
                #expect(surprised.count < 2)
                try leaver.start(mixture.engines[leaver.number - 1])
                _ = try lab.awaitRing(within: lab.startLimit)
            }
        }

        @Test("Cut apart and joined again", arguments: Mixture.all, [[[1, 2], [3]], [[1], [2, 3]]])
        func partition(_ mixture: Mixture, _ sets: [[Int]]) throws {
            let lab = try mixture.ring()
            defer { lab.close() }
            let before = try lab.awaitRing(within: margin)
            var marks = lab.marks
            try lab.partition(sets)
            for set in sets {
                let ring = try lab.awaitRing(set, after: marks, within: lab.timings.afterDeath + margin)
                #expect(ring.ring != before.ring)
            }
            marks = lab.marks
            try lab.heal()
            let healed = try lab.awaitRing(after: marks, within: lab.timings.afterMeeting + margin)
            #expect(healed.members == [1, 2, 3])
        }

        @Test("A node that stood still for longer than the token is taken back", arguments: Mixture.all)
        func pause(_ mixture: Mixture) throws {
            let lab = try mixture.ring()
            defer { lab.close() }
            let marks = lab.marks
            lab.node(2).pause()
            let smaller = try lab.awaitRing([1, 3], after: marks, within: lab.timings.afterDeath + margin)
            #expect(smaller.members == [1, 3])
            let later = lab.marks
            lab.node(2).resume()
            let whole = try lab.awaitRing(after: later, within: lab.timings.afterDeath + margin)
            #expect(whole.members == [1, 2, 3])
        }

        @Test("A link that fails one way only does not leave nodes disagreeing", arguments: Mixture.all)
        func oneWay(_ mixture: Mixture) throws {
            let lab = try mixture.ring()
            defer { lab.close() }
            let marks = lab.marks
            try lab.cut(from: 1, to: 2)
            try lab.wait(for: "the token to be missed", within: lab.timings.afterDeath + margin) {
                lab.nodes.contains { !$0.log.memberships(after: marks[$0.number - 1]).isEmpty }
            }
            let later = lab.marks
            try lab.heal()
            let whole = try lab.awaitRing(
                after: later, within: lab.timings.afterDeath + lab.timings.afterDeath + margin)
            #expect(whole.members == [1, 2, 3])
        }
    }
}
