import Basics
import ClientProtocol
import ClusterMap
import ClusterServices
import TotemWire

extension ServiceFrontend {
    /// What a service has to say to a connection, as its library understands it.
    ///
    /// - Returns: nil when the connection wants nothing any more, or its library would not understand it.
    public mutating func message(
        _ notification: ClientNotification, to connection: ConnectionID
    ) -> ClientMessage? {
        var channel = ClientMessage.Channel.event
        switch notification {
        case .processGroup(let event):
            guard !finalized.contains(connection) else { return nil }
            write(event)
        case .quorum(let event):
            guard write(event, model: quorumModels[connection] ?? .v0) else { return nil }
        case .voteQuorum(.deviceRegistered(let error)):
            VotequorumResponse.status(error).encode(into: &writer)
            channel = .response
        case .voteQuorum(let event): write(event)
        }
        return ClientMessage(channel, to: connection, bytes: writer.take())
    }

    /// The event of a message to a group; nil when the connection wants nothing any more.
    mutating func delivery(
        _ multicast: borrowing GroupMulticastView, from node: NodeID, to connection: ConnectionID
    ) -> ClientMessage? {
        guard finalized.isEmpty || !finalized.contains(connection) else { return nil }
        writer.cpgDelivery(
            group: multicast.group, node: node, process: multicast.pid, payload: multicast.payload)
        return ClientMessage(.event, to: connection, bytes: writer.take())
    }

    private mutating func write(_ event: ProcessGroupEvent) {
        switch event {
        case .change(let change):
            writer.cpgChange(
                group: change.group.bytes, members: change.members.map { CpgAddress($0) },
                left: change.left.map { CpgAddress($0) }, joined: change.joined.map { CpgAddress($0) })
        case .message(let group, let node, let pid, let payload):
            writer.cpgDelivery(group: group.bytes.span, node: node, process: pid, payload: payload.span)
        case .fragment(let group, let node, let pid, let messageLength, let position, let payload):
            writer.cpgFragment(
                group: group.bytes, node: node, process: pid, messageLength: messageLength,
                position: CpgFragmentPosition(position), payload: payload)
        case .ring(let ring, let members): writer.cpgRing(ring, members: members)
        }
    }

    /// - Returns: false when a library of this model does not know the event.
    private mutating func write(_ event: QuorumEvent, model: QuorumModel) -> Bool {
        switch (event, model) {
        case (.nodeList(let list), .v1):
            writer.quorumNodeList(ring: list.ringID, members: list.members, joined: list.joined, left: list.left)
        case (.quorum(let view), .v1):
            writer.quorumDecision(isQuorate: view.isQuorate, ring: view.ringID, members: view.members)
        case (.quorum(let view), .v0):
            writer.quorumNotification(isQuorate: view.isQuorate, ring: view.ringID, members: view.members)
        case (.nodeList, .v0): return false
        }
        return true
    }

    private mutating func write(_ event: VoteQuorumEvent) {
        switch event {
        case .nodeList(let context, let ring, let members):
            writer.votequorumNodeList(context: context, ring: ring, members: members)
        case .quorum(let context, let isQuorate, let nodes):
            writer.votequorumDecision(
                isQuorate: isQuorate, context: context, nodes: nodes.map { ($0.nodeID, $0.state.rawValue) })
        case .expectedVotes(let context, let expected):
            writer.votequorumExpectedVotes(expected, context: context)
        case .deviceInformation(let context, let node, let bytes):
            writer.votequorumDeviceInformation(bytes, of: node, context: context)
        case .deviceRegistered(let error): VotequorumResponse.status(error).encode(into: &writer)
        }
    }
}
