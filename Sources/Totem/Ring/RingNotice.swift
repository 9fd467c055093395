import Basics
import TotemWire

/// Something the ring has to say to the administrator, with its facts; the text is only made when it is printed.
public enum RingNotice: Sendable, Equatable {
    case enteringGather(GatherReason)
    case enteringCommit
    case enteringRecovery
    case enteringOperational
    case newMembership(RingID, joined: [NodeID], left: [NodeID])
    case leaveNotReceived([NodeID])
    case processorFailed(token: UInt32, consensus: UInt32)
    case tokenLost(during: GatherReason)
    case consensusTimedOut(milliseconds: UInt32)
    case tokenOverdue(milliseconds: UInt64)
    case createdCommitToken
    case sendingFirstToken
    case receivedLeave(NodeID)
    /// A token asks for messages; `lacking` is the member that holds its aru down, `.none` when nobody does.
    case retransmitList(RequestedMessages, lacking: NodeID)
    /// A member gets tokens, but not this message, although it was sent again and again. Its bytes on the wire are known
    /// to members that have it, that is to all others.
    case messageStuck(SequenceNumber, bytes: Int?, lacking: NodeID)
    case failedToReceive
    case pauseDetected(milliseconds: UInt64)
    case discardedJoinDuringFlush(NodeID, leave: Bool)
    /// For want of a commit token, or of multicasts that can be sent.
    case unableToFormCluster(isGathering: Bool)
    /// Nobody was heard, and a ring of this node alone is not to be formed.
    case waitingForOthers
    case forcedGather
    /// The ring is being formed without these members.
    case accused([NodeID], Evidence)
    /// This node goes on alone.
    case gaveUp(Isolation)
    /// The machine of a member refuses packets, while tokens come by it.
    case refusesInVain(NodeID)
    case malformed(PacketType, from: NodeID, reason: WireError)
    case unconfiguredNodes([NodeID], reportedBy: NodeID)
    case implausible(PacketType, from: NodeID, what: String)
    /// Nodes that were heard and did not join although they were called.
    case heardInVain([NodeID])
    /// No link leads to that member any more.
    case linksLost(NodeID, token: UInt32)
    case storingRingSequence(UInt64)
    case leaving

    public var severity: Severity {
        switch self {
        case .enteringGather, .enteringCommit, .enteringRecovery, .enteringOperational, .tokenLost, .consensusTimedOut,
            .createdCommitToken, .sendingFirstToken, .receivedLeave, .storingRingSequence, .leaving:
            .debug
        case .newMembership, .leaveNotReceived, .processorFailed, .tokenOverdue, .retransmitList, .pauseDetected,
            .accused:
            .notice
        case .discardedJoinDuringFlush, .unableToFormCluster, .malformed, .unconfiguredNodes, .implausible,
            .heardInVain, .messageStuck, .waitingForOthers, .linksLost, .refusesInVain, .gaveUp:
            .warning
        case .failedToReceive, .forcedGather:
            .error
        }
    }

    public var subsystem: Subsystem {
        switch self {
        case .forcedGather, .unableToFormCluster, .storingRingSequence: .main
        default: .totem
        }
    }

    /// Of those that packets from outside can bring about without a change of the ring.
    public var kind: LineKind? {
        switch self {
        case .malformed, .implausible, .unconfiguredNodes: .packet
        case .discardedJoinDuringFlush, .receivedLeave: .flushed
        default: nil
        }
    }

    /// The line, in Corosync's words where programs look for it (spec: daemon-and-tools.md 2.4).
    public var text: String {
        switch self {
        case .enteringGather(let reason):
            "entering GATHER state from \(reason.rawValue)(\(reason.text))."
        case .enteringCommit: "entering COMMIT state."
        case .enteringRecovery: "entering RECOVERY state."
        case .enteringOperational: "entering OPERATIONAL state."
        case .newMembership(let ring, let joined, let left):
            "A new membership (\(ring)) was formed. Members" + Self.list(" joined:", joined) + Self.list(" left:", left)
        case .leaveNotReceived(let nodes):
            "Failed to receive the leave message. failed:" + nodes.map { " \($0)" }.joined()
        case .processorFailed(let token, let consensus):
            "A processor failed, forming new configuration: token timed out (\(token)ms), "
                + "waiting \(consensus)ms for consensus."
        case .tokenLost(let reason): reason.text
        case .consensusTimedOut(let milliseconds): "The consensus timeout expired (\(milliseconds)ms)."
        case .tokenOverdue(let milliseconds): "Token has not been received in \(milliseconds) ms "
        case .createdCommitToken: "Creating commit token because I am the rep."
        case .sendingFirstToken: "Sending initial ORF token"
        case .receivedLeave(let node): "Received LEAVE message from \(node)"
        case .retransmitList(let messages, _):
            "Retransmit List: " + (0..<messages.count).map { "\(messages[$0]) " }.joined()
        case .messageStuck(let sequence, let bytes, let node):
            Self.stuckText("message \(sequence)", bytes: bytes, lacking: "node \(node)") + "."
        case .failedToReceive: "FAILED TO RECEIVE"
        case .pauseDetected(let milliseconds):
            "Process pause detected for \(milliseconds) ms, flushing membership messages."
        case .discardedJoinDuringFlush(let node, let leave):
            "Discarding \(leave ? "LEAVE" : "JOIN") message during flush, nodeid=\(node)"
        case .unableToFormCluster(let isGathering):
            "Totem is unable to form a cluster because of an operating system or network fault (reason: "
                + (isGathering
                    ? "totem is continuously in gather state"
                    : "number of multicast sendmsg failures is above threshold")
                + "). The most common cause of this message is that the local firewall is configured improperly."
        case .waitingForOthers: "Still waiting for the other nodes."
        case .forcedGather: "Forcing into GATHER state"
        case .accused(let nodes, let evidence):
            "Node\(nodes.count == 1 ? "" : "s") \(nodes.map(\.description).joined(separator: ", ")) \(nodes.count == 1 ? "is" : "are") "
                + "gone: \(evidence.text). Forming a ring without waiting for the token and consensus timeouts."
        case .gaveUp(let isolation): isolation.text
        case .refusesInVain(let node):
            "The machine of node \(node) refuses packets of this node, but the node is there. Should its process end, only the "
                + "timeouts will tell. Most likely a firewall there looks at the source port: let it admit UDP from the addresses "
                + "of all nodes, from any port, and drop the rest rather than reject it."
        case .malformed(let type, let node, let reason):
            Self.malformedText(type, node, reason)
        case .unconfiguredNodes(let nodes, let reporter):
            "Node \(reporter) speaks of node\(nodes.count == 1 ? "" : "s") "
                + nodes.map(\.description).joined(separator: ", ")
                + ", not in this node's nodelist: ignored. Make corosync.conf the same on all nodes and reload it."
        case .implausible(let type, let node, let what):
            "Dropped a \(type.logName) from node \(node): \(what). Another program may be sending to the cluster's port."
        case .heardInVain(let nodes):
            "Heard node\(nodes.count == 1 ? "" : "s") \(nodes.map(\.description).joined(separator: ", ")), but got no "
                + "agreement: probably packets arrive in one direction only. The ring is kept until an answer shows that "
                + "packets arrive there. Check the network and firewall between this node and the named ones."
        case .linksLost(let node, let token):
            "No link leads to member \(node) any more. Unless one comes back before a token is lost (token timeout "
                + "\(token)ms), a ring is formed without it. Where it still runs, check the networks of its links."
        case .storingRingSequence(let sequence):
            "Storing new sequence id for ring \(String(sequence, radix: 16))"
        case .leaving: "sending join/leave message"
        }
    }

    /// What a stuck message means, without what follows from it.
    ///
    /// - Parameters:
    ///   - message: how it is called.
    ///   - name: of the node that lacks it.
    public static func stuckText(_ message: String, bytes: Int?, lacking name: String) -> String {
        "Tokens arrive at \(name), but \(message)" + (bytes.map { " of \($0) bytes" } ?? "")
            + " does not, however often it is sent again"
    }

    private static func list(_ title: String, _ nodes: [NodeID]) -> String {
        nodes.isEmpty ? "" : title + nodes.map { " \($0)" }.joined()
    }

    private static func malformedText(_ type: PacketType, _ node: NodeID, _ reason: WireError) -> String {
        switch reason {
        case .short: "Received \(type.logName) message is too short...  ignoring. (node \(node); \(reason))"
        case .invalid: "Received \(type.logName) message is corrupted...  ignoring. (node \(node); \(reason))"
        }
    }
}
