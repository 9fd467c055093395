import Basics
import ClusterServices
import Totem
import TotemWire

/// The services of one node under a ring of the input's making: any messages from any node, any sequence of
/// configurations. Then a configuration in which the others keep to the protocol must be agreed upon.
enum ServiceTarget {
    static func run(_ input: [UInt8]) throws(Finding) {
        var reader = InputReader(input)
        guard var script = ServiceScript(options: reader.u8()) else { return }
        var operations = 0
        while !reader.isAtEnd, operations < 128 {
            operations += 1
            script.act(&reader)
        }
        try script.makePeace()
    }
}

/// One node's services, and what the ring hands them.
private struct ServiceScript {
    private var services: ServiceEngine
    private var now = Instant(nanoseconds: 1_000_000_000)
    private var ring = RingID(representative: NodeID(1), sequence: 1)
    private var earlier = RingID(representative: NodeID(1), sequence: 1)
    private var members: [NodeID] = []
    /// What this node has multicast and not heard yet.
    private var pending: [(MessageGroup, [UInt8])] = []
    private var outputs: [ServiceOutput] = []
    private var outputBytes = 0
    private var broken: ServiceInvariant?

    init?(options: UInt8) {
        var quorum = QuorumConfiguration(provider: options & 1 == 0 ? "corosync_votequorum" : nil)
        quorum.nodes = (1...4).map { QuorumConfiguration.NodeVotes(NodeID($0)) }
        quorum.waitForAll = options & 2 == 0 ? nil : true
        quorum.autoTieBreaker = options & 4 != 0
        quorum.lastManStanding = options & 8 != 0
        quorum.lastManStandingWindow = 500
        quorum.expectedVotesTracking = options & 16 != 0
        quorum.allowDownscale = options & 32 != 0
        if options & 64 != 0 { quorum.device = .init(votes: 1, timeout: 500, syncTimeout: 900) }
        let version: UInt64? = options & 128 == 0 ? nil : 5
        services = ServiceEngine(
            configuration: ServicesConfiguration(nodeID: NodeID(1), configVersion: version, quorum: quorum))
        do { try services.start(now) } catch { return nil }
        take()
        change(to: [1, 2, 3])
    }

    mutating func act(_ reader: inout InputReader) {
        switch reader.u8() % 16 {
        case 0: change(to: [1] + (2...5).filter { _ in reader.u8() & 1 != 0 })
        case 1: change(to: [1, 2, 3])
        case 2: hearOwn(count: Int(reader.u8()))
        case 3:
            now = now.adding(milliseconds: UInt64(reader.u8()) * 8)
            services.advance(now)
            take()
        case 4: others(sayBarriers: reader.u8())
        default:
            let node = NodeID(UInt32(reader.below(5)) + 1)
            var (group, bytes) = MessageScript.message([ring, earlier], &reader)
            let flags = reader.u8()
            if flags & 0xE0 == 0xE0 { MessageScript.damage(&bytes, &reader) }
            deliver(group, bytes, from: node, order: flags & 0x1F == 0x1F ? .big : .little)
        }
    }

    /// A ring with the two first neighbours, who synchronise as the protocol wants it.
    mutating func makePeace() throws(Finding) {
        change(to: [1, 2, 3])
        for _ in 0..<64 where services.isSynchronizing {
            hearOwn(count: 64)
            others(sayBarriers: 0xFF)
            now = now.adding(milliseconds: 500)
            services.advance(now)
            take()
        }
        if let broken { throw Finding("the services break an invariant of their own: \(broken.text)") }
        // A node that was told to end, or that has a quorum device to wait for, owes nothing.
        try require(!services.isSynchronizing || hasUnloaded, "the services do not come to agree in ring \(ring)")
        try require(outputBytes < 64 << 20, "\(outputBytes) bytes of messages")
    }

    private var hasUnloaded = false

    private mutating func change(to numbers: [UInt32]) {
        earlier = ring
        ring.sequence += 4
        // What has not been sent before a change is sent after it; what has is delivered before, or is lost with others.
        pending = []
        let next = numbers.map { NodeID($0) }
        let stayed = next.filter { members.isEmpty ? $0 == NodeID(1) : members.contains($0) }
        services.configurationChanged(
            ConfigurationChange(
                kind: .transitional, ringID: ring, members: stayed, left: members.filter { !next.contains($0) }),
            now: now)
        take()
        services.configurationChanged(
            ConfigurationChange(
                kind: .regular, ringID: ring, members: next, joined: next.filter { !stayed.contains($0) }),
            now: now)
        members = next
        take()
    }

    private mutating func hearOwn(count: Int) {
        for _ in 0..<min(count, pending.count) {
            let (group, bytes) = pending.removeFirst()
            deliver(group, bytes, from: NodeID(1), order: .native)
        }
    }

    /// The others say which services they have, then that they have finished the one in hand.
    private mutating func others(sayBarriers bits: UInt8) {
        for (index, node) in members.enumerated() where node != NodeID(1) && bits >> UInt8(index & 7) & 1 != 0 {
            var writer = ByteWriter()
            ServiceBuild(ringID: ring, services: [0, 2, 3, 5]).encode(into: &writer)
            deliver(.synchronization, writer.take(), from: node, order: .native)
            Barrier(ringID: ring).encode(into: &writer)
            deliver(.synchronization, writer.take(), from: node, order: .native)
        }
    }

    private mutating func deliver(_ group: MessageGroup, _ bytes: [UInt8], from node: NodeID, order: ByteOrder) {
        services.deliver(group, bytes.span, from: node, order: order, now: now)
        take()
    }

    private mutating func take() {
        if broken == nil { broken = services.brokenInvariant() }
        services.takeOutputs(into: &outputs)
        for output in outputs {
            switch output {
            case .multicast(let group, let bytes):
                outputBytes += bytes.count
                if pending.count < 256 { pending.append((group, bytes)) }
            case .log(let line): outputBytes += line.text.utf8.count
            case .event(.shutdownRequested):
                services.unload(now)
            case .event(.allUnloaded): hasUnloaded = true
            case .event(.measure(let resource)): services.measured(resource, 1, now: now)
            default: break
            }
        }
    }
}
