import Basics
import TotemWire

/// From a packet to what it means for the state.
extension TotemRing {
    /// Whether a join can speak of a ring with this number. One that is far beyond all others is taken for forged, since a
    /// believed one would use up the cluster's numbers for good, but only once: a node that goes on to say so tells the
    /// truth, and it is I who know too little (spec: totem.md 22.5). No cluster that lives makes a step of 2^32 rings.
    mutating func isPlausible(ringSequence: UInt64, from sender: NodeID) -> Bool {
        guard ringSequence < Self.ringSequenceLimit else { return false }
        return ringSequence <= highestRingSequence &+ Self.plausibleStep || doubted.isRepeated(ringSequence, by: sender)
    }

    /// Whether a commit token can be for a ring with this number: twice the step, since its creator may have believed a
    /// join that I have not heard.
    func isPlausible(ringSequence: UInt64) -> Bool {
        ringSequence < Self.ringSequenceLimit && ringSequence <= highestRingSequence &+ 2 * Self.plausibleStep
    }

    /// The number of the next ring; beyond the limit nobody would follow, so what I heard is forgotten there.
    var nextRingSequence: UInt64 {
        highestRingSequence < Self.ringSequenceLimit - 4 ? highestRingSequence + 4 : ringID.sequence &+ 4
    }

    private static let plausibleStep: UInt64 = 1 << 32

    /// No ring has this number or a higher one.
    static let ringSequenceLimit: UInt64 = 1 << 62

    /// - Parameter isMine: it came by the loopback, not from the network.
    mutating func process(_ datagram: Span<UInt8>, header: PacketHeader, isMine: Bool = false, now: Instant) {
        count(header.type)
        do {
            switch header.type {
            case .mcast:
                receive(try McastHeader(decoding: datagram, header: header), datagram, now: now)
            case .orfToken:
                var token = try ORFToken(decoding: datagram, header: header)
                receive(&token, now: now)
            case .join:
                let join = try Join(decoding: datagram, header: header)
                // My own come by the loopback. One from the network is forged, an echo of a former life, or of a node
                // with the same id; did I believe its farewell, I would count myself as failed for ever.
                guard isMine || join.systemFrom != me else { return drop(.join, from: me, "it bears my own id") }
                receive(join, now: now)
            case .commitToken:
                receive(try CommitToken(decoding: datagram, header: header), now: now)
            case .mergeDetect:
                receive(try MergeDetect(decoding: datagram, header: header), now: now)
            case .holdCancel:
                receive(try HoldCancel(decoding: datagram, header: header), now: now)
            }
        } catch {
            complain(.malformed(header.type, from: header.nodeID, reason: error))
        }
    }

    /// Handles packets to myself. A one-node ring with an endless supply of them gets a new turn through
    /// `nextDeadline`, so that the shell's other work is not starved.
    mutating func processLoopback(now: Instant) {
        var turns = 128
        while turns > 0, let packet = outbox.popLoopback() {
            turns -= 1
            if let header = try? PacketHeader(decoding: packet.span) {
                process(packet.span, header: header, isMine: true, now: now)
            }
        }
    }

    /// Refuses a packet that no correct node sends in this situation.
    mutating func drop(_ type: PacketType, from node: NodeID, _ what: String) {
        complain(.implausible(type, from: node, what: what))
    }

    /// Counts a refused packet and says so, but not more often than anybody would read.
    private mutating func complain(_ complaint: RingNotice) {
        statistics.receivedDropped &+= 1
        complaints &+= 1
        if complaints <= Self.complaintLimit { notice(complaint) }
    }

    /// Complaints per statistics interval.
    private static let complaintLimit: UInt64 = 5

    /// A statistics interval is over: sum up what was kept quiet.
    mutating func sumUpComplaints() {
        if complaints > Self.complaintLimit { notice(.suppressedComplaints(complaints - Self.complaintLimit)) }
        complaints = 0
    }

    /// Refuses a packet that only comes too late or from another ring: that happens on healthy networks.
    mutating func ignore() { statistics.receivedDropped &+= 1 }

    func isConfigured(_ node: NodeID) -> Bool { configured.place(of: node) != nil }

    private mutating func count(_ type: PacketType) {
        switch type {
        case .orfToken: statistics.orfTokenRx &+= 1
        case .mcast: statistics.mcastRx &+= 1
        case .mergeDetect: statistics.mergeDetectRx &+= 1
        case .join: statistics.joinRx &+= 1
        case .commitToken: statistics.commitTokenRx &+= 1
        case .holdCancel: statistics.holdCancelRx &+= 1
        }
    }
}
