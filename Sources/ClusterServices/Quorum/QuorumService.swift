import Basics
import ClusterMap
import TotemWire

/// Passes the provider's decision on to log and clients, and says who came and went (spec: services.md 7).
struct QuorumService: Sendable {
    /// Longest list part of a log line, in characters, its leading blank included.
    static let listWidth = 63

    private(set) var view: QuorumView
    let hasProvider: Bool
    /// Members of the last round that was activated.
    private var oldMembers: [NodeID] = []
    /// Members of the former ring that came along through every change since the last activated round.
    private var continuing: [NodeID] = []
    private var synchronizing = false
    private var nodeList = QuorumNodeList(ringID: .none, members: [], joined: [], left: [])
    private var clients: [Client] = []

    private struct Client: Sendable {
        var id: ConnectionID
        var model: QuorumModel
        var tracks: Bool
    }

    init(hasProvider: Bool) {
        self.hasProvider = hasProvider
        view = QuorumView(isQuorate: !hasProvider, ringID: .none, members: [])
    }

    // MARK: Synchronisation

    mutating func synchronizationStarts(
        transitional: [NodeID], members: [NodeID], ringID: RingID, _ out: inout ServiceOutputs
    ) {
        continuing = synchronizing ? continuing.filter(transitional.contains) : transitional
        synchronizing = true
        let left = oldMembers.filter { !continuing.contains($0) || !members.contains($0) }
        let joined = members.filter { !oldMembers.contains($0) || left.contains($0) }
        nodeList = QuorumNodeList(ringID: ringID, members: members, joined: joined, left: left)
        Self.log("Sync members", members, &out)
        if !joined.isEmpty { Self.log("Sync joined", joined, &out) }
        if !left.isEmpty { Self.log("Sync left", left, &out) }
    }

    mutating func synchronizationActivates(_ out: inout ServiceOutputs) {
        synchronizing = false
        oldMembers = nodeList.members
        for client in clients where client.tracks && client.model == .v1 {
            out.notify(client.id, .quorum(.nodeList(nodeList)))
        }
    }

    /// The provider has decided.
    mutating func decided(isQuorate: Bool, ringID: RingID, members: [NodeID], _ out: inout ServiceOutputs) {
        if isQuorate != view.isQuorate {
            out.log(
                .notice, .quorum,
                isQuorate
                    ? "This node is within the primary component and will provide service."
                    : "This node is within the non-primary component and will NOT provide any services.")
            out.event(.quorateChanged(isQuorate))
        }
        view = QuorumView(isQuorate: isQuorate, ringID: ringID, members: members)
        Self.log("Members", members, &out)
        for client in clients where client.tracks { out.notify(client.id, .quorum(.quorum(view))) }
    }

    // MARK: Local clients

    mutating func setModel(_ client: ConnectionID, _ model: QuorumModel) { clients[index(client)].model = model }

    mutating func track(_ client: ConnectionID, _ flags: QuorumTracking, _ out: inout ServiceOutputs)
        throws(ClientError)
    {
        let position = index(client)
        if flags.wantsState {
            if clients[position].model == .v1 {
                var present = nodeList
                present.joined = []
                present.left = []
                out.notify(client, .quorum(.nodeList(present)))
            }
            out.notify(client, .quorum(.quorum(view)))
        }
        guard !clients[position].tracks else { throw .exist }
        clients[position].tracks = flags.wantsChanges
    }

    mutating func stopTracking(_ client: ConnectionID) { clients[index(client)].tracks = false }

    mutating func clientClosed(_ client: ConnectionID) { clients.removeAll { $0.id == client } }

    private mutating func index(_ client: ConnectionID) -> Int {
        if let known = clients.firstIndex(where: { $0.id == client }) { return known }
        clients.append(Client(id: client, model: .v0, tracks: false))
        return clients.count - 1
    }

    /// One notice, or several when the list is long; all but the last then end in a backslash.
    private static func log(_ title: String, _ nodes: [NodeID], _ out: inout ServiceOutputs) {
        var line = ""
        for node in nodes {
            let item = " \(node)"
            if line.utf8.count + item.utf8.count > listWidth {
                out.log(.notice, .quorum, "\(title)[\(nodes.count)]:\(line)\\")
                line = ""
            }
            line += item
        }
        out.log(.notice, .quorum, "\(title)[\(nodes.count)]:\(line)")
    }
}
