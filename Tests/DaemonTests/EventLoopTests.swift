import Basics
import Glibc
import Testing

@testable import Daemon

/// What the server for local programs and the ring need of the loop (spec: ipc.md 2.2).
struct EventLoopTests {
    /// A pipe whose reading end is ready when asked for.
    final class Pipe {
        let read: Int32
        let write: Int32

        init(ready: Bool = true) {
            var ends: [Int32] = [0, 0]
            pipe(&ends)
            (read, write) = (ends[0], ends[1])
            if ready { fill() }
        }

        func fill() {
            var byte: UInt8 = 1
            _ = Glibc.write(write, &byte, 1)
        }

        func drain() {
            var byte: UInt8 = 0
            _ = Glibc.read(read, &byte, 1)
        }

        deinit {
            close(read)
            close(write)
        }
    }

    func soon(_ milliseconds: UInt64 = 5000) -> Instant { EventLoop.clock().adding(milliseconds: milliseconds) }

    @Test func `A ready descriptor is reported until it is drained`() throws {
        let loop = try EventLoop()
        let pipe = Pipe()
        var calls = 0
        loop.add(pipe.read, .readable, .medium) { _, events in
            #expect(events.contains(.readable))
            calls += 1
            if calls == 2 { pipe.drain() }
            return true
        }
        loop.turn(until: soon())
        loop.turn(until: soon())
        #expect(calls == 2)
        loop.turn(until: EventLoop.clock())
        #expect(calls == 2)
    }

    @Test func `A deadline is kept to the nanosecond scale and never early`() throws {
        let loop = try EventLoop()
        let deadline = EventLoop.clock().adding(nanoseconds: 300_000)
        loop.turn(until: deadline)
        #expect(loop.now >= deadline)
    }

    @Test func `A handler that says no is removed`() throws {
        let loop = try EventLoop()
        let pipe = Pipe()
        var calls = 0
        loop.add(pipe.read, .readable, .medium) { _, _ in
            calls += 1
            return false
        }
        loop.turn(until: soon())
        loop.turn(until: EventLoop.clock())
        #expect(calls == 1 && loop.count == 0)
    }

    @Test func `A handler may replace itself from inside, as when a newcomer becomes a client`() throws {
        let loop = try EventLoop()
        let pipe = Pipe()
        var first = 0
        var second = 0
        loop.add(pipe.read, .readable, .medium) { descriptor, _ in
            first += 1
            loop.remove(descriptor)
            loop.add(descriptor, .readable, .medium) { _, _ in
                second += 1
                return true
            }
            return true
        }
        loop.turn(until: soon())
        loop.turn(until: soon())
        #expect(first == 1 && second == 1)
    }

    @Test func `Saying no after replacing oneself removes the old handler only`() throws {
        let loop = try EventLoop()
        let pipe = Pipe()
        var second = 0
        loop.add(pipe.read, .readable, .medium) { descriptor, _ in
            loop.remove(descriptor)
            loop.add(descriptor, .readable, .medium) { _, _ in
                second += 1
                return true
            }
            return false
        }
        loop.turn(until: soon())
        loop.turn(until: soon())
        #expect(second == 1)
    }

    @Test func `An event fetched before its descriptor was removed is not delivered`() throws {
        let loop = try EventLoop()
        let pipes = [Pipe(), Pipe()]
        var calls = 0
        for (index, pipe) in pipes.enumerated() {
            loop.add(pipe.read, .readable, .medium) { _, _ in
                calls += 1
                loop.remove(pipes[1 - index].read)
                return true
            }
        }
        loop.turn(until: soon())
        #expect(calls == 1)
    }

    @Test func `A closed peer is reported unasked`() throws {
        let loop = try EventLoop()
        var ends: [Int32] = [0, 0]
        #expect(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
        var seen: EventLoop.Events = []
        loop.add(ends[0], [], .medium) { _, events in
            seen = events
            return false
        }
        close(ends[1])
        loop.turn(until: soon())
        #expect(seen.contains(.hangUp))
        close(ends[0])
    }

    @Test func `High priority runs every turn, a crowd of others a few at a time and each in its turn`() throws {
        let loop = try EventLoop()
        let crowd = (0..<20).map { _ in Pipe() }
        let token = Pipe()
        var order: [Int] = []
        for (index, pipe) in crowd.enumerated() {
            loop.add(pipe.read, .readable, .medium) { _, _ in
                order.append(index)
                return true
            }
        }
        loop.add(token.read, .readable, .high) { _, _ in
            order.append(-1)
            return true
        }
        for _ in 0..<30 { loop.turn(until: soon()) }
        #expect(order.count { $0 == -1 } == 30)
        var since = 0
        for entry in order {
            since = entry == -1 ? 0 : since + 1
            #expect(since <= 4)
        }
        #expect(Set(order) == Set(-1..<20))
    }

    @Test func `A few clients that are ready with the ring go before its packets, the rest behind them`() throws {
        let loop = try EventLoop()
        let ring = Pipe()
        let clients = (0..<6).map { _ in Pipe() }
        var order: [Int] = []
        loop.add(ring.read, .readable, .ring) { _, _ in
            order.append(-1)
            return true
        }
        for (index, client) in clients.enumerated() {
            loop.add(client.read, .readable, .high) { _, _ in
                order.append(index)
                return true
            }
        }
        loop.turn(until: soon())
        #expect(order.count == 7 && order.firstIndex(of: -1) == 4)

        order = []
        loop.gathersRequests = false
        loop.turn(until: soon())
        #expect(order.count == 7 && order.first == -1)
    }

    @Test func `A client beside a busy ring is served even when no packet comes any more`() throws {
        let loop = try EventLoop()
        let ring = Pipe()
        let client = Pipe()
        var served = 0
        loop.add(ring.read, .readable, .ring) { _, _ in
            ring.drain()
            return true
        }
        loop.add(client.read, .readable, .high) { _, _ in
            served += 1
            return true
        }
        for _ in 0..<10 { loop.turn(until: soon()) }
        #expect(served == 10)
    }

    @Test func `A packet on any of the ring's sockets ends the wait for it, on none of them the time does`() throws {
        let loop = try EventLoop()
        let sockets = (0..<3).map { _ in Pipe(ready: false) }
        let client = Pipe()
        for socket in sockets { loop.add(socket.read, .readable, .ring) { _, _ in true } }
        loop.add(client.read, .readable, .high) { _, _ in true }
        for socket in sockets {
            socket.fill()
            for _ in 0..<20 { loop.turn(until: soon()) }
            #expect(loop.vainWaits == 0)
            socket.drain()
        }
        for _ in 0..<50 where loop.vainWaits == 0 {
            sockets[0].fill()
            loop.turn(until: soon())
            sockets[0].drain()
            loop.turn(until: soon())
        }
        #expect(loop.vainWaits > 0)
    }

    @Test func `A deadline that moves to later does not end a turn early, one that moves to sooner does`() throws {
        let loop = try EventLoop()
        let pipe = Pipe()
        loop.add(pipe.read, .readable, .medium) { _, _ in
            pipe.drain()
            return true
        }
        let first = EventLoop.clock().adding(milliseconds: 5)
        loop.turn(until: first)
        let later = EventLoop.clock().adding(milliseconds: 30)
        loop.turn(until: later)
        #expect(loop.now >= later)

        pipe.fill()
        let far = soon(60_000)
        loop.turn(until: far)
        let sooner = EventLoop.clock().adding(milliseconds: 1)
        loop.turn(until: sooner)
        #expect(loop.now >= sooner && loop.now < far)
    }

    @Test func `Jobs run once, high before low, and one that adds itself does not spin`() throws {
        let loop = try EventLoop()
        var order: [String] = []
        loop.addJob(.low) { order.append("low") }
        loop.addJob(.high) { order.append("high") }
        loop.turn(until: soon())
        while order.count < 2 { loop.turn(until: soon()) }
        #expect(order == ["high", "low"])

        var runs = 0
        func again() {
            runs += 1
            if runs < 3 { loop.addJob(.low, again) }
        }
        loop.addJob(.low, again)
        var turns = 0
        while runs < 3, turns < 100 {
            loop.turn(until: soon())
            turns += 1
        }
        #expect(runs == 3)
        // Each repetition waited for its time instead of turning the loop.
        #expect(turns < 20)
    }

    @Test func `A timer runs once its time has come`() throws {
        let loop = try EventLoop()
        var fired = false
        let start = EventLoop.clock()
        loop.addTimer(milliseconds: 20) { fired = true }
        while !fired { loop.turn(until: soon()) }
        #expect(EventLoop.clock().nanoseconds(since: start) >= 20_000_000)
    }

    @Test func `A bad descriptor is an error and not an end`() throws {
        let loop = try EventLoop()
        #expect(loop.add(-1, .readable, .medium) { _, _ in true } < 0)
        #expect(loop.modify(77, .readable, .medium) < 0)
        #expect(loop.remove(77) < 0)
    }
}
