import Basics
import ClusterMap
import TotemWire

/// Counts votes and decides whether this partition is the one that may act (spec: services.md 6).
///
/// All members apply the same messages in the same order, so they reach the same result without asking each other.
struct VoteQuorum: Sendable {
    /// Most nodes whose votes are remembered.
    static let recordLimit = 384

    let nodeID: NodeID
    var settings: QuorumSettings

    // Votes.
    var own: VoteRecord
    /// Records of other nodes, in signed order of their ids.
    var others: [VoteRecord] = []
    /// Votes of the quorum device, as far as the cluster knows.
    var deviceVotes: UInt32 = 0
    /// Name of the quorum device, shared by the whole cluster.
    var deviceName: [UInt8]?

    // Decision.
    var threshold: UInt32 = 0
    var isQuorate = false
    /// wait_for_all is on and not all have been seen.
    var waitsForAll = false
    /// Lowest and highest member of the last quorate moment.
    var noted: (lowest: NodeID, highest: NodeID)?
    /// Below this allow_downscale does not lower the expected votes.
    var downscaleBarrier: UInt32 = 0
    /// Highest expected votes ever, with expected_votes_tracking.
    var trackingBarrier: UInt32
    var masterWins = false

    // Synchronisation.
    var ringID = RingID.none
    var members: [NodeID] = []
    var previousMembers: [NodeID] = []
    var synchronizing = false
    /// Synchronisation waits for the local quorum device to poll with the new ring id.
    var waitsForDevice = false
    var announced = false

    // Deadlines.
    var deviceDeadline: Instant?
    var lastManDeadline: Instant?

    // Local clients.
    var trackers: [Tracker] = []
    /// Clients that have asked for devices' information or set it. Only they are told of it: the libraries of Corosync up
    /// to 3.1.10 take an event that they do not know for a broken connection.
    var informed: Set<ConnectionID> = []
    /// A device registration that is on its way round the ring.
    var registration: (client: ConnectionID, name: [UInt8])?

    struct Tracker: Sendable {
        var client: ConnectionID
        var context: UInt64
    }

    /// - Throws: why the service cannot start with this configuration.
    init(nodeID: NodeID, configuration: QuorumConfiguration) throws(QuorumSettings.Failure) {
        self.nodeID = nodeID
        settings = try QuorumSettings(startingWith: configuration, nodeID: nodeID)
        own = VoteRecord(nodeID, state: .member, votes: 1, flags: .first)
        trackingBarrier = configuration.storedTrackingBarrier
    }

    /// What happens when the service is loaded: the first decision, and the first message, which waits for the first
    /// ring.
    mutating func load(_ quorum: inout QuorumService, _ out: inout ServiceOutputs) {
        out.map("runtime.votequorum.this_node_id", .u32(nodeID.rawValue))
        if settings.expectedVotesTracking {
            out.map("runtime.votequorum.ev_tracking_barrier", .u32(trackingBarrier))
        }
        apply(&out)
        if settings.tieBreakerRequested {
            out.map("runtime.votequorum.atb_type", .u32(settings.tieBreaker.number))
        }
        if settings.waitForAll { setWaitsForAll(true, &out) }
        recalculate(&quorum, &out)
        sendOwnInfo(&out)
    }

    /// The configuration was changed at run time (spec: services.md 6.9).
    mutating func reconfigure(_ configuration: QuorumConfiguration, _ out: inout ServiceOutputs) {
        let oldVotes = own.votes
        let oldExpected = own.expectedVotes
        do {
            settings = try settings.rereading(
                configuration, deviceRegistered: own.flags.contains(.deviceRegistered), tracked: trackingBarrier)
            apply(&out)
            out.map("runtime.votequorum.atb_type", .u32(settings.tieBreaker.number))
            if !settings.waitForAll, settings.waitForAllFollowsTwoNode, waitsForAll { setWaitsForAll(false, &out) }
        } catch {
            out.log(.critical, .voteQuorum, error.reason)
        }
        sendOwnInfo(&out)
        sendDeviceInfo(&out)
        if own.votes != oldVotes {
            out.multicast(Reconfigure(nodeID: nodeID, value: own.votes, parameter: .votes))
        }
        if own.expectedVotes != oldExpected {
            out.multicast(Reconfigure(nodeID: nodeID, value: own.expectedVotes, parameter: .expectedVotes))
        }
    }

    /// An administrator ends waiting for all nodes, cluster-wide.
    func cancelWaitForAll(_ out: inout ServiceOutputs) {
        out.multicast(Reconfigure(nodeID: nodeID, value: 0, parameter: .cancelWaitForAll))
    }

    /// The node stops cleanly. With allow_downscale the others may lower their quorum.
    /// - Returns: whether there is a message that should reach them before the node leaves the ring.
    mutating func unload(_ out: inout ServiceOutputs) -> Bool {
        guard settings.allowDownscale else { return false }
        own.flags.insert(.leaving)
        sendOwnInfo(&out)
        return true
    }

    private mutating func apply(_ out: inout ServiceOutputs) {
        for remark in settings.remarks { out.log(remark.severity, remark.subsystem, remark.text) }
        own.votes = settings.ownVotes
        own.expectedVotes = settings.expectedVotes
        deviceVotes = settings.deviceVotes
        downscaleBarrier = own.expectedVotes
        out.map("runtime.votequorum.ev_barrier", .u32(downscaleBarrier))
        out.map("runtime.votequorum.two_node", .u8(settings.twoNode ? 1 : 0))
        if let able = settings.deviceCanOperate {
            out.map("runtime.votequorum.qdevice_can_operate", .u8(able ? 1 : 0))
        }
    }

    // MARK: Messages

    func sendOwnInfo(_ out: inout ServiceOutputs) {
        out.multicast(
            NodeInfo(nodeID: nodeID, votes: own.votes, expectedVotes: own.expectedVotes, flags: own.flags))
    }

    /// The device's record. Corosync 3.1.7 must have had the sender's own record before.
    func sendDeviceInfo(_ out: inout ServiceOutputs) {
        out.multicast(NodeInfo(nodeID: .none, votes: deviceVotes, expectedVotes: 0, flags: []))
    }

    func sendDeviceInformation(_ out: inout ServiceOutputs) {
        out.multicast(
            DeviceInformation(
                nodeID: nodeID, bytes: own.flags.contains(.deviceHasInformation) ? own.information : []))
    }

    // MARK: Records

    /// All node records in signed order of their ids.
    var records: [VoteRecord] {
        var all = others
        let rank = VoteRecord.rank(nodeID)
        all.insert(own, at: others.firstIndex { VoteRecord.rank($0.nodeID) > rank } ?? others.endIndex)
        return all
    }

    func record(of node: NodeID) -> VoteRecord? {
        node == nodeID ? own : others.first { $0.nodeID == node }
    }

    mutating func setWaitsForAll(_ waits: Bool, _ out: inout ServiceOutputs) {
        waitsForAll = waits
        if waits { own.flags.insert(.waitsForAll) } else { own.flags.remove(.waitsForAll) }
        out.map("runtime.votequorum.wait_for_all_status", .u8(waits ? 1 : 0))
    }

    // MARK: Time

    var nextDeadline: Instant? {
        earliest(deviceDeadline, synchronizing ? nil : lastManDeadline)
    }

    mutating func advance(_ now: Instant, _ quorum: inout QuorumService, _ out: inout ServiceOutputs) {
        // In the middle of a round nobody knows yet who is still there: then it waits for the round's end.
        if let deadline = lastManDeadline, deadline <= now, !synchronizing {
            lastManDeadline = nil
            if isQuorate { recalculate(allowDecrease: true, byNodes: true, &quorum, &out) }
        }
        if let deadline = deviceDeadline, deadline <= now {
            deviceDeadline = nil
            deviceLost(&out)
        }
    }
}
