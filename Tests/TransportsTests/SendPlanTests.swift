import Testing

@testable import Transports

/// How a batch is grouped (spec: transports.md 10.1, 10.3).
struct SendPlanTests {
    let two = [SendDestination(largestSegment: 1472), SendDestination(largestSegment: 1472)]

    /// Datagrams one behind the other, as the arena places them.
    func queue(_ items: [(Int, Int?)]) -> [QueuedDatagram] {
        var offset = 0
        return items.map { length, destination in
            defer { offset += length }
            return QueuedDatagram(offset: offset, length: length, destination: destination)
        }
    }

    func plan(_ items: [(Int, Int?)], _ destinations: [SendDestination]) -> [PlannedSend] {
        var plan = SendPlan()
        plan.make(queue(items), for: destinations)
        return plan.sends
    }

    @Test func `Equal messages and the shorter token after them are one send per destination, the token's last`() {
        let sends = plan([(1455, nil), (1455, nil), (1455, nil), (89, 0)], two)
        #expect(
            sends == [
                PlannedSend(destination: 1, offset: 0, length: 4365, segment: 1455, datagrams: 3),
                PlannedSend(destination: 0, offset: 0, length: 4454, segment: 1455, datagrams: 4),
            ])
    }

    @Test func `A token never precedes an earlier message to another node`() {
        let items: [(Int, Int?)] = [(100, nil), (57, 1), (200, nil), (57, 0), (57, 1)]
        let sends = plan(items, two)
        // For every unicast datagram: all sends that carry bytes queued before it come no later than it does.
        let placed = queue(items)
        for token in placed where token.destination != nil {
            let at = sends.firstIndex {
                $0.destination == token.destination && ($0.offset..<$0.offset + $0.length).contains(token.offset)
            }
            for (index, send) in sends.enumerated() where send.offset < token.offset {
                #expect(index <= at ?? -1)
            }
        }
    }

    @Test func `Each destination gets its datagrams once and in order`() {
        let items: [(Int, Int?)] = [
            (10, nil), (1455, nil), (1455, nil), (900, nil), (901, nil), (57, 1), (57, nil), (73, 0),
        ]
        let sends = plan(items, two)
        for destination in 0..<2 {
            let expected = queue(items).filter { $0.destination == nil || $0.destination == destination }
            var pieces: [QueuedDatagram] = []
            for send in sends where send.destination == destination {
                var offset = send.offset
                let end = send.offset + send.length
                while offset < end {
                    let length = send.segment == 0 ? send.length : min(send.segment, end - offset)
                    pieces.append(QueuedDatagram(offset: offset, length: length, destination: nil))
                    offset += length
                }
            }
            #expect(pieces.map(\.offset) == expected.map(\.offset))
            #expect(pieces.map(\.length) == expected.map(\.length))
        }
    }

    @Test func `Growing lengths are sent one by one, a shorter datagram ends its group`() {
        let sends = plan([(100, nil), (101, nil), (101, nil), (50, nil), (101, nil)], [two[0]])
        #expect(sends.map(\.segment) == [0, 101, 0])
        #expect(sends.map(\.datagrams) == [1, 3, 1])
    }

    @Test func `A group keeps to 64 segments and to the largest UDP payload`() {
        let many = plan(Array(repeating: (100, nil), count: 130), [two[0]])
        #expect(many.map(\.datagrams) == [64, 64, 2])
        let large = plan(Array(repeating: (1472, nil), count: 60), [two[0]])
        #expect(large.map(\.datagrams) == [44, 16])
        #expect(large.allSatisfy { $0.length <= 65507 })
    }

    @Test func `Datagrams larger than the path takes are left to the kernel's fragmentation`() {
        let sends = plan([(1500, nil), (1500, nil)], two)
        #expect(sends.allSatisfy { $0.segment == 0 && $0.datagrams == 1 })
        #expect(sends.count == 4)
    }

    @Test func `A destination that refused segments gets plain datagrams, the others still groups`() {
        let sends = plan([(1455, nil), (1455, nil)], [SendDestination(largestSegment: 0), two[0]])
        #expect(sends.map(\.destination) == [0, 0, 1])
        #expect(sends.map(\.segment) == [0, 0, 1455])
    }

    @Test func `What is for everybody goes to the group once, before the token that follows`() {
        var plan = SendPlan()
        let items: [(Int, Int?)] = [(1455, nil), (1455, nil), (89, 0), (57, nil), (57, 1)]
        plan.make(queue(items), for: two, group: two[0])
        #expect(
            plan.sends == [
                PlannedSend(destination: nil, offset: 0, length: 2910, segment: 1455, datagrams: 2),
                PlannedSend(destination: 0, offset: 2910, length: 89, segment: 0, datagrams: 1),
                PlannedSend(destination: nil, offset: 2999, length: 57, segment: 0, datagrams: 1),
                PlannedSend(destination: 1, offset: 3056, length: 57, segment: 0, datagrams: 1),
            ])
    }

    @Test func `Nothing queued and nobody there are no sends`() {
        #expect(plan([], two).isEmpty)
        #expect(plan([(10, nil)], []).isEmpty)
    }
}
