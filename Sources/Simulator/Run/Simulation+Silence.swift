import Basics
import Totem
import TotemWire

/// Machines that are asked whether they are there, and nodes that hear nobody.
extension Simulation {
    /// Asks the machines that the node's ring wants to know of.
    mutating func ask(_ node: Int) {
        while let id = nodes[node].ring.takeQuestion() {
            guard let machine = checker.index(of: id) else { continue }
            trace.add(now, nodes[node].id, "asks whether the machine of node \(id) is there")
            if let arrival = smallArrival(from: node, to: machine) {
                queue.plan(.question(node: Int32(clamping: machine), by: Int32(clamping: node)), at: arrival)
            }
        }
    }

    /// A machine answers as long as it runs, whatever its processes do. Where machines do not refuse packets, a node that
    /// stops dead has lost its machine.
    mutating func answer(_ node: Int, to asker: Int) {
        guard nodes[node].isUp || scenario.machinesRefuse, nodes[node].frozenUntil <= now else { return }
        if let arrival = smallArrival(from: node, to: asker) {
            queue.plan(.answer(node: Int32(clamping: asker), by: Int32(clamping: node)), at: arrival)
        }
    }

    mutating func hearAnswer(_ node: Int, of machine: Int) {
        guard nodes[node].isUp else { return }
        nodes[node].answers.append(machine)
        guard !nodes[node].isPaused else { return }
        readAnswers(node)
        settle(node)
    }

    /// Takes in what machines have answered, as what waits in a socket.
    mutating func readAnswers(_ node: Int) {
        for machine in nodes[node].answers {
            trace.add(now, nodes[node].id, "hears that the machine of node \(nodes[machine].id) is there")
            checker.signs.note(node, of: machine, at: now, limit: silenceTime)
            nodes[node].ring.machineAnswered(nodes[machine].id, now: instant(node))
        }
        nodes[node].answers = []
    }

    /// A datagram is taken in: its sender is there.
    mutating func noteSign(_ node: Int, _ bytes: Span<UInt8>) {
        guard scenario.parameters.silence > 0, let header = try? PacketHeader(decoding: bytes), header.type != .mcast,
            let sender = checker.index(of: header.nodeID)
        else { return }
        checker.signs.note(node, of: sender, at: now, limit: silenceTime)
    }

    /// For a while a whole machine does not run.
    mutating func freeze(_ node: Int, milliseconds: UInt64) {
        guard nodes[node].isUp, !nodes[node].isPaused else { return }
        nodes[node].frozenUntil = now + milliseconds * 1_000_000
        strike(.pause(node: node, milliseconds: milliseconds))
    }

    mutating func struck(by fault: Fault) {
        if case .pause(let node, _) = fault, nodes[node].isPaused { checker.nodes[node].pausedAt = now }
    }

    private var silenceTime: UInt64 { UInt64(scenario.parameters.silence) * 1_000_000 }

    /// Nanoseconds after which a ring is without a member whose machine is lost; nil when none is promised.
    func silenceBound(of node: Int, for others: [Int]) -> UInt64? {
        guard scenario.parameters.silence > 0, !scenario.machinesRefuse, network.isImpartial else { return nil }
        let beat = UInt64(scenario.parameters.beat) * 1_000_000
        var bound: UInt64 = 0
        for other in others {
            guard let limit = nodes[other].ring.silenceLimit(of: nodes[node].id, now: instant(other)),
                nodes[other].ring.hearsBeats
            else { return nil }
            bound = max(bound, limit)
        }
        // What is told by one of the others comes with its next beat.
        return bound + 3 * beat + bound / 100
    }

    /// A node counts others as failed because nothing is heard of them.
    mutating func checkSilence(_ node: Int, of accused: [NodeID]) {
        // Clocks may run faster than the true time by half a hundredth.
        let least = silenceTime / 100 * 99
        let beat = UInt64(scenario.parameters.beat) * 1_000_000
        for id in accused {
            guard let machine = checker.index(of: id) else { continue }
            checker.requireSilence(node, of: machine, id, for: least, beat: beat)
            for witness in nodes.indices
            where witness != node && witness != machine && nodes[witness].isUp && !nodes[witness].isPaused
                && nodes[witness].ring.members == nodes[node].ring.members && !accused.contains(nodes[witness].id)
                && nodes[witness].ring.hearsBeats && !nodes[node].ring.failedMembers.contains(nodes[witness].id)
            {
                checker.requireAgreement(node, of: machine, id, by: witness, beat: beat)
            }
        }
    }

    /// A node that has heard nothing of anybody is to be alone by now.
    mutating func checkPromise(_ node: Int) {
        // Of two nodes each waits for the other, whose patience may be stretched. Who forges packets of a member can make a node believe that it hears it.
        guard scenario.parameters.silence > 0, !scenario.hasForger, !scenario.hasStranger,
            nodes[node].ring.members.count > 2, !nodes[node].isPaused, nodes[node].ring.promisedSilence > 0,
            nodes[node].ring.hearsBeats, nodes[node].callTime == 0
        else { return }
        let members = nodes[node].ring.members
        var latest = max(checker.nodes[node].resumedAt, checker.nodes[node].installedAt)
        for (place, other) in nodes.enumerated() where place != node && members.contains(other.id) {
            latest = max(latest, checker.signs.last(node, of: place))
        }
        // Forming a ring of its own takes some rounds with itself.
        let bound = silenceTime + silenceTime / 100 + UInt64(scenario.parameters.beat) * 4_000_000 + 20_000_000
        checker.require(now <= latest + bound, .promiseIsKept) { [now] checker in
            "node \(checker.ids[node]) has heard nobody of its ring for \((now - latest) / 1_000_000) ms and has not given it up; "
                + "\(bound / 1_000_000) ms are due"
        }
    }
}
