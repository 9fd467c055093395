import ClusterLab
import Testing

extension Interoperability {
    /// A forger on the ring's network cannot end a daemon, nor keep the ring apart.
    @Suite struct BadPacketTests {
        /// Three nodes in the ring; a fourth machine that no node list names.
        private func ring(_ engine: Engine) throws -> Laboratory {
            var configuration = RingConfiguration.quick
            configuration.debug = false
            return try Mixture(engine, engine, engine).ring(configuration, machines: 4)
        }

        @Test("Packets from an address that is not in the node list do nothing at all", arguments: Engine.allCases)
        func unlisted(_ engine: Engine) throws {
            let lab = try ring(engine)
            defer { lab.close() }
            let forger = try Forger(on: lab.node(4))
            let state = try lab.ringState()
            let marks = lab.marks
            for forgery in forgeries(state, member: 2, stranger: 99) {
                for target in 1...3 { try forger.send(forgery.bytes, to: lab.node(target)) }
            }
            try [lab].rest(lab.timings.afterDeath)
            #expect(lab.membershipChanges(after: marks) == [0, 0, 0])
            try lab.expectWorking(version: 7)
        }

        /// Corosync takes part to show that the forger's packets arrive and are what they claim to be.
        @Test("Invalid packets from a member's address are dropped and counted", arguments: Engine.allCases)
        func invalid(_ engine: Engine) throws {
            let lab = try ring(engine)
            defer { lab.close() }
            let forger = try Forger(on: lab.node(2))
            let state = try lab.ringState()
            let marks = lab.marks
            let before = try lab.node(1).statistic("stats.srp.rx_msg_dropped")
            for forgery in forgeries(state, member: 2, stranger: 99) where forgery.effect == .nothing {
                // Corosync believes some of these; they are what Rondo must do better.
                if engine == .corosync && !forgery.name.hasPrefix("type") { continue }
                try forger.send(forgery.bytes, to: lab.node(1))
                try lab.expectAlive(after: forgery)
            }
            try lab.wait(for: "dropped packets to be counted", within: .seconds(5)) {
                try lab.node(1).statistic("stats.srp.rx_msg_dropped") >= before + 5
            }
            let dropped = try lab.node(1).statistic("stats.srp.rx_msg_dropped") - before
            if engine == .rondo { Summary.add("forger     Rondo dropped and counted \(dropped) invalid packets") }
            try [lab].rest(lab.timings.afterDeath)
            #expect(lab.membershipChanges(after: marks) == [0, 0, 0])
            try lab.expectWorking(version: 7)
        }

        /// Each well-formed lie on its own. What a lie may cost is one gathering; what it must not cost is a daemon, a
        /// member, the ring sequence numbers of years, or the service.
        @Test("Well-formed lies in a member's name: every daemon lives, the ring is whole again")
        func lies() throws {
            let lab = try ring(.rondo)
            defer { lab.close() }
            let forger = try Forger(on: lab.node(2))
            var state = try lab.ringState()
            // Noise is the storm's part.
            func lies(_ state: RingState) -> [Forgery] {
                forgeries(state, member: 2, stranger: 99)
                    .filter { $0.effect == .mayGather && !$0.name.hasPrefix("noise") }
            }
            for index in lies(state).indices {
                // Many lies depend on the ring's present state.
                let lie = lies(state)[index]
                for target in [1, 3] { try forger.send(lie.bytes, to: lab.node(target)) }
                try lab.expectAlive(after: lie)
                try lab.expectWorking(version: UInt64(index + 1), what: lie.name)
                let after = try lab.ringState()
                #expect(
                    after.ringSequence < state.ringSequence + lie.plausibleJump + 64,
                    "\(lie.name): ring sequence numbers were burnt")
                state = after
            }
        }

        @Test("A storm of every forged packet at every node, over and over")
        func storm() throws {
            let lab = try ring(.rondo)
            defer { lab.close() }
            let listed = try Forger(on: lab.node(2))
            let stranger = try Forger(on: lab.node(4))
            for round in 1...5 {
                let state = try lab.ringState()
                for forgery in forgeries(state, member: 2, stranger: 99) {
                    for target in 1...3 {
                        try listed.send(forgery.bytes, to: lab.node(target))
                        try stranger.send(forgery.bytes, to: lab.node(target))
                    }
                }
                try lab.expectWorking(version: UInt64(round), what: "round \(round)")
            }
        }
    }
}

extension Laboratory {
    /// What the ring's last token said, overheard at node 1.
    func ringState() throws -> RingState {
        let capture = try node(1).capture("udp port 5405")
        try [self].rest(.milliseconds(Int(timings.hold * 2.5)))
        let tokens = try capture.finish().filter { $0.totemType == 0 && $0.payload[0] == 0x70 }
        let known = Set(nodes.map(\.address))
        guard let state = tokens.filter({ known.contains($0.source) }).compactMap({ RingState(token: $0.payload) }).last
        else { throw LabError.unreadable("no token seen within two hold times\n\(report())") }
        return state
    }

    /// Throws when a daemon has ended.
    func expectAlive(after forgery: Forgery) throws {
        for node in nodes.prefix(3) where !node.isRunning {
            throw LabError.unreadable("\(forgery.name): node \(node.number) is gone\n\(node.report())")
        }
    }

    /// The three members are one ring again, in bounded time, and what one says reaches all.
    func expectWorking(version: UInt64, what: String = "") throws {
        do {
            let limit = timings.afterDeath + timings.afterDeath + margin
            try awaitRing([1, 2, 3], within: limit)
            for sender in 1...3 { try announce(version: version * 10 + UInt64(sender), from: sender) }
            try awaitVersions(
                [1: version * 10 + 1, 2: version * 10 + 2, 3: version * 10 + 3], within: limit)
        } catch {
            Issue.record("\(what): \(error)")
            throw error
        }
    }
}
