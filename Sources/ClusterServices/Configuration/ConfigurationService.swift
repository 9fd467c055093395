import Deadlines
import TotemWire

/// Orders to nodes: stop, leave, read your configuration again, change keys (spec: services.md 4, ipc.md 7).
struct ConfigurationService: Sendable {
    private let nodeID: NodeID
    var shutdownTimeout: UInt32
    /// Clients to be asked before a shutdown, ascending.
    private var trackers: [ClientID] = []
    private var question: ShutdownQuestion?
    /// Own reload requests on their way round the ring.
    private var reloads: [(token: UInt64, client: ClientID)] = []
    private var lastToken: UInt64 = 0

    init(nodeID: NodeID, shutdownTimeout: UInt32) {
        self.nodeID = nodeID
        self.shutdownTimeout = shutdownTimeout
    }

    var nextDeadline: Instant? { question?.deadline }

    mutating func deliver(_ message: KillNode, from node: NodeID, _ out: inout ServiceOutputs) {
        out.log(.debug, .configuration, "request to kill node \(message.nodeID) (us=\(nodeID))")
        guard message.nodeID == nodeID else { return }
        let reason = printable(message.reason)
        out.log(.notice, .configuration, "Killed by node \(node) : \(reason)")
        out.event(.killed(by: node, reason: reason))
    }

    func deliver(_: Shutdown, from node: NodeID, _ out: inout ServiceOutputs) {
        out.log(.notice, .configuration, "Node \(node) was shut down by sysadmin")
        if node == nodeID { out.event(.shutdownRequested(.administrator)) }
    }

    mutating func deliver(_ message: ReloadConfiguration, from node: NodeID, _ out: inout ServiceOutputs) {
        out.log(.notice, .configuration, "Config reload requested by node \(node)")
        var requester: ClientID?
        if node == nodeID, let index = reloads.firstIndex(where: { $0.token == message.source.connection }) {
            requester = reloads.remove(at: index).client
        }
        out.event(.reloadRequested(by: node, requester: requester))
    }

    func deliver(_ message: CryptoReconfiguration, from node: NodeID, _ out: inout ServiceOutputs) {
        out.log(.debug, .configuration, "Crypto reconfiguration phase \(message.phase)")
        guard node == nodeID, message.phase == 1 || message.phase == 2 else { return }
        out.event(.cryptoPhase(message.phase))
        if message.phase == 1 { out.multicast(CryptoReconfiguration(phase: 2)) }
    }

    mutating func requestReload(by client: ClientID, _ out: inout ServiceOutputs) {
        lastToken &+= 1
        reloads.append((lastToken, client))
        out.multicast(ReloadConfiguration(source: MessageSource(nodeID: nodeID, connection: lastToken)))
    }

    mutating func track(_ client: ClientID, _ out: inout ServiceOutputs) {
        guard !trackers.contains(client) else { return }
        trackers.insert(client, at: trackers.firstIndex { client < $0 } ?? trackers.endIndex)
        if let pending = question, !pending.decided {
            question?.add(client)
            out.notify(client, .configuration(.testShutdown(pending.flags)))
        }
    }

    mutating func stopTracking(_ client: ClientID, _ out: inout ServiceOutputs) {
        trackers.removeAll { $0 == client }
        question?.withdraw(client)
        settle(timeIsUp: false, &out)
    }

    /// - Returns: `false` when the answer comes later, as `ConfigurationEvent.shutdownDecided`.
    mutating func tryShutdown(
        _ client: ClientID, _ flags: ShutdownFlags, now: Instant, _ out: inout ServiceOutputs
    ) throws(ClientError) -> Bool {
        if flags == .immediate {
            out.multicast(Shutdown())
            return true
        }
        guard question == nil else { throw .exist }
        let voters = trackers.filter { $0 != client }
        let deadline = voters.isEmpty ? nil : now.adding(milliseconds: UInt64(shutdownTimeout))
        var asked = ShutdownQuestion(caller: client, flags: flags, voters: voters, deadline: deadline)
        if voters.isEmpty {
            _ = asked.decide(timeIsUp: true)
            out.multicast(Shutdown())
        }
        question = asked
        for voter in voters { out.notify(voter, .configuration(.testShutdown(flags))) }
        return voters.isEmpty
    }

    mutating func replyToShutdown(_ client: ClientID, agrees: Bool, _ out: inout ServiceOutputs) throws(ClientError) {
        guard question?.vote(client, agrees ? .yes : .no) == true else { throw .access }
        settle(timeIsUp: false, &out)
    }

    mutating func clientClosed(_ client: ClientID, _ out: inout ServiceOutputs) {
        reloads.removeAll { $0.client == client }
        if question?.caller == client { question = nil }
        stopTracking(client, &out)
    }

    mutating func advance(_ now: Instant, _ out: inout ServiceOutputs) {
        guard let deadline = question?.deadline, deadline <= now else { return }
        settle(timeIsUp: true, &out)
    }

    private mutating func settle(timeIsUp: Bool, _ out: inout ServiceOutputs) {
        guard let caller = question?.caller, let agreed = question?.decide(timeIsUp: timeIsUp) else { return }
        out.notify(caller, .configuration(.shutdownDecided(agreed ? nil : .busy)))
        if agreed {
            out.multicast(Shutdown())
        } else {
            question = nil
        }
    }
}
