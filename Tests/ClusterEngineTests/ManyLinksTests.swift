import Basics
import ClusterMap
import Testing

@testable import ClusterEngine

/// The statistics of the largest ring: 384 nodes with eight links each have about 120,000 keys.
@Suite("The figures of very many links")
struct ManyLinksTests {
    private static let nodes = 384

    private static var text: String {
        let sections = (1...nodes).map { node in
            let addresses = (0..<8).map { "ring\($0)_addr: 10.\($0).\(node / 256).\(node % 256)" }
            return "node {\nnodeid: \(node)\nname: n\(node)\n\(addresses.joined(separator: "\n"))\n}"
        }
        return "totem {\nversion: 2\ncluster_name: large\n}\nnodelist {\n\(sections.joined(separator: "\n"))\n}\n"
    }

    @Test("all keys are listed, each once and in order, also while values change")
    func listing() throws {
        var engine = ClusterEngine(
            configuration: try VirtualCluster.configuration(Self.text, 0), storedRingSequence: 0)
        var now = Instant(nanoseconds: 1_000_000_000)
        try engine.start(now: now)
        engine.refreshStatistics(now: now)
        // 39 of each link, among which the own one, and 22 of all together.
        let expected = ((Self.nodes - 1) * 8 + 1) * 39 + 22
        var iterator = MapIterator(prefix: "stats.knet.")
        var count = 0
        var last = ""
        var isInOrder = true
        var hasValues = true
        while let entry = engine.statistics.next(&iterator) {
            isInOrder = isInOrder && entry.name > last
            last = entry.name
            count += 1
            // A client asks for each value, and meanwhile the figures grow old.
            hasValues = hasValues && engine.statistics[entry.name] == entry.value
            if count % 10_000 == 0 {
                now = now.adding(milliseconds: 150)
                engine.refreshStatistics(now: now)
            }
        }
        #expect(count == expected && isInOrder && hasValues)
        engine.clearLinkStatistics(now: now)
        let cleared = engine.statistics["stats.knet.node384.link7.down_count"]
        #expect(cleared == .u32(0))
    }
}
