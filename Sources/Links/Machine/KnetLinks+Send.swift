import Basics
import TotemWire

/// What has come of a packet to be sent.
public enum SendOutcome: Sendable, Hashable {
    /// It lies in the outbox.
    case queued
    /// The shell is to compress `KnetLinks.staged` and to call `sendStaged`.
    case compress
    /// No destination can be reached; nothing has changed.
    case nobody
    /// It is no packet of a ring, or there is no room for it.
    case refused
}

/// From the ring to the outbox (spec: knet.md 10).
extension KnetLinks {
    /// With how many data packets a ping goes along (spec: knet.md 5).
    private static let forcedPingPeriod: UInt16 = 8191

    /// Sends a ring's packet to one other node or to all.
    public mutating func send(_ packet: Span<UInt8>, to destination: PacketDestination, now: Instant) -> SendOutcome {
        guard packet.count >= PacketHeader.size, packet.count <= LinkSizes.packetLimit else { return refuse() }
        // libknet sends it to the own node, too, whoever else there is; here the ring has it already.
        if destination == .everyone { ownLinkStatistics.sent.data.add(packet.count) }
        guard reaches(destination) else { return .nobody }
        if let threshold = settings.compressionThreshold {
            if packet.count > threshold {
                staged.put(packet, to: destination)
                return .compress
            }
            statistics.sentUncompressed &+= 1
        }
        return queue(packet, to: destination, .none, now: now)
    }

    /// What is to be compressed after `send` has said so.
    public var uncompressed: Span<UInt8> {
        @_lifetime(borrow self)
        get { staged.bytes }
    }

    /// Sends what `send` has staged.
    ///
    /// - Parameter compressed: the shell's result. Where it is not shorter, or empty for a failure, the packet leaves as it is.
    public mutating func sendStaged(
        _ compressed: Span<UInt8>, _ model: CompressionModel, now: Instant
    ) -> SendOutcome {
        guard let destination = staged.take() else { return .nobody }
        guard reaches(destination) else { return .nobody }
        let original = staged.bytes.count
        statistics.sentCompression.add(original: original, compressed: compressed.count)
        if compressed.count < original, !compressed.isEmpty, model != .none {
            return queue(compressed, to: destination, model, now: now)
        }
        statistics.sentUncompressed &+= 1
        return queueStaged(to: destination, now: now)
    }

    /// The staged bytes lie in the machine itself, so they are lent out of it meanwhile.
    private mutating func queueStaged(to destination: PacketDestination, now: Instant) -> SendOutcome {
        var packet = StagedPacket()
        swap(&packet, &staged)
        defer { swap(&packet, &staged) }
        return queue(packet.bytes, to: destination, .none, now: now)
    }

    private mutating func refuse() -> SendOutcome {
        statistics.sendsRefused &+= 1
        return .refused
    }

    private func reaches(_ destination: PacketDestination) -> Bool {
        switch destination {
        case .node(let node):
            guard let host = HostID(node), let index = table.index(of: host) else { return false }
            return table[index].isReachable
        case .everyone: return reachableHosts > 0
        }
    }

    private mutating func queue(
        _ packet: Span<UInt8>, to destination: PacketDestination, _ model: CompressionModel, now: Instant
    ) -> SendOutcome {
        guard let pieces = Pieces(length: packet.count, dataMTU: dataMTU), dataMTU >= PacketHeader.size,
            outbox.hasRoom(packet.count + pieces.count * DataHeader.size)
        else { return refuse() }
        sequence = sequence == .max ? 1 : sequence + 1
        if sequence % Self.forcedPingPeriod == 0 { pingEverybody(now: now) }
        let target: NodeID?
        switch destination {
        case .node(let node):
            target = model == .none ? node : nil
            if let host = HostID(node), let index = table.index(of: host) { addTargets(index, pieces, now: now) }
        case .everyone:
            target = model == .none ? NodeID.none : nil
            for index in table.indices.reversed() where table[index].isReachable { addTargets(index, pieces, now: now) }
        }
        let header = DataHeader(
            host: me, sequence: sequence, compression: model.rawValue, isMulticast: destination == .everyone)
        outbox.add(packet, target: target, header, pieces, keys.inUse)
        if keys.inUse != .clear {
            statistics.sealedPackets &+= UInt64(pieces.count)
            let plain = packet.count + pieces.count * DataHeader.size
            statistics.sealingBytes &+= UInt64(max(sealedBytes(pieces) - plain, 0))
        }
        return .queued
    }

    /// The links of one host that the next packet leaves by.
    private mutating func addTargets(_ host: Int, _ pieces: Pieces, now: Instant) {
        var links = table[host].choice.next()
        let bytes = sealedBytes(pieces)
        while let number = links.popFirst() {
            guard let index = table[host].index(of: number) else { continue }
            outbox.target(target(host, index))
            table[host].links[index].statistics.sent.data.add(bytes, packets: pieces.count)
            if pieces.pieceSize > LinkSizes.undiscoveredDataMTU(overhead) {
                table[host].links[index].mtu.carriedLongPackets(now: now)
            }
        }
    }

    private func sealedBytes(_ pieces: Pieces) -> Int {
        let last = pieces[pieces.count - 1].count
        return (pieces.count - 1) * overhead.sealedSize(DataHeader.size + pieces.pieceSize)
            + overhead.sealedSize(DataHeader.size + last)
    }

    func target(_ host: Int, _ link: Int) -> LinkTarget {
        LinkTarget(
            host: table[host].id, link: table[host].links[link].number, socket: table[host].links[link].socket,
            address: table[host].links[link].settings.remote)
    }
}
