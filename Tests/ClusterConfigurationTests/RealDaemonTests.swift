import ClusterConfiguration
import Testing

/// Every value a real Corosync 3.1.7 derived from a configuration, as corosync-cmapctl printed it.
@Suite struct RealDaemonTests {
    @Test("Derives what a real daemon derived", arguments: Fixtures.runtimeConfigNames)
    func derivesTheSame(name: String) throws {
        let document = try ConfigurationDocument(Fixtures.bytes("\(name).conf"), file: "\(name).conf")
        let configuration = try ClusterConfiguration(document, host: firstNode, names: NameTable())
        let expected = try Fixtures.lines("\(name).expected")
        let actual = configuration.entries.matching(prefix: "runtime.config.totem.").map(\.line)
        #expect(actual == expected)
    }

    @Test func coversTheWorkedExamples() {
        #expect(Fixtures.runtimeConfigNames.count >= 12)
    }
}
