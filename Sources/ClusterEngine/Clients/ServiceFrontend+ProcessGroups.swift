import ClientProtocol
import ClusterMap
import ClusterServices
import TotemWire

/// libcpg (spec: ipc.md 6).
extension ServiceFrontend {
    /// - Returns: nil for a multicast, which has no response.
    mutating func answer(
        _ request: CpgRequest, from connection: ConnectionID, _ services: inout ServiceEngine
    ) -> CpgResponse? {
        switch request {
        case .join(let group, let process, let wantsRing):
            guard !group.isTooLong else { return .join(.nameTooLong) }
            return .join(
                failure { () throws(ClientError) in
                    try services.joinGroup(connection, group: group.bytes, pid: process, wantsRing: wantsRing)
                })
        case .leave:
            // The connection's own group and process count, whatever the request names.
            return .leave(failure { () throws(ClientError) in try services.leaveGroup(connection) })
        case .multicast(let payload):
            // A sender in no group is told nothing: its library has reported success already.
            try? services.multicastToGroup(connection, payload: payload.span)
            return nil
        case .membership(let group):
            guard !group.isTooLong, let members = try? services.members(ofGroup: group.bytes) else {
                return .noMembership(.nameTooLong)
            }
            return .membership(members.map { CpgAddress($0) })
        case .localNode: return .localNode(services.nodeID)
        case .startIteration(let kind, let group): return startIteration(kind, group, of: connection, &services)
        case .iterate(let handle): return iterate(handle, of: connection, &services)
        case .endIteration(let handle):
            let error = failure { () throws(ClientError) in try services.endGroupIteration(connection, handle) }
            if error == nil { iterations[connection, default: 1] -= 1 }
            return .endIteration(error == nil ? nil : .library)
        case .finalize:
            finalized.insert(connection)
            return .finalize
        case .bufferMulticast(let payload):
            return .bufferMulticast(
                failure { () throws(ClientError) in
                    try services.multicastToGroup(connection, payload: payload.span)
                })
        case .noBuffer: return .noBuffer
        case .fragment(let position, let messageLength, let payload):
            return .fragment(
                failure { () throws(ClientError) in
                    try services.multicastFragmentToGroup(
                        connection, messageLength: messageLength, position: FragmentPosition(position),
                        payload: payload)
                })
        }
    }

    private mutating func startIteration(
        _ kind: CpgIterationKind, _ group: CpgName, of connection: ConnectionID, _ services: inout ServiceEngine
    ) -> CpgResponse {
        guard iterations[connection, default: 0] < Self.iterationLimit else { return .iterationRefused(.noResources) }
        let shown: GroupIteration
        switch kind {
        case .names: shown = .names
        case .all: shown = .all
        case .oneGroup:
            guard !group.isTooLong, let name = GroupName(group.bytes) else { return .iterationRefused(.nameTooLong) }
            shown = .oneGroup(name)
        }
        iterations[connection, default: 0] += 1
        return .iterationStarted(handle: services.beginGroupIteration(connection, shown))
    }

    private func iterate(
        _ handle: UInt64, of connection: ConnectionID, _ services: inout ServiceEngine
    ) -> CpgResponse {
        do {
            guard let process = try services.nextOfGroupIteration(connection, handle) else {
                return .iterationEnded(.noSections)
            }
            return .iterated(group: process.group.bytes, node: process.nodeID, process: process.pid)
        } catch {
            return .iterationEnded(.library)
        }
    }
}

extension CpgAddress {
    init(_ member: GroupMember) {
        self.init(node: member.nodeID, process: member.pid, reason: member.reason.rawValue)
    }
}

extension FragmentPosition {
    fileprivate init(_ position: CpgFragmentPosition) {
        switch position {
        case .first: self = .first
        case .middle: self = .continued
        case .last: self = .last
        }
    }
}

extension CpgFragmentPosition {
    init(_ position: FragmentPosition) {
        switch position {
        case .first: self = .first
        case .continued: self = .middle
        case .last: self = .last
        }
    }
}
