import Basics
import Links
import TotemWire

/// What becomes of packets, beside what should.
extension LinksSimulation {
    /// Asks the oracle what is to become of a packet that a machine is about to be given.
    mutating func expectation(
        _ flight: LinkFlight, _ origin: PacketOrigin, isReachable: Bool
    ) -> Acquaintance.Expectation {
        guard flight.nature == .genuine || flight.nature == .replayed, let from = flight.from, from == origin.sender
        else { return .either }
        let pair = flight.to * nodes.count + origin.sender
        let isReplayed = flight.nature == .replayed
        switch origin.kind {
        case .ping:
            let interval = UInt64(scenario.links[origin.link].timing.pingInterval) * 1_000_000
            checker.acquaintances[pair].heard(
                origin, isReplayed: isReplayed, interval: interval, belief: restartBelief, now: now)
            return .either
        case .data:
            guard isReachable else { return .either }
            let isSettled = isSettled(origin, at: flight.to)
            return checker.acquaintances[pair].expect(
                origin, isReplayed: isReplayed, isSettled: isSettled, belief: restartBelief, now: now)
        case .pong, .probe, .probeReply: return .either
        }
    }

    mutating func deliver(
        _ bytes: Span<UInt8>, _ flight: LinkFlight, _ carrier: PacketOrigin, _ expectation: Acquaintance.Expectation
    ) {
        let name = nodes[flight.to].id
        guard let said = PacketLedger.origin(bytes), let packet = ledger[said] else {
            return fail(.integrity, "node \(name) gets \(bytes.count) bytes that nobody has sent")
        }
        guard packet.length == bytes.count, packet.fingerprint == bytes.fingerprint else {
            return fail(.integrity, "node \(name) gets \(words(said)) with other bytes than were sent")
        }
        guard packet.receiver ?? flight.to == flight.to, said.sender != flight.to else {
            return fail(.integrity, "node \(name) gets \(words(said)), which is not for it")
        }
        guard said.sender == carrier.sender, said.life == carrier.life, said.number == carrier.number else {
            return fail(.integrity, "node \(name) gets \(words(said)) out of a piece of \(words(carrier))")
        }
        if case .refuse(let invariant) = expectation {
            fail(invariant, "node \(name) gets \(words(said)), which it must not get any more")
        }
        checker.acquaintances[flight.to * nodes.count + said.sender]
            .noteDelivered(said, isSettled: isSettled(said, at: flight.to))
        checker.noteReceived(said, by: flight.to)
    }

    /// Whether a node has noticed that a packet's sender is another process than before.
    private func isSettled(_ packet: PacketOrigin, at node: Int) -> Bool {
        guard packet.life > 0 else { return true }
        let since = max(nodes[packet.sender].startedAt, nodes[node].freeSince)
        return nodes[packet.sender].life == packet.life && now - since > restartBelief
    }

    /// A datagram that should have brought a packet, or a piece of one, brought nothing for the ring.
    mutating func noteDropped(_ flight: LinkFlight, _ origin: PacketOrigin, because reason: DropReason?) {
        guard origin.isWhole, origin.receiver ?? flight.to == flight.to else { return }
        let why = reason.map { " (\($0))" } ?? ""
        fail(.fresh, "node \(nodes[flight.to].id) drops \(words(origin)), which it has not got before\(why)")
    }

    /// Data has made its host reachable: the window has begun with it.
    mutating func noteBeginning(_ flight: LinkFlight, _ origin: PacketOrigin, in box: LinksBox) {
        guard let from = flight.from, box.links.isReachable(nodes[from].id) else { return }
        _ = expectation(flight, origin, isReachable: true)
    }

    func words(_ packet: PacketOrigin) -> String {
        "packet \(packet.number) of node \(nodes[packet.sender].id)"
            + (packet.life > 0 ? ", process \(packet.life + 1)" : "")
    }
}
