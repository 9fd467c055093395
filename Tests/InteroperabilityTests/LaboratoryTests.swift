import ClusterLab
import Testing

extension Interoperability {
    /// What the laboratory owes the machine it runs on.
    @Suite struct LaboratoryTests {
        @Test(
            "No program of the laboratory can reset this machine", arguments: ["/proc/sysrq-trigger", "/dev/watchdog"])
        func harmless(_ path: String) throws {
            let lab = try Laboratory(nodes: 1)
            defer { lab.close() }
            let kind = try lab.node(1).run("stat", "--format", "%t:%T", path)
            #expect(
                !kind.succeeded || kind.output == "1:3\n", "\(path) inside is not /dev/null but device \(kind.output)")
        }
    }
}
