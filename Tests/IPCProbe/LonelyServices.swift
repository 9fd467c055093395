import Basics
import ClientProtocol
import ClusterEngine
import ClusterMap
import ClusterServices
import Totem
import TotemWire

/// The services between nodes on a ring of one: what a service multicasts comes back at once, in order.
struct LonelyServices {
    private var engine: ServiceEngine
    private var frontend = ServiceFrontend()
    private var outputs: [ServiceOutput] = []
    private static let node = NodeID(1)

    init(now: Instant, map: inout ClusterMap) throws {
        var quorum = QuorumConfiguration(provider: ServiceEngine.voteQuorumProvider)
        quorum.nodes = [QuorumConfiguration.NodeVotes(Self.node)]
        engine = ServiceEngine(configuration: ServicesConfiguration(nodeID: Self.node, quorum: quorum))
        try engine.start(now)
        // As a fresh node's first ring: the one below it is that of its ring id file.
        let ring = RingID(representative: Self.node, sequence: 5)
        for kind in [ConfigurationChange.Kind.transitional, .regular] {
            engine.configurationChanged(
                ConfigurationChange(
                    kind: kind, ringID: ring, members: [Self.node], joined: kind == .regular ? [Self.node] : []),
                now: now)
        }
        _ = circulate(now: now, map: &map)
    }

    mutating func connectionOpened(_ connection: ConnectionID, to service: LocalService) {
        frontend.connectionOpened(connection, to: service, services: &engine)
    }

    mutating func connectionClosed(
        _ connection: ConnectionID, of service: LocalService, now: Instant, map: inout ClusterMap
    ) -> [ClientMessage] {
        frontend.connectionClosed(connection, of: service, services: &engine)
        return circulate(now: now, map: &map)
    }

    /// - Returns: what is to be sent before the response, and what came back from the ring, after it.
    mutating func handle(
        _ request: Span<UInt8>, from connection: ConnectionID, of service: LocalService, now: Instant,
        map: inout ClusterMap, response: inout ByteWriter
    ) -> (RequestOutcome, before: [ClientMessage], multicasts: [(MessageGroup, [UInt8])]) {
        let outcome = frontend.handle(
            request, from: connection, of: service, services: &engine, now: now, response: &response)
        let (messages, multicasts) = carryOut(map: &map)
        return (outcome, messages, multicasts)
    }

    /// Brings messages round the ring, and those they cause.
    mutating func circulate(
        _ multicasts: [(MessageGroup, [UInt8])] = [], now: Instant, map: inout ClusterMap
    ) -> [ClientMessage] {
        var (messages, waiting) = carryOut(map: &map)
        waiting = multicasts + waiting
        var next = 0
        while next < waiting.count {
            let (group, bytes) = waiting[next]
            next += 1
            engine.deliver(group, bytes.span, from: Self.node, order: .native, now: now)
            let (more, follow) = carryOut(map: &map)
            messages += more
            waiting += follow
        }
        return messages
    }

    private mutating func carryOut(map: inout ClusterMap) -> ([ClientMessage], [(MessageGroup, [UInt8])]) {
        var messages: [ClientMessage] = []
        var multicasts: [(MessageGroup, [UInt8])] = []
        engine.takeOutputs(into: &outputs)
        for output in outputs {
            switch output {
            case .multicast(let group, let bytes): multicasts.append((group, bytes))
            case .map(let change):
                if let value = change.value {
                    try? map.set(change.key, value)
                } else {
                    try? map.delete(change.key)
                }
            case .notify(let connection, let notification):
                if let message = frontend.message(notification, to: connection) { messages.append(message) }
            case .log, .event: break
            }
        }
        return (messages, multicasts)
    }
}
