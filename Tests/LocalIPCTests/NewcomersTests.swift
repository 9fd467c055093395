import Testing

@testable import LocalIPC

/// Connections that do not say who they are have little time and little room.
struct NewcomersTests {
    @Test func `The silent are ended after some looks, whoever speaks is not`() {
        var newcomers = Newcomers()
        #expect(newcomers.add(5, of: 1) == nil && newcomers.add(6, of: 1) == nil)
        for _ in 1..<Newcomers.patience { #expect(newcomers.look() == []) }
        newcomers.remove(5)
        #expect(newcomers.add(7, of: 1) == nil)
        #expect(newcomers.look() == [6])
        for _ in 2..<Newcomers.patience { #expect(newcomers.look() == []) }
        #expect(newcomers.look() == [7])
        #expect(newcomers.isEmpty)
    }

    @Test func `One too many of a user ends his oldest, and nobody else's`() {
        var newcomers = Newcomers()
        #expect(newcomers.add(1, of: 0) == nil)
        for descriptor in 100..<(100 + Int32(Newcomers.limitOfUser)) {
            #expect(newcomers.add(descriptor, of: 7) == nil)
        }
        #expect(newcomers.add(1000, of: 7) == 100)
        newcomers.remove(101)
        #expect(newcomers.add(1001, of: 7) == nil)
        #expect(newcomers.add(1002, of: 7) == 102)
        #expect(newcomers.add(2, of: 0) == nil)
    }

    @Test func `One too many in all ends the oldest of whoever has the most`() {
        var newcomers = Newcomers()
        var next: Int32 = 10
        for user in 1...5 {
            for _ in 0..<(user == 3 ? 30 : 24) {
                #expect(newcomers.add(next, of: UInt32(user)) == nil)
                next += 1
            }
        }
        for _ in 0..<(Newcomers.limit - 126) {
            #expect(newcomers.add(next, of: 6) == nil)
            next += 1
        }
        #expect(newcomers.add(next, of: 8) == 58)
    }

    @Test func `A number that comes back is a new connection`() {
        var newcomers = Newcomers()
        _ = newcomers.add(5, of: 1)
        for _ in 1..<Newcomers.patience { _ = newcomers.look() }
        _ = newcomers.add(5, of: 1)
        #expect(newcomers.look() == [])
    }
}
