import Basics
import Links
import TotemWire

/// Two machines and the way between them, on which everything arrives at once; a third host is played by the input.
final class LinksPair {
    static let me = HostID(1)
    static let peer = HostID(2)
    static let hostile = HostID(3)
    private static let linkCount: UInt8 = 2

    private var machine: KnetLinks
    /// Is told the same as the machine.
    private var twin: KnetLinks
    private var other: KnetLinks
    private var now = Instant(nanoseconds: 1_000_000_000)
    private var last: (packet: Outgoing, target: LinkTarget)?
    /// What the machine has said to the hostile host last.
    private(set) var lastStamp = PingStamp(0, 0)
    private(set) var lastProbe: UInt16 = 1500
    var lastSequence: UInt16 = 1
    private var isSealed: Bool
    private var deliveries = 0
    private var peerDeliveries = 0
    private var complaint: String?

    init(_ options: UInt8) {
        let policies = LinkPolicy.allCases
        let settings = KnetSettings(
            policy: policies[Int(options & 3) % policies.count], mtu: options & 4 == 0 ? 0 : 1400,
            probeInterval: options & 8 == 0 ? 30_000 : 700)
        isSealed = options & 16 != 0
        machine = Self.make(Self.me, settings, isSealed, now)
        twin = Self.make(Self.me, settings, isSealed, now)
        other = Self.make(Self.peer, settings, isSealed, now)
        for host in [Self.peer, Self.hostile] {
            for link in 0..<Self.linkCount { add(link, to: host) }
        }
        for link in 0..<Self.linkCount {
            guard let plan = Self.plan(link, Self.peer, Self.me) else { continue }
            try? other.add(plan, to: Self.me, now: now)
        }
    }

    private static func make(_ me: HostID, _ settings: KnetSettings, _ isSealed: Bool, _ now: Instant) -> KnetLinks {
        KnetLinks(
            me: me, settings: settings, keys: KeySlots(isSealed: isSealed),
            overhead: isSealed ? SealOverhead(hasCipher: true, hashSize: 32) : .clear,
            secret: LinkSecret(UInt64(me.rawValue), 7), now: now)
    }

    private static func address(_ host: HostID, _ link: UInt8) -> SocketAddress {
        SocketAddress(.v4(0x0A00_0000 | UInt32(link) << 16 | UInt32(host.rawValue)), port: 5405 + UInt16(link))
    }

    private static func plan(
        _ link: UInt8, _ me: HostID, _ host: HostID, _ timing: LinkTiming = LinkTiming(pingInterval: 300, timeout: 600)
    ) -> LinkSettings? {
        guard let number = LinkNumber(link) else { return nil }
        return LinkSettings(
            number: number, own: address(me, link), remote: address(host, link), timing: timing, priority: link)
    }

    private func add(_ link: UInt8, to host: HostID) {
        guard let plan = Self.plan(link, Self.me, host) else { return }
        try? machine.add(plan, to: host, now: now)
        try? twin.add(plan, to: host, now: now)
    }

    private var slot: KeySlot { machine.keys.inUse }

    // MARK: What happens

    func pass(milliseconds: UInt64) throws(Finding) {
        let end = now.adding(milliseconds: milliseconds)
        var calls = 0
        while let next = earliest(machine.nextDeadline, other.nextDeadline), next <= end {
            calls = next > now ? 0 : calls + 1
            try require(calls < 20, "a machine wants to be called for ever")
            now = max(now, next)
            machine.advance(to: now)
            twin.advance(to: now)
            other.advance(to: now)
            try settle()
        }
        now = end
    }

    /// The hostile host speaks, with the key if there is one.
    func say(_ bytes: [UInt8], link: UInt8) {
        receive(bytes, from: Self.address(Self.hostile, link & 1), link: link & 1, slot: slot)
    }

    /// Somebody without the key speaks in the peer's name or in nobody's; where nothing is sealed there is no difference.
    func forge(_ bytes: [UInt8], link: UInt8) {
        let source = link & 2 == 0 && isSealed ? Self.peer : HostID(9)
        guard machine.isKnown(Self.address(source, link & 1)) else {
            machine.rejected(from: Self.address(source, link & 1), now: now)
            twin.rejected(from: Self.address(source, link & 1), now: now)
            return
        }
        receive(bytes, from: Self.address(source, link & 1), link: link & 1, slot: .clear)
    }

    private func receive(_ bytes: [UInt8], from source: SocketAddress, link: UInt8, slot: KeySlot) {
        let socket = SocketNumber(link)
        let arrival = machine.receive(bytes.span, from: source, on: socket, openedWith: slot, now: now)
        let second = twin.receive(bytes.span, from: source, on: socket, openedWith: slot, now: now)
        if arrival != second { complaint = "two machines hear different things" }
        switch arrival {
        case .nothing: break
        case .packet(let packet):
            if packet.host == Self.peer { deliveries += 1 }
            let span = bytes.span
            let length = machine.bytes(of: packet, in: span).count
            if !(1...LinkSizes.packetLimit).contains(length) { complaint = "a packet of \(length) bytes" }
        case .compressed(let packet, let model):
            machine.decompressionFailed(packet, model, now: now)
            twin.decompressionFailed(packet, model, now: now)
        }
    }

    func report(mtu: Int?, to choice: UInt8) {
        let address = Self.address(choice & 2 == 0 ? Self.peer : Self.hostile, choice & 1)
        let socket = SocketNumber(choice & 1)
        if let mtu {
            machine.reported(mtu: mtu, to: address, on: socket, now: now)
            twin.reported(mtu: mtu, to: address, on: socket, now: now)
        } else {
            machine.reported(unreachable: address, on: socket, now: now)
            twin.reported(unreachable: address, on: socket, now: now)
        }
    }

    /// The kernel has not sent the machine's last packet to its last target.
    func refuse(_ kind: UInt8, mtu: Int) {
        guard let last else { return }
        let refusal: SendRefusal =
            switch kind & 3 {
            case 0: .tooLong(mtu: kind & 4 == 0 ? nil : mtu)
            case 1: .noRoom
            case 2: .unreachable
            default: .other
            }
        machine.refused(last.packet, to: last.target, because: refusal, now: now)
        twin.refused(last.packet, to: last.target, because: refusal, now: now)
    }

    func send(_ length: Int, to choice: UInt8) {
        let bytes = [UInt8](repeating: 0, count: length)
        let destination: PacketDestination = choice & 1 == 0 ? .everyone : .node(NodeID(UInt32(choice & 7)))
        let outcome = machine.send(bytes.span, to: destination, now: now)
        if twin.send(bytes.span, to: destination, now: now) != outcome { complaint = "two machines send differently" }
    }

    func setInterface(_ mtu: Int) {
        machine.interface(of: SocketNumber(0), mtu: mtu, now: now)
        twin.interface(of: SocketNumber(0), mtu: mtu, now: now)
    }

    /// A step of a change of keys, which all take at once.
    func changeKeys(_ step: UInt8) {
        var keys = machine.keys
        switch step & 3 {
        case 0: keys.prepare(isSealed: isSealed)
        case 1: keys.select()
        default: keys.settle()
        }
        let overhead = isSealed ? SealOverhead(hasCipher: true, hashSize: step & 4 == 0 ? 32 : 64) : .clear
        machine.seal(keys, overhead: overhead, now: now)
        twin.seal(keys, overhead: overhead, now: now)
        other.seal(keys, overhead: overhead, now: now)
    }

    func changeLinks(_ choice: UInt8) {
        guard let number = LinkNumber(choice & 1) else { return }
        if choice & 2 == 0 { return add(choice & 1, to: Self.hostile) }
        machine.remove(link: number, of: Self.hostile, now: now)
        twin.remove(link: number, of: Self.hostile, now: now)
    }

    func retime(interval: UInt16, timeout: UInt16, pongs: UInt8) {
        guard let number = LinkNumber(pongs & 1) else { return }
        let timing = LinkTiming(pingInterval: UInt32(interval), timeout: UInt32(timeout), pongCount: pongs >> 5)
        machine.configure(number, of: Self.hostile, timing, priority: pongs, now: now)
        twin.configure(number, of: Self.hostile, timing, priority: pongs, now: now)
    }

    // MARK: What comes of it

    /// Carries everything that is to be sent, until there is nothing more.
    func settle() throws(Finding) {
        var rounds = 0
        while machine.hasOutgoing || other.hasOutgoing {
            rounds += 1
            try require(rounds < 200, "the machines answer each other for ever")
            carryFromMachine()
            carryFromPeer()
        }
        var events = 0
        while let event = machine.nextEvent() {
            events += 1
            if twin.nextEvent() != event { complaint = "two machines tell different things" }
        }
        while other.nextEvent() != nil {}
        try require(events < 4000, "\(events) things to tell at once")
        try require(machine.unfinishedPackets <= 64, "\(machine.unfinishedPackets) packets wait")
        if let complaint { throw Finding(complaint) }
    }

    private func carryFromMachine() {
        while let packet = machine.nextOutgoing() {
            if twin.nextOutgoing() != packet { complaint = "two machines send unlike packets" }
            for index in 0..<packet.targetCount {
                let target = machine.target(index, of: packet)
                last = (packet, target)
                for piece in 0..<packet.count {
                    let bytes = machine.copy(piece, of: packet)
                    if target.host == Self.hostile { note(bytes) } else { arrive(bytes, target, packet.slot) }
                }
            }
        }
        _ = twin.nextOutgoing()
    }

    private func note(_ bytes: [UInt8]) {
        switch try? KnetPacket(decoding: bytes.span) {
        case .ping(let ping): lastStamp = ping.stamp
        case .probe(let probe): lastProbe = probe.packetSize
        default: break
        }
    }

    private func arrive(_ bytes: [UInt8], _ target: LinkTarget, _ slot: KeySlot) {
        let link = target.link.rawValue
        let source = Self.address(Self.me, link)
        if case .packet = other.receive(
            bytes.span, from: source, on: SocketNumber(link), openedWith: slot, now: now)
        {
            peerDeliveries += 1
        }
    }

    private func carryFromPeer() {
        while let packet = other.nextOutgoing() {
            for index in 0..<packet.targetCount {
                let link = other.target(index, of: packet).link.rawValue
                for piece in 0..<packet.count {
                    receive(
                        other.copy(piece, of: packet), from: Self.address(Self.peer, link), link: link,
                        slot: packet.slot)
                }
            }
        }
    }

    /// Whatever has come, the machine and its peer reach each other, and a packet of each arrives once.
    func checkIsAlive() throws(Finding) {
        try pass(milliseconds: 15_000)
        try require(machine.isReachable(Self.peer.nodeID), "the peer cannot be reached any more")
        try require(other.isReachable(Self.me.nodeID), "the peer does not reach the machine any more")
        (deliveries, peerDeliveries) = (0, 0)
        let bytes = [UInt8](repeating: 0, count: 3000)
        _ = machine.send(bytes.span, to: .node(Self.peer.nodeID), now: now)
        _ = twin.send(bytes.span, to: .node(Self.peer.nodeID), now: now)
        _ = other.send(bytes.span, to: .everyone, now: now)
        try settle()
        try require(peerDeliveries == 1, "the peer gets a packet \(peerDeliveries) times")
        try require(deliveries == 1, "the peer's packet arrives \(deliveries) times")
    }
}

extension KnetLinks {
    fileprivate func copy(_ index: Int, of packet: Outgoing) -> [UInt8] {
        let bytes = datagram(index, of: packet)
        var copy: [UInt8] = []
        for index in bytes.indices { copy.append(bytes[index]) }
        return copy
    }
}
