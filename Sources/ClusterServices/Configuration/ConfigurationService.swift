import Basics
import TotemWire

/// Orders to nodes: stop, leave, read your configuration again, change keys (spec: services.md 4, ipc.md 7).
struct ConfigurationService: Sendable {
    private let nodeID: NodeID
    /// Own reload requests on their way round the ring.
    private var pending: [UInt64] = []
    private var lastRequest: UInt64 = 0

    init(nodeID: NodeID) { self.nodeID = nodeID }

    mutating func deliver(_ message: KillNode, from node: NodeID, _ out: inout ServiceOutputs) {
        out.log(
            .debug, .configuration, "request to kill node \(message.nodeID) (us=\(nodeID))", kind: .message(from: node))
        guard message.nodeID == nodeID else { return }
        let reason = printable(message.reason)
        out.log(.notice, .configuration, "Killed by node \(node) : \(reason)")
        out.event(.killed(by: node, reason: reason))
    }

    func deliver(_: Shutdown, from node: NodeID, _ out: inout ServiceOutputs) {
        out.log(.notice, .configuration, "Node \(node) was shut down by sysadmin", kind: .message(from: node))
        if node == nodeID { out.event(.shutdownRequested(.administrator)) }
    }

    mutating func deliver(_ message: ReloadConfiguration, from node: NodeID, _ out: inout ServiceOutputs) {
        out.log(.notice, .configuration, "Config reload requested by node \(node)", kind: .message(from: node))
        var request: UInt64?
        if node == nodeID, let index = pending.firstIndex(of: message.source.connection) {
            request = pending.remove(at: index)
        }
        out.event(.reloadRequested(by: node, request: request))
    }

    func deliver(_ message: CryptoReconfiguration, from node: NodeID, _ out: inout ServiceOutputs) {
        guard message.phase == 1 || message.phase == 2 else { return }
        out.event(.cryptoPhase(message.phase, of: node))
        guard node == nodeID else { return }
        out.log(.debug, .configuration, "Crypto reconfiguration phase \(message.phase)")
    }

    /// - Returns: a number by which the request is recognised when it comes back.
    mutating func requestReload(_ out: inout ServiceOutputs) -> UInt64 {
        lastRequest &+= 1
        pending.append(lastRequest)
        out.multicast(ReloadConfiguration(source: MessageSource(nodeID: nodeID, connection: lastRequest)))
        return lastRequest
    }
}
