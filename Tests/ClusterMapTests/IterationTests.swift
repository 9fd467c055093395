import ClusterMap
import Testing

/// Walking over keys (spec: configuration.md 7.2).
@Suite struct IterationTests {
    private func map(_ names: [String]) throws -> ClusterMap {
        var map = ClusterMap()
        for name in names { try map.set(name, .u8(1)) }
        return map
    }

    @Test func keysComeInTheOrderOfTheirBytesAndBeforeTheirExtensions() throws {
        let map = try map(["b.key", "a.key.more", "a.key", "Z.key", "a-key", "a_key", "a.key0", "a:key", "a/key"])
        #expect(
            map.entries().map(\.name) == [
                "Z.key", "a-key", "a.key", "a.key.more", "a.key0", "a/key", "a:key", "a_key", "b.key",
            ])
    }

    @Test func aPrefixIsBytesNotParts() throws {
        let map = try map(["nodelist.node.0.x", "nodelist.node.1.x", "nodelist.node.10.x", "nodelist.node.2.x"])
        #expect(map.entries(withPrefix: "nodelist.node.1").map(\.name) == ["nodelist.node.1.x", "nodelist.node.10.x"])
        #expect(map.entries(withPrefix: "nothing").isEmpty)
    }

    @Test func deletingWhatTheWalkStandsOnOrWillReachIsSafe() throws {
        var map = try map(["key.1", "key.2", "key.3", "key.4"])
        var iterator = MapIterator(prefix: "key.")
        #expect(map.next(&iterator)?.name == "key.1")
        try map.delete("key.1")
        try map.delete("key.2")
        #expect(map.next(&iterator)?.name == "key.3")
        try map.set("key.0", .u8(1))
        try map.set("key.35", .u8(1))
        #expect(map.next(&iterator)?.name == "key.35")
        #expect(map.next(&iterator)?.name == "key.4")
        #expect(map.next(&iterator) == nil)
        try map.set("key.5", .u8(1))
        #expect(map.next(&iterator)?.name == "key.5")
    }

    @Test func manyKeysInAnyOrderOfInsertionAndDeletionStaySorted() throws {
        var map = ClusterMap()
        var expected: Set<String> = []
        var state: UInt64 = 42
        for _ in 0..<20000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let name = "key.\((state >> 33) % 3000)"
            if state >> 63 == 0 || !expected.contains(name) {
                try map.set(name, .u64(state))
                expected.insert(name)
                #expect(map[name] == .u64(state))
            } else {
                try map.delete(name)
                expected.remove(name)
                #expect(map[name] == nil)
            }
        }
        #expect(map.entries().map(\.name) == expected.sorted())
        #expect(map.count == expected.count)
        map.deleteAll(withPrefix: "key.1")
        #expect(map.entries().map(\.name) == expected.filter { !$0.hasPrefix("key.1") }.sorted())
    }

    @Test func namesThatNoKeyCanHaveAreFoundNowhere() throws {
        let map = try map(["abc.def", "xyz.def"])
        for name in ["", "é", "\u{fffd}", "\0", "abc", "abc.def\0", String(repeating: "z", count: 1000)] {
            #expect(map[name] == nil)
            #expect(map.entries(withPrefix: name + "\u{fffd}").isEmpty)
        }
    }
}
