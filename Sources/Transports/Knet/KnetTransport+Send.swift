import Basics
import Glibc
import Links
import Sealing

/// From the links' outbox to the kernel.
extension KnetTransport {
    /// Rounds after which what refusals have caused waits for the next call.
    private static let rounds = 4

    /// Seals and sends all that the links want sent. What the kernel refuses they are told; what that makes them send leaves,
    /// too.
    public func flush(_ links: inout KnetLinks, now: Instant) {
        for _ in 0..<Self.rounds where links.hasOutgoing {
            collect(&links)
            for (packet, target) in unsent { links.refused(packet, to: target, because: .unreachable, now: now) }
            unsent.removeAll(keepingCapacity: true)
            send(&links, now: now)
            plan.removeAll(keepingCapacity: true)
            arena.removeAll()
        }
    }

    /// Copies every packet into the arena, sealed where a key is in use: all targets get the same bytes.
    private func collect(_ links: inout KnetLinks) {
        while let packet = links.nextOutgoing() {
            let offset = arena.used
            guard let (stride, lastLength) = packet.slot == .clear ? copy(packet, links) : seal(packet, links) else {
                // Sent clear it would be believed by nobody, and read by anybody.
                statistics.sendErrors += UInt64(packet.count * packet.targetCount)
                continue
            }
            for index in 0..<packet.targetCount {
                let target = links.target(index, of: packet)
                guard let socket = socket(target.socket) else {
                    unsent.append((packet, target))
                    continue
                }
                let runs = SegmentRuns(
                    count: packet.count, stride: stride, lastLength: lastLength, largestSegment: socket.largestSegment)
                for run in runs {
                    plan.append(
                        PlannedLinkSend(
                            packet: packet, target: target, offset: offset + run.offset, length: run.length,
                            segment: run.segment, datagrams: run.datagrams))
                }
            }
        }
    }

    private func copy(_ packet: Outgoing, _ links: borrowing KnetLinks) -> (stride: Int, lastLength: Int)? {
        _ = arena.append(links.datagrams(of: packet))
        return (packet.stride, packet.lastLength)
    }

    /// Seals each datagram behind the other; nil, and nothing of it stays, when that fails.
    private func seal(_ packet: Outgoing, _ links: borrowing KnetLinks) -> (stride: Int, lastLength: Int)? {
        guard let slot = SealingSlots.Slot(packet.slot) else { return nil }
        var lengths = (stride: 0, lastLength: 0)
        for index in 0..<packet.count {
            let plain = links.datagram(index, of: packet)
            let start = arena.used
            let started = packet.type == .data ? stopwatch.startSometimes() : nil
            var room = arena.extend(by: plain.count + KnetTransport.largestOverhead)
            guard let length = try? keys.seal(plain, with: slot, into: &room) else { return nil }
            if let started { times.sealing.add(Stopwatch.nanoseconds(since: started)) }
            arena.truncate(to: start + length)
            if index == 0 { lengths.stride = length }
            lengths.lastLength = length
        }
        return lengths
    }

    // MARK: System calls

    private func send(_ links: inout KnetLinks, now: Instant) {
        var next = 0
        while next < plan.count {
            let number = plan[next].target.socket
            var end = next
            batch.removeAll()
            while end < plan.count, batch.count < batch.capacity, plan[end].target.socket == number {
                append(plan[end])
                end += 1
            }
            if let socket = socket(number) {
                for send in plan[next..<end] where send.segment == 0 { note(send, on: socket) }
                send(next..<end, socket, &links, now: now)
            }
            next = end
        }
    }

    /// Remembers a datagram, should a machine refuse it.
    private func note(_ send: PlannedLinkSend, on socket: LinkSocket) {
        guard let bytes = arena.address(of: send.offset) else { return }
        // The arena holds `length` bytes from there on.
        socket.marks.note(bytes, length: send.length)
    }

    private func append(_ send: PlannedLinkSend) {
        guard let bytes = arena.address(of: send.offset) else { return }
        // There are as many addresses as a batch has room for.
        let address = addresses + batch.count
        let length = SocketAddressStorage.write(send.target.address, into: &address.pointee)
        batch.append(
            bytes: bytes, length: send.length, segment: send.segment, address: address, addressLength: length)
    }

    /// Sends what `batch` holds of a range of the plan.
    private func send(_ range: Range<Int>, _ socket: LinkSocket, _ links: inout KnetLinks, now: Instant) {
        var first = 0
        var isRepeated = false
        while first < range.count {
            let sent = batch.send(from: first, descriptor: socket.descriptor)
            let code = errno
            statistics.sendCalls += 1
            if sent > 0 {
                for index in first..<min(first + sent, range.count) { count(plan[range.lowerBound + index]) }
                first += sent
                isRepeated = false
                continue
            }
            let refused = plan[range.lowerBound + first]
            // What the network has said of an earlier datagram, perhaps to somebody else, comes back with the next call.
            if !isRepeated, Self.mayBeOfAnother(code), readErrors(socket, &links, now: now) {
                isRepeated = true
                continue
            }
            isRepeated = false
            first += 1
            if refused.segment > 0, SendBatch.meansNoSegments(code) {
                if code != EMSGSIZE { socket.largestSegment = 0 }
                sendSingly(refused, socket, &links, now: now)
                batch.removeAll()
                for index in range { append(plan[index]) }
            } else {
                refuse(refused, code, &links, now: now)
            }
        }
    }

    /// Sends the datagrams of a refused run one by one: some of them may pass.
    private func sendSingly(
        _ run: PlannedLinkSend, _ socket: LinkSocket, _ links: inout KnetLinks, now: Instant
    ) {
        var offset = 0
        while offset < run.length {
            let length = min(run.segment, run.length - offset)
            let single = PlannedLinkSend(
                packet: run.packet, target: run.target, offset: run.offset + offset, length: length, segment: 0,
                datagrams: 1)
            batch.removeAll()
            append(single)
            let sent = batch.send(from: 0, descriptor: socket.descriptor)
            let code = errno
            statistics.sendCalls += 1
            if sent > 0 { count(single) } else { refuse(single, code, &links, now: now) }
            offset += length
        }
    }

    private func count(_ send: PlannedLinkSend) {
        statistics.sentDatagrams += UInt64(send.datagrams)
        statistics.sentBytes += UInt64(send.length)
        if send.segment > 0 { statistics.segmentedSends += 1 }
        statistics.consecutiveSendErrors = 0
    }

    private func refuse(_ send: PlannedLinkSend, _ code: Int32, _ links: inout KnetLinks, now: Instant) {
        statistics.sendErrors += UInt64(send.datagrams)
        statistics.consecutiveSendErrors += 1
        let refusal: SendRefusal =
            switch code {
            case EMSGSIZE, EPERM: .tooLong(mtu: nil)
            case ENOBUFS, EAGAIN, ENOMEM: .noRoom
            case ENETUNREACH, ENETDOWN, EHOSTUNREACH, EHOSTDOWN, ECONNREFUSED, EINVAL, EADDRNOTAVAIL: .unreachable
            default: .other
            }
        links.refused(send.packet, to: send.target, because: refusal, now: now)
    }

    /// What a report of the network about an earlier datagram makes the next call return.
    private static func mayBeOfAnother(_ code: Int32) -> Bool {
        switch code {
        case ECONNREFUSED, EHOSTUNREACH, ENETUNREACH, EMSGSIZE, EPROTO, EACCES, EOPNOTSUPP, ENOPROTOOPT, EHOSTDOWN: true
        default: false
        }
    }
}

extension SealingSlots.Slot {
    /// Nil for clear.
    public init?(_ slot: KeySlot) {
        switch slot {
        case .clear: return nil
        case .first: self = .one
        case .second: self = .two
        }
    }

    var keySlot: KeySlot { self == .one ? .first : .second }
}
