import Testing

@testable import LocalIPC

/// Connections that do not say who they are have little time and little room.
struct NewcomersTests {
    @Test func `The silent are ended after some looks, whoever speaks is not`() {
        var newcomers = Newcomers()
        #expect(newcomers.add(5) == nil && newcomers.add(6) == nil)
        for _ in 1..<Newcomers.patience { #expect(newcomers.look() == []) }
        newcomers.remove(5)
        #expect(newcomers.add(7) == nil)
        #expect(newcomers.look() == [6])
        for _ in 2..<Newcomers.patience { #expect(newcomers.look() == []) }
        #expect(newcomers.look() == [7])
        #expect(newcomers.isEmpty)
    }

    @Test func `One too many ends the oldest`() {
        var newcomers = Newcomers()
        for descriptor in 0..<Int32(Newcomers.limit) { #expect(newcomers.add(descriptor) == nil) }
        #expect(newcomers.add(1000) == 0)
        newcomers.remove(1)
        #expect(newcomers.add(1001) == nil)
        #expect(newcomers.add(1002) == 2)
    }

    @Test func `A number that comes back is a new connection`() {
        var newcomers = Newcomers()
        _ = newcomers.add(5)
        for _ in 1..<Newcomers.patience { _ = newcomers.look() }
        _ = newcomers.add(5)
        #expect(newcomers.look() == [])
    }
}
