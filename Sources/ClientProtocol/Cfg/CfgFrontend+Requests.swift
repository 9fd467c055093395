import Basics
import ClusterMap
import TotemWire

extension CfgFrontend {
    /// - Returns: nil when the response comes later.
    mutating func answer(
        _ request: CfgRequest, from connection: ConnectionID, status: ClusterStatus, map: ClusterMap, now: Instant
    ) -> CfgResponse? {
        switch request {
        case .ringStatus: return .ringStatus(status.ringInterfaces)
        case .ringReenable: return .ringReenable
        case .killNode(let node, let reason):
            guard map["runtime.members.\(node).status"]?.text == "joined" else { return .killNode(.notExist) }
            actions.append(.killNode(node, reason: reason))
            return .killNode(nil)
        case .tryShutdown(let kind):
            let timeout = map["cfg.shutdown_timeout"]
            return tryShutdown(kind, for: connection, deadline: now.adding(milliseconds: timeout.milliseconds))
        case .replyToShutdown(let agrees):
            guard let isVoter = session?.vote(connection, agrees: agrees), isVoter else {
                return .replyToShutdown(.access)
            }
            decide()
            return .replyToShutdown(nil)
        case .nodeAddresses(let node): return status.addresses(of: node)
        case .localNode: return .localNode(status.localNode)
        case .reload:
            reload(for: connection)
            return nil
        case .reopenLogs:
            actions.append(.reopenLogs)
            return .reopenLogs(nil)
        case .nodeStatus(let node, let version): return status.record(of: node, version: version)
        case .trackShutdown:
            startTracking(connection)
            return .trackShutdown
        case .stopTracking:
            stopTracking(connection)
            return .stopTracking
        }
    }

    private mutating func tryShutdown(
        _ kind: ShutdownKind, for caller: ConnectionID, deadline: Instant
    ) -> CfgResponse? {
        if kind == .immediate {
            actions.append(.shutDown)
            return .tryShutdown(nil)
        }
        guard session == nil else { return .tryShutdown(.exist) }
        let voters = trackers.filter { $0 != caller }
        var session = ShutdownSession(caller: caller, kind: kind, deadline: deadline, voters: voters)
        session.isDecided = voters.isEmpty
        self.session = session
        if voters.isEmpty {
            actions.append(.shutDown)
            return .tryShutdown(nil)
        }
        for voter in voters { ask(voter, about: kind) }
        return nil
    }

    /// Ends the vote if every voice is in.
    mutating func decide() {
        guard let session, !session.isDecided else { return }
        switch session.outcome {
        case .open: return
        case .shutDown:
            send(.tryShutdown(nil), to: session.caller)
            actions.append(.shutDown)
            self.session?.isDecided = true
        case .refused:
            send(.tryShutdown(.busy), to: session.caller)
            self.session = nil
        }
    }

    private mutating func startTracking(_ connection: ConnectionID) {
        guard !trackers.contains(connection) else { return }
        trackers.append(connection)
        guard let session, !session.isDecided, session.caller != connection else { return }
        self.session?.add(connection)
        ask(connection, about: session.kind)
    }

    mutating func stopTracking(_ connection: ConnectionID) {
        trackers.removeAll { $0 == connection }
        if session?.vote(connection, agrees: true) == true { decide() }
    }
}

extension Optional where Wrapped == MapValue {
    /// The time in `cfg.shutdown_timeout`, a u32 of milliseconds; the default when it is absent or something else.
    fileprivate var milliseconds: UInt64 {
        guard case .u32(let milliseconds)? = self else { return CfgFrontend.defaultShutdownTimeout }
        return UInt64(milliseconds)
    }
}
