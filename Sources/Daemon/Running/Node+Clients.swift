import Basics
import CPosix
import ClientProtocol
import ClusterMap
import ClusterServices
import Glibc
import LocalIPC
import TotemWire

/// Local programs: what their server asks of the daemon.
extension Node: LocalIPCHost {
    func startClients() throws(StartFailure) {
        let server = LocalIPCServer(loop: loop, host: self, limits: engine.configuration.waitingLimits)
        clients = server
        let hasVotes = engine.configuration.services.quorum.provider == ServiceEngine.voteQuorumProvider
        if configuration.system.ipcType == .socket {
            logger.log(
                .notice, .main,
                "Local programs are served through shared memory, though system.qb_ipc_type asks for sockets: they learn it "
                    + "as they connect")
        }
        for service in LocalService.allCases where service != .votequorum || hasVotes {
            do throws(LocalIPCError) {
                try server.start(service)
            } catch {
                throw StartFailure(.service, .services, error.description)
            }
        }
    }

    func decideAccess(to service: LocalService, user: UInt32, group: UInt32) -> AccessDecision {
        if let line = descriptors.update(used: usedDescriptors) { logger.log(line) }
        return engine.decideAccess(user: user, group: group, isLowOnDescriptors: descriptors.isLow)
    }

    var mayAccept: Bool { descriptors.allowsRefusals(used: usedDescriptors) }

    /// What the loop watches.
    private var usedDescriptors: Int { loop.count }

    func connectionOpened(_ identity: ConnectionIdentity, to service: LocalService) {
        engine.connectionOpened(identity, to: service)
        carryOutDirectives()
    }

    func connectionClosed(_ connection: ConnectionID, of service: LocalService) {
        engine.connectionClosed(connection, of: service, now: EventLoop.clock())
        carryOutDirectives()
    }

    func reserveRoom(bytes: Int) -> Bool { engine.reserveRoom(bytes: bytes) }

    func releaseRoom() { engine.releaseRoom() }

    func programsLag(by bytes: Int, most program: ConnectionIdentity?) {
        guard engine.programsLag(by: bytes, most: program, now: loop.now) else { return }
        // A token that was kept for them goes on, and clients hear of it.
        settle(now: loop.now)
    }

    var isSynchronizing: Bool { engine.isSynchronizing }

    func handle(
        _ request: Span<UInt8>, from connection: ConnectionID, of service: LocalService, response: inout ByteWriter
    ) -> RequestOutcome {
        isHandlingRequest = true
        defer { isHandlingRequest = false }
        if service == .cmap, engine.readsStatistics(connection) { refreshConnectionStatistics() }
        let outcome = engine.handle(request, from: connection, of: service, now: loop.now, response: &response)
        if case .answered = outcome { loop.noteAnswer() }
        // Events that the request caused come before its response.
        carryOutDirectives()
        return outcome
    }

    func log(_ line: LogLine) { logger.log(line) }

    private func refreshConnectionStatistics() {
        if case .links(let transport) = transport { engine.update(transport.times) }
        guard let clients else { return }
        for connection in clients.connectionIDs {
            if let figures = clients.statistics(of: connection) { engine.update(connection, figures) }
        }
    }
}

/// Room for file descriptors, by the limit of the process (spec: ipc.md 2.2).
struct DescriptorAllowance {
    private var budget = DescriptorBudget()

    /// Asked each time: it may be changed from outside.
    private var limit: Int { Int(rondo_descriptor_limit()) }

    /// Whether a connection may be accepted at all, if only to be told that there are too many.
    func allowsRefusals(used: Int) -> Bool { budget.allowsRefusals(limit: limit, used: used) }

    var isLow: Bool { budget.isLow }

    /// Returns the line to log when there have just become too few, or enough again.
    mutating func update(used: Int) -> LogLine? {
        guard let available = budget.update(limit: limit, used: used) else { return nil }
        return budget.isLow
            ? LogLine(
                .warning, .main, "refusing new connections (fds_available:\(available))", kind: .descriptors)
            : LogLine(.notice, .main, "allowing new connections (fds_available:\(available))", kind: .descriptors)
    }
}
