import Basics
import CPosix
import Glibc
import TotemWire

/// Sending in batches.
extension UDPTransport {
    /// Copies a datagram into the batch that the next `flush` sends; one to the own node or to an unknown one is dropped.
    public func queue(_ bytes: Span<UInt8>, to destination: PacketDestination) {
        guard !bytes.isEmpty else { return }
        var target: Int?
        if case .node(let node) = destination {
            guard let index = members.index(of: node) else { return }
            target = index
        }
        let offset = arena.append(bytes)
        queue.append(QueuedDatagram(offset: offset, length: bytes.count, destination: target))
        if queue.count >= 1024 || arena.used >= 4 << 20 { flush() }
    }

    /// Sends a datagram to one node at once, and wants to hear when the machine there refuses it.
    public func ask(_ bytes: Span<UInt8>, _ node: NodeID) {
        guard !bytes.isEmpty, interfaceState == .regular, let index = members.index(of: node) else { return }
        let (address, length) = members.socketAddress(index)
        statistics.sendCalls += 1
        guard questions.send(bytes, to: address, length) else { return statistics.sendErrors += 1 }
        statistics.sentDatagrams += 1
        statistics.sentBytes += UInt64(bytes.count)
    }

    /// Takes what the network has said of datagrams that were sent by `ask`, up to a number: a flood of it must not hold up
    /// the ring.
    ///
    /// - Parameter take: is given each node whose machine has refused one.
    public func takeRefusals(_ take: (NodeID) -> Void) {
        for _ in 0..<64 {
            guard let report = questions.nextReport() else { return }
            guard case .refused(let address) = report else { continue }
            for member in members.members where member.address == address { take(member.node) }
        }
    }

    /// Sends the batch. Failures are counted and otherwise ignored: the ring recovers from lost datagrams.
    public func flush() {
        guard !queue.isEmpty else { return }
        defer {
            queue.removeAll(keepingCapacity: true)
            arena.removeAll()
        }
        guard interfaceState == .regular else { return }
        if queue.count == 1, queue[0].destination != nil || members.group != nil { return sendAlone(queue[0]) }
        plan.make(queue, for: members.destinations, group: members.group)
        var next = 0
        while next < plan.sends.count {
            let end = min(next + batch.capacity, plan.sends.count)
            fill(next..<end)
            sendBatch(planned: next..<end)
            next = end
        }
    }

    /// One datagram to one address, as a token without messages is, which most are: no plan and no batch.
    private func sendAlone(_ datagram: QueuedDatagram) {
        guard let bytes = arena.address(of: datagram.offset) else { return }
        let (address, addressLength) = members.socketAddress(datagram.destination)
        while true {
            // The arena holds `length` bytes from there on.
            let sent = rondo_send_datagram(
                sendingDescriptor, bytes, datagram.length, Int32(MSG_NOSIGNAL), address, addressLength)
            if sent < 0, errno == EINTR { continue }
            statistics.sendCalls += 1
            guard sent >= 0 else { return fail(1, to: datagram.destination) }
            statistics.sentDatagrams += 1
            statistics.sentBytes += UInt64(datagram.length)
            succeed(to: datagram.destination)
            return
        }
    }

    private func fill(_ range: Range<Int>) {
        batch.removeAll()
        for index in range { append(plan.sends[index]) }
    }

    private func append(_ send: PlannedSend) {
        guard let bytes = arena.address(of: send.offset) else { return }
        let (target, length) = members.socketAddress(send.destination)
        batch.append(
            bytes: bytes, length: send.length, segment: send.segment, address: target, addressLength: length)
    }

    private func sendBatch(planned range: Range<Int>) {
        var first = 0
        while first < range.count {
            let sent = batch.send(from: first, descriptor: sendingDescriptor)
            let code = errno
            statistics.sendCalls += 1
            for index in first..<(first + max(sent, 0)) { count(plan.sends[range.lowerBound + index]) }
            if sent > 0 {
                first += sent
            } else {
                let refused = plan.sends[range.lowerBound + first]
                first += 1
                guard refused.segment > 0, SendBatch.meansNoSegments(code) else {
                    fail(refused.datagrams, to: refused.destination)
                    continue
                }
                members.refuseSegments(refused.destination)
                sendSingly(refused)
                fill(range)
            }
        }
    }

    /// Sends the datagrams of a refused group one by one.
    private func sendSingly(_ group: PlannedSend) {
        batch.removeAll()
        var offset = 0
        while offset < group.length {
            let length = min(group.segment, group.length - offset)
            append(
                PlannedSend(
                    destination: group.destination, offset: group.offset + offset, length: length, segment: 0,
                    datagrams: 1))
            offset += length
        }
        var first = 0
        while first < batch.count {
            let sent = batch.send(from: first, descriptor: sendingDescriptor)
            statistics.sendCalls += 1
            if sent > 0 {
                statistics.sentDatagrams += UInt64(sent)
                first += sent
            } else {
                fail(1, to: group.destination)
                first += 1
            }
        }
        statistics.sentBytes += UInt64(group.length)
    }

    private func count(_ send: PlannedSend) {
        statistics.sentDatagrams += UInt64(send.datagrams)
        statistics.sentBytes += UInt64(send.length)
        if send.segment > 0 { statistics.segmentedSends += 1 }
        succeed(to: send.destination)
    }

    private func succeed(to destination: Int?) {
        if destination == nil || group == nil { statistics.consecutiveSendErrors = 0 }
    }

    private func fail(_ datagrams: Int, to destination: Int?) {
        statistics.sendErrors += UInt64(datagrams)
        if destination == nil || group == nil { statistics.consecutiveSendErrors += 1 }
    }
}
