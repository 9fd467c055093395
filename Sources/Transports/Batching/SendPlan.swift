/// A datagram waiting in the send arena.
struct QueuedDatagram: Equatable {
    var offset: Int
    var length: Int
    /// Index into the destination list; nil: every destination, or the group where there is one.
    var destination: Int?
}

/// What the planner must know of a destination.
struct SendDestination: Equatable {
    /// The largest segment the path takes without fragments; 0: this destination takes no segmented sends.
    var largestSegment: Int
}

/// One entry of a sendmmsg call: a range of the arena for one destination, cut into datagrams by the kernel when
/// `segment` is not zero.
struct PlannedSend: Equatable {
    /// Nil: the group.
    var destination: Int?
    var offset: Int
    var length: Int
    var segment: Int
    /// How many datagrams leave.
    var datagrams: Int
}

/// Turns the datagrams of a batch into as few sends as possible without changing what any receiver may see.
///
/// - Each destination gets its datagrams in the order they were queued.
/// - A unicast datagram (the token) comes after everything queued before it for *all* destinations: a token must not
///   leave before the kernel has the messages that precede it (spec: transports.md 10.1).
/// - Consecutive datagrams of equal length to one destination become one segmented send; a shorter one may end it
///   (spec: transports.md 10.3, items 1 and 2).
struct SendPlan {
    /// The most segments every kernel since 4.18 accepts.
    static let mostSegments = 64
    /// The most payload a segmented send can carry: 65535 less an IPv6 and a UDP header.
    static let mostBytes = 65535 - 48

    private(set) var sends: [PlannedSend] = []

    /// - Parameter group: gets what is for every destination, in one send instead of one for each.
    mutating func make(
        _ queue: [QueuedDatagram], for destinations: [SendDestination], group: SendDestination? = nil
    ) {
        sends.removeAll(keepingCapacity: true)
        var start = 0
        while start < queue.count {
            var shared = start
            while shared < queue.count, queue[shared].destination == nil { shared += 1 }
            guard shared < queue.count, let target = queue[shared].destination else {
                appendShared(queue, start..<shared, destinations, group, except: nil)
                return
            }
            var end = shared
            while end < queue.count, queue[end].destination == target { end += 1 }
            appendShared(queue, start..<shared, destinations, group, except: target)
            let first = group == nil ? start : shared
            if target < destinations.count { append(queue, first..<end, target, destinations[target]) }
            start = end
        }
    }

    private mutating func appendShared(
        _ queue: [QueuedDatagram], _ range: Range<Int>, _ destinations: [SendDestination], _ group: SendDestination?,
        except target: Int?
    ) {
        guard !range.isEmpty else { return }
        if let group { return append(queue, range, nil, group) }
        for index in destinations.indices where index != target {
            append(queue, range, index, destinations[index])
        }
    }

    private mutating func append(
        _ queue: [QueuedDatagram], _ range: Range<Int>, _ index: Int?, _ destination: SendDestination
    ) {
        var position = range.lowerBound
        while position < range.upperBound {
            let first = queue[position]
            var length = first.length
            var end = position + 1
            if first.length <= destination.largestSegment {
                while end < range.upperBound, end - position < Self.mostSegments,
                    queue[end].length <= first.length, length + queue[end].length <= Self.mostBytes,
                    queue[end].offset == first.offset + length
                {
                    length += queue[end].length
                    end += 1
                    if queue[end - 1].length < first.length { break }
                }
            }
            sends.append(
                PlannedSend(
                    destination: index, offset: first.offset, length: length,
                    segment: end - position > 1 ? first.length : 0, datagrams: end - position))
            position = end
        }
    }
}
