import Basics
import ClientProtocol
import ClusterMap
import ClusterServices
import TotemWire

/// libquorum and libvotequorum (spec: ipc.md 9, 10).
extension ServiceFrontend {
    mutating func answer(
        _ request: QuorumRequest, from connection: ConnectionID, _ services: inout ServiceEngine
    ) -> QuorumResponse {
        switch request {
        case .isQuorate: return .isQuorate(services.isQuorate)
        case .track(let flags):
            return .track(
                failure { () throws(ClientError) in
                    try services.trackQuorum(connection, QuorumTracking(rawValue: flags))
                })
        case .stopTracking:
            services.stopTrackingQuorum(connection)
            return .stopTracking
        case .providerType: return .providerType(services.quorumType)
        case .selectModel(let number):
            guard let model = QuorumModel(rawValue: number) else {
                return .selectModel(services.quorumType, .invalidParameter)
            }
            quorumModels[connection] = model
            services.setQuorumModel(connection, model)
            return .selectModel(services.quorumType, nil)
        }
    }

    /// - Returns: nil when the response comes later.
    func answer(
        _ request: VotequorumRequest, from connection: ConnectionID, _ services: inout ServiceEngine, now: Instant
    ) -> VotequorumResponse? {
        do {
            switch request {
            case .info(let node):
                do {
                    return .info(VoteRecordInfo(try services.voteInfo(of: node)))
                } catch {
                    return .noInfo(error)
                }
            case .setExpected(let votes): try services.setExpectedVotes(votes)
            case .setVotes(let votes, let node): try services.setVotes(votes, of: node)
            case .track(let context, let flags):
                try services.trackVotes(connection, context: context, QuorumTracking(rawValue: flags))
            case .stopTracking: try services.stopTrackingVotes(connection)
            case .registerDevice(let name):
                guard try services.registerDevice(connection, name: name) else { return nil }
            case .unregisterDevice(let name): try services.unregisterDevice(name: name, now: now)
            case .renameDevice(let old, let new): try services.renameDevice(from: old, to: new)
            case .pollDevice(let name, let castsVote, let ring):
                try services.pollDevice(name: name, castsVote: castsVote, ringID: ring, now: now)
            case .setMasterWins(let name, let allowed): try services.setDeviceMasterWins(name: name, allowed)
            case .setDeviceInformation(let bytes): try services.setDeviceInformation(connection, bytes)
            case .deviceInformation(let node):
                do {
                    return .deviceInformation(try services.deviceInformation(of: node, for: connection))
                } catch {
                    return .noDeviceInformation(error)
                }
            }
            return .status(nil)
        } catch {
            return .status(error)
        }
    }
}

extension VoteRecordInfo {
    fileprivate init(_ info: VoteQuorumInfo) {
        self.init(node: info.nodeID)
        state = info.state.rawValue
        votes = info.votes
        expectedVotes = info.expectedVotes
        highestExpected = info.highestExpected
        totalVotes = info.totalVotes
        quorum = info.quorum
        flags = info.flags
        deviceVotes = info.deviceVotes
        deviceName = info.deviceName
    }
}
