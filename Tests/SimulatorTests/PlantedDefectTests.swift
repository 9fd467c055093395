#if PLANTED_DEFECTS
    import Testing
    import Totem

    @testable import Simulator

    /// A hunter is worth something only if it finds what is there: each known way to get the protocol wrong, planted in the
    /// ring machines of all nodes, must break a guarantee within the stated number of seeds.
    @Suite("Defects planted in the ring machine are found")
    struct PlantedDefectTests {
        /// Where a defect is hunted, and how many seeds it may take.
        private struct Hunt {
            var ground: HuntingGround
            var seeds: UInt64
            var expected: [Invariant]

            init(_ ground: HuntingGround, _ seeds: UInt64, _ expected: Invariant...) {
                self.ground = ground
                self.seeds = seeds
                self.expected = expected
            }
        }

        private static func hunt(for defect: PlantedDefect) -> Hunt? {
            switch defect {
            case .skipsRetransmission: Hunt(.loss, 2, .promptRepetition)
            case .rewritesRetransmission: Hunt(.loss, 2, .identicalRetransmission)
            case .forgetsRequest: Hunt(.loss, 2, .promptRepetition)
            case .asksTwice: Hunt(.loss, 2, .window)
            case .deliversBeyondGap: Hunt(.loss, 2, .noGap)
            case .freesTooEarly: Hunt(.loss, 2, .freedTooEarly)
            case .claimsAllReceived: Hunt(.loss, 2, .freedTooEarly)
            case .deliversTailsAlone: Hunt(.breaking, 30, .integrity)
            case .forgetsBeginnings: Hunt(.drawn, 120, .selfDelivery, .noGap)
            case .sendsNoBeginningAgain: Hunt(.breaking, 30, .noGap, .virtualSynchrony)
            case .trustsStrangers: Hunt(.strangers, 8, .noGap, .integrity, .liveness)
            case .acceptsTokenTwice: Hunt(.loss, 2, .oneToken)
            case .repeatsNoToken: Hunt(.loss, 2, .tokenRepetition)
            case .sendsTokenBackwards: Hunt(.loss, 1, .liveness)
            case .ignoresWindow: Hunt(.breaking, 2, .flowControl)
            case .countsNoRepetitions: Hunt(.loss, 2, .flowControl)
            case .ignoresHoldCancel: Hunt(.drawn, 8, .idleBeat)
            case .keepsHeldToken: Hunt(.loss, 2, .idleBeat)
            case .keepsTokenTooLong, .keepsTokenWithoutNeed: Hunt(.lags, 4, .backPressureIsBounded)
            case .reusesRingSequence: Hunt(.loss, 1, .ringSequenceGrows)
            case .forgetsFailedList: Hunt(.death, 1, .liveness)
            case .agreesTooEarly: Hunt(.death, 1, .liveness)
            case .ignoresOtherRings: Hunt(.breaking, 8, .liveness)
            case .leavesSilently: Hunt(.farewell, 2, .leaveWithoutTimeout)
            case .ignoresEvidence: Hunt(.end, 4, .deathWithoutTimeout)
            case .believesOneRefusal: Hunt(.refusals, 8, .refusalsAreTwo)
            case .believesRefusalsAlone: Hunt(.refusals, 8, .refusalsAreTwo)
            case .needsNoWitness: Hunt(.cuts, 8, .silenceIsSure)
            case .takesStallsForSilence: Hunt(.stalls, 8, .silenceIsSure)
            case .neverGivesUp: Hunt(.cuts, 8, .promiseIsKept)
            case .acceptsUnfilledCommitToken: Hunt(.loss, 4, .consistentMembership)
            case .dropsReplayed: Hunt(.drawn, 6, .virtualSynchrony)
            case .replaysNothing: Hunt(.drawn, 6, .virtualSynchrony)
            case .installsTooEarly: Hunt(.breaking, 8, .virtualSynchrony, .freedTooEarly)
            case .namesFailedAttempt: Hunt(.drawn, 6, .consistentMembership)
            case .keepsSequence: Hunt(.loss, 1, .tokenSequence)
            case .leaksAttempt: Hunt(.breaking, 8, .robustness)
            case .omitsItself: Hunt(.loss, 1, .consistentMembership)
            case .deliversAfterRegular: Hunt(.drawn, 12, .selfDelivery, .virtualSynchrony)
            case .deliversFromLost: Hunt(.breaking, 10, .transitionalSenders)
            case .switchesNoQueue: Hunt(.loss, 1, .queueSwitch)
            case .waitsForRefusers, .heedsLateJoins, .waitsForTheGone, .keepsVotesOfTheGone, .repeatsCommitTokenLate,
                .believesMembersElsewhere, .believesItsOwnName:
                nil
            }
        }

        /// The known hard cases that come out worse with a defect that breaks no guarantee: it only costs time.
        private static func cases(for defect: PlantedDefect) -> [String] {
            switch defect {
            case .waitsForRefusers: ["late-newcomer-in-commit", "leave-in-commit"]
            case .heedsLateJoins: ["late-join-in-commit"]
            case .waitsForTheGone: ["leave-crosses-join"]
            case .keepsVotesOfTheGone: ["leave-after-vote"]
            case .repeatsCommitTokenLate: ["commit-token-lost"]
            case .believesMembersElsewhere: ["forged-merges"]
            case .believesItsOwnName: ["forged-merges"]
            default: []
            }
        }

        @Test("it is caught", arguments: PlantedDefect.allCases)
        func caught(defect: PlantedDefect) throws {
            guard let hunt = Self.hunt(for: defect) else { return try disappoints(defect) }
            for seed in 1...hunt.seeds {
                var simulation = Simulation(hunt.ground.scenario(seed: seed), planted: defect, asksMachines: false)
                guard let violation = simulation.run().violation else { continue }
                #expect(hunt.expected.contains(violation.invariant), "seed \(seed): \(violation.text)")
                return
            }
            Issue.record("\(defect.rawValue) was not found in \(hunt.seeds) seeds of '\(hunt.ground.rawValue)'")
        }

        @Test(
            "the machine itself notices",
            arguments: [
                (.sendsTokenBackwards, .loss, .tokenGoesToNext), (.leaksAttempt, .breaking, .everyBufferHasPlace),
            ] as [(PlantedDefect, HuntingGround, RingInvariant)])
        func noticed(defect: PlantedDefect, ground: HuntingGround, invariant: RingInvariant) {
            for seed in 1...8 as ClosedRange<UInt64> {
                var simulation = Simulation(ground.scenario(seed: seed), planted: defect)
                guard let violation = simulation.run().violation else { continue }
                #expect(violation.invariant == .machine)
                #expect(violation.text.hasSuffix(invariant.text))
                return
            }
            Issue.record("\(defect.rawValue) was not noticed")
        }

        private func disappoints(_ defect: PlantedDefect) throws {
            let names = Self.cases(for: defect)
            #expect(!names.isEmpty)
            for name in names {
                let hard = try #require(HardCase.named(name))
                var simulation = Simulation(hard.scenario, planted: defect)
                simulation.record()
                let outcome = simulation.run()
                #expect(outcome.violation != nil || hard.disappointment(outcome) != nil, "\(name)")
            }
        }

        @Test("without a defect nothing is found", arguments: HuntingGround.allCases)
        func clean(ground: HuntingGround) {
            for seed in 1...3 as ClosedRange<UInt64> {
                var simulation = Simulation(ground.scenario(seed: seed))
                #expect(simulation.run().violation == nil)
            }
        }
    }
#endif
