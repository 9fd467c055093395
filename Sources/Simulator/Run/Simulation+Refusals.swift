import Basics
import Totem
import TotemWire

/// Machines that refuse what no process takes.
extension Simulation {
    /// A datagram has come to a machine that gives it to nobody.
    mutating func refuse(_ node: Int, _ packet: Int32) {
        defer { packets.release(packet) }
        if nodes[node].isUp { disturb() }
        guard scenario.machinesRefuse, Beat.isBeat(packets[packet].span),
            let header = try? PacketHeader(decoding: packets[packet].span),
            let sender = checker.index(of: header.nodeID)
        else { return }
        guard let arrival = smallArrival(from: node, to: sender) else { return }
        queue.plan(.refusal(node: Int32(clamping: sender), by: Int32(clamping: node)), at: arrival)
    }

    mutating func hearRefusal(_ node: Int, by machine: Int) {
        guard nodes[node].isUp else { return }
        nodes[node].refusals.append(machine)
        guard !nodes[node].isPaused else { return }
        readRefusals(node)
        settle(node)
    }

    /// Takes in what has been refused, as what waits in an error queue.
    mutating func readRefusals(_ node: Int) {
        for machine in nodes[node].refusals {
            checker.refused(node, by: machine)
            trace.add(now, nodes[node].id, "hears that the machine of node \(nodes[machine].id) refuses its packet")
            nodes[node].ring.learn(.refused, of: nodes[machine].id, now: instant(node))
        }
        nodes[node].refusals = []
    }

    /// For a while a machine refuses all that comes for its process.
    mutating func reject(_ node: Int, milliseconds: UInt64) {
        trace.add(now, nodes[node].id, "its machine refuses all packets for \(milliseconds) ms")
        disturb()
        let end = min(now + milliseconds * 1_000_000, scenario.calmAt * 1_000_000)
        nodes[node].rejectsUntil = max(nodes[node].rejectsUntil, end)
    }

    /// Nanoseconds within which a ring is without a member whose machine refuses packets; nil when none is promised.
    func refusalBound(of node: Int, for others: [Int]) -> UInt64? {
        guard scenario.machinesRefuse, nodes[node].rejectsUntil <= now else { return nil }
        var bound: UInt64 = 0
        for other in others {
            let beat = UInt64(scenario.parameters(of: other).beat) * 1_000_000
            guard beat > 0 else { return nil }
            // Until it is sent, refused twice, and nothing has been heard for long enough.
            // A rotation that is under way may be longer than those before.
            let longest =
                nodes[other].ring.longestRotation(now: instant(other))
                + (nodes.contains { $0.lagsUntil > 0 } ? checker.keepTimes[other] : 0)
            bound = max(bound, beat + 3 * longest)
        }
        return bound + 150_000_000
    }
}
