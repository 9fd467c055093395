#if PLANTED_DEFECTS
    import Links
    import Simulator
    import Testing

    /// Each known way to get links wrong, planted in the machines of all nodes, must break a guarantee within the stated
    /// number of seeds.
    @Suite("Defects planted in the machine of links are found")
    struct LinkDefectTests {
        /// Where a defect is hunted, and how many seeds it may take.
        private struct Hunt {
            var ground: LinksHuntingGround
            var seeds: UInt64
            var expected: [LinksInvariant]

            init(_ ground: LinksHuntingGround, _ seeds: UInt64, _ expected: LinksInvariant...) {
                self.ground = ground
                self.seeds = seeds
                self.expected = expected
            }
        }

        private static func hunt(for defect: LinkDefect) -> Hunt {
            switch defect {
            case .forgetsDelivered: Hunt(.intrusion, 1, .once)
            case .followsBehind: Hunt(.rounds, 1, .once)
            case .refusesOvertaken: Hunt(.drawn, 6, .fresh)
            case .keepsFlags: Hunt(.rounds, 1, .fresh, .flow)
            case .countsWithoutWrap: Hunt(.rounds, 1, .fresh, .flow)
            case .believesEveryRestart: Hunt(.intrusion, 1, .once)
            case .believesNoRestart: Hunt(.restarts, 30, .flow, .fresh)
            case .placesByArrival: Hunt(.drawn, 8, .integrity)
            case .completesEarly: Hunt(.pieces, 1, .integrity)
            case .mixesLives: Hunt(.restarts, 60, .integrity)
            case .keepsLeftBehind: Hunt(.pieces, 1, .memory)
            case .risesAtOnce: Hunt(.pieces, 1, .pongs)
            case .countsAnyPong: Hunt(.drawn, 40, .unauthenticated)
            case .countsRepeatedPongs: Hunt(.intrusion, 1, .pongs)
            case .neverGivesUp: Hunt(.cuts, 1, .down)
            case .accusesAfterPause: Hunt(.pauses, 6, .up)
            case .believesReports: Hunt(.intrusion, 1, .up)
            case .trustsDoubted: Hunt(.cuts, 1, .flow)
            case .believesUnaskedReplies: Hunt(.intrusion, 1, .unauthenticated, .pathMTU)
            case .believesRouters: Hunt(.intrusion, 1, .pathMTU)
            case .asksNoMore: Hunt(.narrowing, 2, .pathMTU)
            case .takesLargestMTU: Hunt(.drawn, 6, .pathMTU, .flow)
            case .ignoresRefusals: Hunt(.narrowing, 5, .pathMTU)
            }
        }

        @Test("it is caught", arguments: LinkDefect.allCases)
        func caught(defect: LinkDefect) {
            let hunt = Self.hunt(for: defect)
            for seed in 1...hunt.seeds {
                var simulation = LinksSimulation(hunt.ground.scenario(seed: seed), planted: defect)
                guard let violation = simulation.run().violation else { continue }
                #expect(hunt.expected.contains(violation.invariant), "seed \(seed): \(violation.text)")
                return
            }
            Issue.record("\(defect.rawValue) was not found in \(hunt.seeds) seeds of '\(hunt.ground.rawValue)'")
        }

        @Test("without a defect nothing is found", arguments: LinksHuntingGround.allCases)
        func clean(ground: LinksHuntingGround) {
            for seed in 1...8 as ClosedRange<UInt64> {
                var simulation = LinksSimulation(ground.scenario(seed: seed))
                let violation = simulation.run().violation
                #expect(violation == nil, "seed \(seed): \(violation?.text ?? "")")
            }
        }

        @Test("a seed that fails shrinks to two nodes and few faults, fails in the same way, and its text does too")
        func shrinks() throws {
            let planted = LinksSabotage.machine(.forgetsDelivered)
            let drawn = LinksScenario.drawn(seed: 1, nodes: nil)
            var shrinker = try #require(Shrinker(drawn, planted: planted))
            let result = shrinker.run()
            #expect(result.scenario.nodes.count <= 2 && result.scenario.faults.count <= 2)
            let read: LinksScenario = try ScenarioText.read(ScenarioText.write(result.scenario))
            let again = read.run(RunView(), planted: planted)
            #expect(again.violation?.invariant == result.violation.invariant)
        }
    }
#endif
