import Basics
import TotemWire

/// What the configuration map tells the other nodes: its version, so that a node with an outdated configuration leaves
/// (spec: services.md 3).
struct MapService: Sendable {
    private let nodeID: NodeID
    private(set) var version: UInt64?
    private var highest: UInt64 = 0
    /// The check is made once in a daemon's life: in the first round with nodes from a former ring.
    private var checked = false
    private var comesFromFormerRing = false

    init(nodeID: NodeID, version: UInt64?) {
        self.nodeID = nodeID
        self.version = version
    }

    /// `totem.config_version` was set or removed. On removal the old version is announced once more.
    mutating func versionChanged(to new: UInt64?, _ out: inout ServiceOutputs) {
        guard new != version else { return }
        out.multicast(ConfigVersionMessage(reason: .changed, version: new ?? version))
        version = new
    }

    mutating func deliver(_ message: ConfigVersionMessage, from node: NodeID, _ out: inout ServiceOutputs) {
        guard message.reason != nil else { return }
        let received = message.version ?? 0
        if node != nodeID { highest = max(highest, received) }
        out.map("runtime.members.\(node).config_version", .u64(received))
    }

    mutating func synchronizationStarts(transitional: [NodeID]) {
        highest = version ?? 0
        comesFromFormerRing = !transitional.isEmpty
    }

    func synchronizationProcess(_ out: inout ServiceOutputs) {
        out.multicast(ConfigVersionMessage(reason: .synchronization, version: version))
    }

    mutating func synchronizationActivates(_ out: inout ServiceOutputs) {
        guard comesFromFormerRing else { return out.log(.debug, .map, "Single node sync -> no action") }
        guard !checked else { return out.log(.debug, .map, "Not first sync -> no action") }
        checked = true
        guard let mine = version, mine != 0 else {
            return out.log(.debug, .map, "My config version is 0 -> no action")
        }
        guard highest != mine else { return }
        out.log(
            .error, .map,
            "Received config version (\(highest)) is different than my config version (\(mine))! Exiting")
        out.event(.shutdownRequested(.configVersion(mine: mine, highest: highest)))
    }
}
