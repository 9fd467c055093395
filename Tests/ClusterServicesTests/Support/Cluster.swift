import Basics
import ClusterMap
import Totem
import TotemWire

@testable import ClusterServices

/// Nodes on a perfect ring, for tests that tell a story: every step ends when all is delivered.
struct Cluster {
    var ring: PerfectRing

    /// - Parameter alone: each node forms a ring of its own first, as it mostly does.
    init(
        _ nodes: [UInt32], alone: Bool = true, _ change: @escaping (inout ServicesConfiguration) -> Void = { _ in }
    ) throws {
        ring = PerfectRing(seed: 1) { try Node($0, of: nodes, change) }
        for node in nodes { try ring.start(node) }
        guard alone else { return }
        ring.form(nodes.map { [$0] })
        ring.settle()
    }

    /// The parts become rings of their own.
    mutating func form(_ parts: [UInt32]...) {
        ring.form(parts)
        ring.settle()
    }

    mutating func crash(_ node: UInt32) { ring.crash(node) }

    mutating func start(_ node: UInt32) throws { try ring.start(node) }

    mutating func advance(milliseconds: UInt64) {
        ring.advance(milliseconds: milliseconds)
        ring.settle()
    }

    /// The station of a node, which must be alive.
    subscript(_ node: UInt32) -> Node {
        get { ring.stations[ring.index(NodeID(node)) ?? 0].node }
        set { ring.stations[ring.index(NodeID(node)) ?? 0].node = newValue }
    }

    /// A request of a local client, and all that follows from it.
    @discardableResult
    mutating func on<Result>(_ node: UInt32, _ request: (inout ServiceEngine) -> Result) -> Result {
        let result = ring.onNode(ring.index(NodeID(node)) ?? 0, request)
        ring.settle()
        return result
    }

    /// The error of a request, `nil` when it succeeded.
    @discardableResult
    mutating func attempt(_ node: UInt32, _ request: (inout ServiceEngine) throws(ClientError) -> Void) -> ClientError?
    {
        on(node) { engine -> ClientError? in
            do throws(ClientError) {
                try request(&engine)
                return nil
            } catch {
                return error
            }
        }
    }

    /// A request on several nodes before any of them hears of the others'.
    mutating func onAll(_ nodes: [UInt32], _ request: (inout ServiceEngine) -> Void) {
        for node in nodes { ring.onNode(ring.index(NodeID(node)) ?? 0, request) }
        ring.settle()
    }

    func quorate(_ node: UInt32) -> Bool { self[node].engine.isQuorate }

    /// Forgets what the nodes have sent and said so far.
    mutating func forget() {
        for index in ring.stations.indices {
            ring.stations[index].node.sent = []
            ring.stations[index].collected = 0
            ring.stations[index].node.lines = []
            ring.stations[index].node.notifications = []
            ring.stations[index].node.events = []
            ring.stations[index].collectedEvents = 0
        }
    }

    /// Messages of group `services` that a node has sent since `forget`.
    func sent(_ node: UInt32) throws -> [AnyMessage] {
        try self[node].sent.filter { $0.group == .services }.compactMap { try AnyMessage($0.bytes) }
    }

    /// Flags of the votequorum records a node has sent of itself since `forget`.
    func sentFlags(_ node: UInt32) throws -> [UInt32] {
        try sent(node).compactMap { message in
            guard case .nodeInfo(let info) = message, info.nodeID.rawValue == node else { return nil }
            return info.flags.rawValue
        }
    }

    /// What one client has been told since `forget`.
    func heard(_ node: UInt32, _ client: ConnectionID) -> [ClientNotification] {
        self[node].notifications.filter { $0.client == client }.map(\.what)
    }
}
