import Basics

extension ProcessGroups {
    func brokenInvariant() -> ServiceInvariant? {
        guard table.isOrdered else { return .processesAscend }
        guard zip(clients, clients.dropFirst()).allSatisfy({ $0.id < $1.id }) else { return .clientsAscend }
        for client in clients {
            switch client.state {
            case .unjoined, .joining: break
            case .joined(let membership), .leaving(let membership):
                let process = GroupProcess(nodeID: nodeID, pid: membership.pid, group: membership.group)
                guard table.contains(process) else { return .joinedAreKnown }
            }
        }
        guard deferred.allSatisfy(departures.contains) else { return .deferredAreDeparting }
        guard announced.isEmpty || synchronizing && !announced.contains(where: { $0.nodeID == nodeID }) else {
            return .announcedAreOthers
        }
        return nil
    }
}
