import Basics
import CaptureFiles
import TotemWire

/// What the packets so far have told: which node sits where, what was seen before, and when.
struct RingObserver: Sendable {
    /// What makes a packet the same as an earlier one. Copies for several destinations are several packets.
    enum Identity: Hashable, Sendable {
        case token(ring: String, UInt32, SocketAddress?)
        case message(ring: String, UInt32, SocketAddress?)
    }

    private struct Hop: Hashable, Sendable {
        var source: SocketAddress
        var destination: SocketAddress
    }

    /// Packets remembered; then it starts afresh, so that a long capture does not fill the memory.
    private static let capacity = 1 << 17
    /// Nodes and rings named in a summary: more than a ring has members.
    private static let namesKept = 512

    private var owners: [IPAddress: NodeID] = [:]
    private var seen: Set<Identity> = []
    private var lastOfKind: [PacketKind: CaptureTime] = [:]
    private var lastOfHop: [Hop: CaptureTime] = [:]
    private var lastToken: CaptureTime?
    /// Nodes and rings by their names, as they came.
    private(set) var nodes: [String] = []
    private(set) var rings: [String] = []

    /// A packet that its own node sent came from `address`.
    mutating func learn(_ node: NodeID, at address: IPAddress) {
        if owners.count < 4096 || owners[address] != nil { owners[address] = node }
    }

    func node(at address: IPAddress) -> NodeID? { owners[address] }

    mutating func see(node: String, ring: String?) {
        if nodes.count < RingObserver.namesKept, node != "0", !nodes.contains(node) { nodes.append(node) }
        if let ring, rings.count < RingObserver.namesKept, !rings.contains(ring) { rings.append(ring) }
    }

    /// Whether a packet of this identity was seen before; it is remembered from now on. Without a destination there
    /// is no telling a repetition from a copy.
    mutating func isRepeated(_ identity: Identity) -> Bool {
        switch identity {
        case .token(_, _, nil), .message(_, _, nil): return false
        case .token, .message: break
        }
        if seen.count >= RingObserver.capacity { seen = [] }
        return !seen.insert(identity).inserted
    }

    mutating func tokenSeen(at time: CaptureTime?) { lastToken = time ?? lastToken }

    /// `, 209.131 ms after the last token`.
    func sinceToken(_ time: CaptureTime?) -> String {
        guard let time, let lastToken else { return "" }
        return ", \(milliseconds(time.nanoseconds(since: lastToken))) after the last token"
    }

    mutating func interval(of kind: PacketKind, at time: CaptureTime) -> Int64? {
        defer { lastOfKind[kind] = time }
        return lastOfKind[kind].map { time.nanoseconds(since: $0) }
    }

    mutating func rotation(from source: SocketAddress, to destination: SocketAddress, at time: CaptureTime) -> Int64? {
        let hop = Hop(source: source, destination: destination)
        if lastOfHop.count > 65_536 { lastOfHop = [:] }
        defer { lastOfHop[hop] = time }
        return lastOfHop[hop].map { time.nanoseconds(since: $0) }
    }
}
