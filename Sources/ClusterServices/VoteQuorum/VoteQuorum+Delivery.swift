import Basics
import TotemWire

extension VoteQuorum {
    /// Why a well-formed message is ignored, for the log; `nil` when it was applied.
    typealias Refusal = String

    mutating func deliver(
        _ message: NodeInfo, from sender: NodeID, _ quorum: inout QuorumService, _ out: inout ServiceOutputs
    ) -> Refusal? {
        out.log(.debug, .voteQuorum, "got nodeinfo message from cluster node \(sender)")
        out.log(
            .debug, .voteQuorum,
            "nodeinfo message[\(message.nodeID)]: votes: \(message.votes), expected: \(message.expectedVotes)"
                + " flags: \(message.flags.rawValue)")
        if message.nodeID == .none { return deliverDevice(message, from: sender, &quorum, &out) }
        guard message.nodeID == sender else {
            return "it speaks for node \(message.nodeID); a node may only tell its own votes"
        }
        let old = record(of: sender)
        guard old != nil || others.count + 1 < Self.recordLimit else {
            return "votes of \(Self.recordLimit) nodes are known already, no more are remembered"
        }
        var record = old ?? VoteRecord(sender, state: .dead)
        record.votes = message.votes
        record.state = .member
        if sender == nodeID {
            // The own flags are newer than the message, except that FIRST lasts as long as it travels.
            if message.flags.contains(.first) { record.flags.insert(.first) }
        } else {
            record.flags = message.flags
        }

        var allowDecrease = false
        var byNodes = false
        if message.flags.contains(.leaving) {
            record.state = .leaving
            allowDecrease = true
            byNodes = true
        }
        if !isQuorate, message.flags.contains(.quorate), sender != nodeID {
            allowDecrease = true
            own.expectedVotes = message.expectedVotes
        }
        let counts = message.flags.contains(.quorate) || settings.expectedVotesTracking
        record.expectedVotes = counts ? message.expectedVotes : own.expectedVotes
        store(record)
        if settings.lastManStanding, record.votes > 1 {
            out.log(
                .warning, .voteQuorum,
                "last_man_standing is off: node \(sender) has \(record.votes) votes, it works with one vote per node only"
            )
            settings.stopLastManStanding()
            lastManDeadline = nil
        }
        if old != record || sender == nodeID || message.flags.contains(.first) {
            recalculate(allowDecrease: allowDecrease, byNodes: byNodes, &quorum, &out)
        }
        stopWaiting(because: record, &out)
        return nil
    }

    private mutating func deliverDevice(
        _ message: NodeInfo, from sender: NodeID, _ quorum: inout QuorumService, _ out: inout ServiceOutputs
    ) -> Refusal? {
        guard let record = record(of: sender) else {
            // Left over from a round that was aborted after the node's own record had gone out to others.
            out.log(.debug, .voteQuorum, "ignored the quorum device of node \(sender): its own votes are not known yet")
            return nil
        }
        let old = deviceVotes
        deviceVotes =
            !isQuorate && record.flags.contains(.quorate) ? message.votes : max(deviceVotes, message.votes)
        if deviceVotes != old { recalculate(&quorum, &out) }
        return nil
    }

    /// A quorate member that waits for nobody ends the own waiting (spec: services.md 6.6 step 7).
    private mutating func stopWaiting(because record: VoteRecord, _ out: inout ServiceOutputs) {
        guard settings.waitForAll, waitsForAll, record.nodeID != nodeID else { return }
        if record.flags.contains(.quorate), !record.flags.contains(.waitsForAll) { setWaitsForAll(false, &out) }
    }

    private mutating func store(_ record: VoteRecord) {
        if record.nodeID == nodeID {
            own = record
        } else if let index = others.firstIndex(where: { $0.nodeID == record.nodeID }) {
            others[index] = record
        } else {
            let rank = VoteRecord.rank(record.nodeID)
            let index = others.firstIndex { VoteRecord.rank($0.nodeID) > rank } ?? others.endIndex
            others.insert(record, at: index)
        }
    }

    mutating func deliver(
        _ message: Reconfigure, from sender: NodeID, _ quorum: inout QuorumService, _ out: inout ServiceOutputs
    ) {
        switch message.parameter {
        case .expectedVotes:
            setExpectedVotesOfMembers(message.value)
            notifyExpectedVotes(&out)
            if message.value != 0 {
                downscaleBarrier = message.value
                out.map("runtime.votequorum.ev_barrier", .u32(downscaleBarrier))
            }
            if settings.expectedVotesTracking { own.expectedVotes = max(own.expectedVotes, trackingBarrier) }
            recalculate(allowDecrease: true, &quorum, &out)
        case .votes:
            if message.nodeID == .none {
                deviceVotes = message.value
            } else if var record = record(of: message.nodeID) {
                record.votes = message.value
                store(record)
            } else {
                return
            }
            recalculate(allowDecrease: true, &quorum, &out)
        case .cancelWaitForAll:
            setWaitsForAll(false, &out)
            out.log(.info, .voteQuorum, "wait_for_all_status reset by user on node \(message.nodeID).")
            recalculate(&quorum, &out)
        case nil: break
        }
    }

    mutating func deliver(_ message: DeviceRegistration, from sender: NodeID, _ out: inout ServiceOutputs) {
        switch message.operation {
        case .register where sender != nodeID:
            if deviceName == nil { deviceName = message.name }
        case .register:
            // Without a matching request it is the own announcement in synchronisation: nothing new.
            guard let request = registration, request.name == message.name else { return }
            registration = nil
            guard !own.flags.contains(.deviceRegistered) else {
                return out.notify(request.client, .voteQuorum(.deviceRegistered(nil)))
            }
            let shared = deviceName ?? message.name
            deviceName = shared
            guard shared == message.name else {
                out.log(
                    .warning, .voteQuorum,
                    "quorum device \(printable(message.name)) is refused: the cluster's device is"
                        + " \(printable(shared))")
                return out.notify(request.client, .voteQuorum(.deviceRegistered(.exist)))
            }
            own.flags.insert(.deviceRegistered)
            sendDeviceInfo(&out)
            sendOwnInfo(&out)
            out.notify(request.client, .voteQuorum(.deviceRegistered(nil)))
        case .unregister:
            if !records.contains(where: { $0.state == .member && $0.flags.contains(.deviceRegistered) }) {
                deviceName = nil
            }
        case nil: break
        }
    }

    mutating func deliver(_ message: DeviceInformation, from sender: NodeID, _ out: inout ServiceOutputs) {
        guard var record = record(of: sender) else {
            out.log(
                .debug, .voteQuorum,
                "ignored what the quorum device of node \(sender) tells: its own votes are not known yet")
            return
        }
        // The own record is newer than what comes back from the ring.
        if sender != nodeID {
            record.information = message.bytes
            if message.bytes.isEmpty {
                record.flags.remove(.deviceHasInformation)
            } else {
                record.flags.insert(.deviceHasInformation)
            }
            store(record)
        }
        notifyInformation(of: record, &out)
    }

    mutating func deliver(_ message: DeviceRename) {
        if message.oldName == deviceName { deviceName = message.newName }
    }
}
