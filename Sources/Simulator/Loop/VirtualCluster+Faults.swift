import Totem
import TotemWire

/// Faults of the network, and what is the same for machines of both layers.
extension VirtualCluster {
    mutating func strike(_ fault: LayerFault<Plan.Own>) {
        guard !isCalm else { return }
        disturb()
        figures.faults += 1
        let (time, ids) = (now, scenario.nodes)
        recording?.note(fault, of: ids, at: time)
        switch fault {
        case .crash(let node, let sending): crash(node, sending)
        case .restart(let node): start(node)
        case .leave(let node): leave(node)
        case .pause(let node, let milliseconds): pause(node, milliseconds)
        case .own(let own): strike(own: own)
        default:
            trace.add(time, nil, fault.words(ids))
            strikeNetwork(fault)
        }
        struck(by: fault)
    }

    private mutating func strikeNetwork(_ fault: LayerFault<Plan.Own>) {
        switch fault {
        case .partition(let groups): eachNetwork { $0.partition(groups) }
        case .cut(let from, let to): eachNetwork { $0.cut(from: from, to: to) }
        case .mend(let from, let to): eachNetwork { $0.mend(from: from, to: to) }
        case .sever(let pairs): eachNetwork { $0.sever(pairs) }
        case .heal: eachNetwork { $0.heal() }
        case .conditions(let conditions): eachNetwork { $0.conditions = conditions }
        case .loss(let perMillion): eachNetwork { $0.conditions.lossPerMillion = perMillion }
        case .late(let node, let microseconds): eachNetwork { $0.delay(node, by: microseconds * 1000) }
        case .lose(let rule): eachNetwork { $0.lose(rule) }
        case .crash, .restart, .leave, .pause, .own: break
        }
    }

    private mutating func crash(_ node: Int, _ sending: Int) {
        guard nodes[node].isUp else { return }
        guard sending > 0 else { return die(node, "stops dead") }
        nodes[node].dyingAfter = sending
        trace.add(now, nodes[node].id, "will stop dead after \(sending) datagrams")
    }

    private mutating func pause(_ node: Int, _ milliseconds: UInt64) {
        guard nodes[node].isUp, !nodes[node].isPaused else { return }
        let time = now
        trace.add(time, nodes[node].id, "is paused for \(milliseconds) ms")
        nodes[node].isPaused = true
        recording?.note(.paused, of: node, at: time)
        nodes[node].resumeAt = now + milliseconds * 1_000_000
        queue.plan(.resume(node: Int32(node)), at: nodes[node].resumeAt)
    }

    mutating func resume(_ node: Int) {
        guard nodes[node].isUp, nodes[node].isPaused, nodes[node].resumeAt == now else { return }
        goOn(node)
    }

    /// Lets the faults strike that wait for `node` to enter the state it is in.
    mutating func strikeUponState(_ node: Int, beforeSending: Bool) {
        guard !waitingFaults.isEmpty, !isCalm else { return }
        var index = 0
        while index < waitingFaults.count {
            let planned = scenario.faults[waitingFaults[index]]
            guard case .entering(let watched, let phase, let count, let before) = planned.occasion,
                watched == node, before == beforeSending, nodes[node].phase == phase,
                nodes[node].entered[Int(phase.rawValue)] == count
            else {
                index += 1
                continue
            }
            waitingFaults.remove(at: index)
            strike(planned.fault)
            guard nodes[node].isUp else { return }
        }
    }

    mutating func notePhase(_ node: Int, _ phase: RingPhase) {
        guard phase != nodes[node].phase else { return }
        nodes[node].phase = phase
        phases.append(PhaseChange(time: now, node: node, phase: phase))
        nodes[node].entered[Int(phase.rawValue)] += 1
    }
}
