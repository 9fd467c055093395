import Basics
import TotemWire

/// From a packet to what it means for the state.
extension TotemRing {
    /// - Parameter isMine: it came by the loopback, not from the network.
    mutating func process(_ datagram: Span<UInt8>, header: PacketHeader, isMine: Bool = false, now: Instant) {
        count(header.type)
        if !suspicions.isEmpty { noteLife(header) }
        // A message may be one that another member sends again.
        if parameters.silence > 0, header.type != .mcast, !isMine { silences.heard(header.nodeID, now: now) }
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
                let packet = try HoldCancel(decoding: datagram, header: header)
                guard packet.ringID == Beat.mark else { return receive(packet, now: now) }
                receive(try Beat(decoding: datagram, header: header), now: now)
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

    /// Counts a refused packet and says so. How many of these lines are written is decided where they are written
    /// (`LineKind.packet`).
    private mutating func complain(_ complaint: RingNotice) {
        statistics.receivedDropped &+= 1
        notice(complaint)
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
        // Beats look like them, and are told apart later.
        case .holdCancel: break
        }
    }
}
