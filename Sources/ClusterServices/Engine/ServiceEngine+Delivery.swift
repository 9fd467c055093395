import Basics
import Totem
import TotemWire

extension ServiceEngine {
    /// A message came out of the ring, perhaps one of this node's own.
    ///
    /// - Parameters:
    ///   - bytes: what follows the group header.
    ///   - node: the sender as the ring knows it; what a message says about its sender is not believed.
    ///   - order: the byte order the sender writes.
    public mutating func deliver(
        _ group: MessageGroup, _ bytes: Span<UInt8>, from node: NodeID, order: ByteOrder, now: Instant
    ) {
        do {
            switch group {
            case .services: try deliverToService(bytes, from: node, order: order)
            case .synchronization: try deliverToSynchronization(bytes, from: node, order: order, now: now)
            }
        } catch {
            refuse(error.description, .malformed, bytes, group, from: node, order: order)
        }
        continueSynchronization(now)
    }

    private mutating func deliverToService(
        _ bytes: Span<UInt8>, from node: NodeID, order: ByteOrder
    ) throws(WireError) {
        let header = try ServiceHeader(decoding: bytes, order: order)
        guard let service = ServiceID(rawValue: header.service), loaded.contains(service) else {
            out.counters.countUnknownService()
            return
        }
        guard header.function < UInt16(service.functionCount) else {
            out.counters.countUnknownFunction()
            out.log(
                .warning, .main,
                "discarded unknown message \(header.function) for service \(header.service)"
                    + " (max id \(service.functionCount))", kind: .message(from: node))
            return
        }
        if node == nodeID, OwnMessages.covers(service, header.function), !out.own.takeBack(bytes) {
            return refuseForged(bytes, .services, from: node, order: order)
        }
        out.counters.received(service, header.function)
        switch service {
        case .map: mapService.deliver(try ConfigVersionMessage(decoding: bytes, order: order), from: node, &out)
        case .configuration: try deliverToConfiguration(header.function, bytes, from: node, order: order)
        case .processGroups: try deliverToProcessGroups(header.function, bytes, from: node, order: order)
        case .quorum, .monitor, .watchdog: break
        case .voteQuorum: try deliverToVoteQuorum(header.function, bytes, from: node, order: order)
        }
    }

    private mutating func deliverToConfiguration(
        _ function: UInt16, _ bytes: Span<UInt8>, from node: NodeID, order: ByteOrder
    ) throws(WireError) {
        switch function {
        case KillNode.function:
            configurationService.deliver(try KillNode(decoding: bytes, order: order), from: node, &out)
        case Shutdown.function:
            configurationService.deliver(try Shutdown(decoding: bytes, order: order), from: node, &out)
        case ReloadConfiguration.function:
            configurationService.deliver(try ReloadConfiguration(decoding: bytes, order: order), from: node, &out)
        case CryptoReconfiguration.function:
            configurationService.deliver(try CryptoReconfiguration(decoding: bytes, order: order), from: node, &out)
        default:
            // RINGREENABLE, which 3.x neither sends nor acts on.
            break
        }
    }

    private mutating func deliverToProcessGroups(
        _ function: UInt16, _ bytes: Span<UInt8>, from node: NodeID, order: ByteOrder
    ) throws(WireError) {
        switch function {
        case GroupMulticast.function:
            processGroups.deliver(try GroupMulticastView(decoding: bytes, order: order), from: node, &out)
        case GroupFragment.function:
            processGroups.deliver(try GroupFragment(decoding: bytes, order: order), from: node, &out)
        case ProcessJoin.function:
            processGroups.deliver(try ProcessJoin(decoding: bytes, order: order), from: node, &out)
        case ProcessLeave.function:
            processGroups.deliver(try ProcessLeave(decoding: bytes, order: order), from: node, &out)
        case JoinList.function:
            processGroups.deliver(try JoinList(decoding: bytes, order: order), from: node, &out)
        case DownList.function:
            processGroups.deliver(try DownList(decoding: bytes, order: order), from: node, &out)
        default:
            // The downlist of before 2.4.5, which nobody acts on.
            break
        }
    }

    private mutating func deliverToVoteQuorum(
        _ function: UInt16, _ bytes: Span<UInt8>, from node: NodeID, order: ByteOrder
    ) throws(WireError) {
        switch function {
        case NodeInfo.function:
            let message = try NodeInfo(decoding: bytes, order: order)
            if let refusal = voteQuorum?.deliver(message, from: node, &quorum, &out) {
                refuse(refusal, .malformed, bytes, .services, from: node, order: order)
            }
            if node == nodeID, message.flags.contains(.leaving), unloading.deadline != nil { finishUnloading() }
        case Reconfigure.function:
            voteQuorum?.deliver(try Reconfigure(decoding: bytes, order: order), from: node, &quorum, &out)
        case DeviceRegistration.function:
            voteQuorum?.deliver(try DeviceRegistration(decoding: bytes, order: order), from: node, &out)
        case DeviceRename.function:
            voteQuorum?.deliver(try DeviceRename(decoding: bytes, order: order))
        case DeviceInformation.function:
            voteQuorum?.deliver(try DeviceInformation(decoding: bytes, order: order), from: node, &out)
        default: break
        }
    }

    enum Fault: String {
        case malformed, forged
    }

    /// Refuses a message in the own name that this node has not sent.
    mutating func refuseForged(_ bytes: Span<UInt8>, _ group: MessageGroup, from node: NodeID, order: ByteOrder) {
        refuse(
            "this node has not sent it; somebody else writes to the cluster's port", .forged, bytes, group, from: node,
            order: order)
    }

    /// Counts a message that is treated as absent, and says why.
    mutating func refuse(
        _ reason: String, _ fault: Fault, _ bytes: Span<UInt8>, _ group: MessageGroup, from node: NodeID,
        order: ByteOrder
    ) {
        out.counters.countMalformed()
        let header = try? ServiceHeader(decoding: bytes, order: order)
        let name: String
        switch (group, header) {
        case (.services, .some(let header)):
            let service = ServiceID(rawValue: header.service)?.shortName ?? String(header.service)
            name = "\(service) message \(header.function)"
        case (.services, nil): name = "service message"
        case (.synchronization, _): name = "synchronization message"
        }
        out.log(
            .warning, .services,
            "Ignored a \(fault.rawValue) \(name) of \(bytes.count) bytes from node \(node): \(reason)",
            kind: .message(from: node))
    }
}
