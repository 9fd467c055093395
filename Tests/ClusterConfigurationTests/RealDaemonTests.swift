import ClusterConfiguration
import Testing

/// Every value a real Corosync 3.1.7 derived from a configuration, as corosync-cmapctl printed it.
@Suite struct RealDaemonTests {
    @Test("Derives what a real daemon derived", arguments: Fixtures.runtimeConfigNames)
    func derivesTheSame(name: String) throws {
        let document = try ConfigurationDocument(Fixtures.bytes("runtime-config/\(name).conf"), file: "\(name).conf")
        let configuration = try ClusterConfiguration(document, host: firstNode, names: NameTable())
        let expected = try Fixtures.lines("runtime-config/\(name).expected")
        // The ports of links are there since 3.1.10.
        let actual = configuration.entries.matching(prefix: "runtime.config.totem.").map(\.line)
            .filter { !$0.contains(".mcastport ") }
        #expect(actual == expected)
    }

    @Test("Stores the keys a real daemon stored from every kind of section")
    func storesTheSame() throws {
        let document = try ConfigurationDocument(
            Fixtures.bytes("map/everything.conf"), file: "everything.conf",
            accounts: AccountTable(users: ["daemon": 1]))
        let configuration = try ClusterConfiguration(document, host: firstNode, names: NameTable())
        let expected = try Fixtures.lines("map/everything.expected")
        let actual = configuration.entries.sorted.map(\.line).filter {
            !$0.hasPrefix("runtime.") && !$0.hasPrefix("resources.")
        }
        #expect(actual == expected)
    }

    @Test func coversTheWorkedExamples() {
        #expect(Fixtures.runtimeConfigNames.count >= 12)
    }
}
