import Basics
import TotemWire

extension VoteQuorum {
    func brokenInvariant() -> ServiceInvariant? {
        guard own.nodeID == nodeID, others.count < Self.recordLimit,
            zip(others, others.dropFirst()).allSatisfy({ VoteRecord.rank($0.nodeID) < VoteRecord.rank($1.nodeID) }),
            !others.contains(where: { $0.nodeID == nodeID })
        else { return .votersAscend }
        guard own.flags.contains(.quorate) == isQuorate, own.flags.contains(.waitsForAll) == waitsForAll else {
            return .flagsTellState
        }
        guard threshold > 0 || ringID == .none else { return .thresholdIsSet }
        guard !own.flags.contains(.deviceCastsVote) || own.flags.isSuperset(of: [.deviceAlive, .deviceRegistered])
        else { return .deviceVotesAlive }
        guard !waitsForDevice || deviceDeadline != nil && own.flags.contains(.deviceRegistered) else {
            return .waitsForDevicePoll
        }
        for (index, tracker) in trackers.enumerated() {
            guard !trackers[..<index].contains(where: { $0.client == tracker.client }) else {
                return .trackersAreDistinct
            }
        }
        return nil
    }
}
