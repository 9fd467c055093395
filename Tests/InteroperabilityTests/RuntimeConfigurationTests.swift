import ClusterLab
import Foundation
import Testing

/// A configuration, and the effective timings a real daemon printed for it.
struct TimingFixture: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let configuration: String
    let expected: [MapEntry]

    /// Whether Rondo has the transport.
    var isForRondo: Bool { configuration.contains("transport: udpu") }

    static let all: [TimingFixture] = {
        let folder = Checkout.root + "/Tests/Fixtures/runtime-config"
        let files = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
        return files.filter { $0.hasSuffix(".conf") }.compactMap { file in
            let name = String(file.dropLast(".conf".count))
            guard let text = try? String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8),
                let listing = try? String(contentsOfFile: "\(folder)/\(name).expected", encoding: .utf8)
            else { return nil }
            return TimingFixture(
                testDescription: name, configuration: text, expected: MapListing(listing).entries)
        }
    }()
}

extension Interoperability {
    /// What a configuration leads to, read from the running daemons.
    @Suite struct RuntimeConfigurationTests {
        @Test func thereAreFixtures() {
            #expect(TimingFixture.all.filter(\.isForRondo).count >= 12)
        }

        @Test("The effective timings of Rondo are those of Corosync", arguments: TimingFixture.all)
        func timings(_ fixture: TimingFixture) throws {
            var engines: [Engine] = [.corosync]
            if fixture.isForRondo, try Mixture(.rondo).absence == nil { engines.append(.rondo) }
            let labs = try engines.map { engine in
                let lab = try Laboratory(nodes: 1)
                try lab.node(1).run("ip", "address", "add", "10.78.0.1/24", "dev", "eth0")
                try lab.node(1).configure(fixture.configuration)
                try lab.node(1).start(engine)
                return lab
            }
            defer { labs.close() }
            for (engine, lab) in zip(engines, labs) {
                #expect(try effective(lab) == fixture.expected, "\(engine)")
            }
        }

        /// The computed values, as soon as the daemon answers.
        private func effective(_ lab: Laboratory) throws -> [MapEntry] {
            var entries: [MapEntry] = []
            try lab.wait(for: "an answer of the daemon", within: .seconds(10)) {
                // The ports of links are there since 3.1.10.
                entries = try lab.node(1).map(under: "runtime.config.totem.").entries.filter {
                    !$0.key.hasSuffix(".mcastport")
                }
                return !entries.isEmpty
            }
            return entries
        }
    }
}
