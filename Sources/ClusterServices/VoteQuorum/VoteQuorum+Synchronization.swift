import Basics
import TotemWire

extension VoteQuorum {
    mutating func synchronizationStarts(
        members new: [NodeID], ringID newRing: RingID, now: Instant, _ out: inout ServiceOutputs
    ) {
        synchronizing = true
        announced = false
        if new.count > 1 { own.flags.remove(.first) }
        let left = members.filter { !new.contains($0) }
        for index in others.indices where left.contains(others[index].nodeID) { others[index].state = .dead }
        if settings.lastManStanding {
            let minority = new.count <= Int(threshold) && settings.tieBreaker != .none && lowestIsMember
            if (new.count >= Int(threshold) && !left.isEmpty) || minority {
                lastManDeadline = now.adding(milliseconds: UInt64(settings.lastManStandingWindow))
            }
        }
        previousMembers = members
        members = new
        ringID = newRing
        waitsForDevice = own.flags.isSuperset(of: [.deviceRegistered, .deviceAlive])
        if waitsForDevice {
            let limit = settings.device?.syncTimeout ?? QuorumOption.Default.deviceSyncTimeout
            deviceDeadline = now.adding(milliseconds: UInt64(limit))
            out.log(
                .info, .voteQuorum,
                "waiting for quorum device \(printable(deviceName ?? [])) poll (but maximum for \(limit) ms)")
        }
    }

    /// - Returns: whether this node has finished; while it waits for its quorum device it has not.
    mutating func synchronizationProcess(_ out: inout ServiceOutputs) -> Bool {
        if !announced {
            announced = true
            sendOwnInfo(&out)
            if own.flags.contains(.deviceHasInformation) { sendDeviceInformation(&out) }
            sendDeviceInfo(&out)
            if let deviceName { out.multicast(DeviceRegistration(operation: .register, name: deviceName)) }
            notifyNodeList(&out)
        }
        return !(waitsForDevice && own.flags.contains(.deviceRegistered))
    }

    mutating func synchronizationActivates(_ quorum: inout QuorumService, _ out: inout ServiceOutputs) {
        recalculate(complete: true, &quorum, &out)
        announce(&quorum, &out)
        synchronizing = false
    }
}
