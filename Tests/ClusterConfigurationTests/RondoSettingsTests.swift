import ClusterConfiguration
import Testing

@Suite("Section rondo")
struct RondoSettingsTests {
    private func rondo(_ lines: String...) -> String {
        text(nodes: 3) + "rondo {\n" + lines.map { "    \($0)\n" }.joined() + "}\n"
    }

    @Test("the interval of beats, and what it is without the section")
    func beat() throws {
        #expect(try configuration(text(nodes: 3)).rondo.beat == 240)
        #expect(try configuration(rondo("beat: 100")).rondo.beat == 100)
        #expect(try configuration(rondo("beat: 0")).rondo.beat == 0)
        #expect(try configuration(rondo()).rondo.beat == 240)
    }

    @Test("an interval that is none is refused, with line and remedy", arguments: ["19", "10001", "4294967295"])
    func range(_ value: String) throws {
        let error = try #require(configurationError { _ = try configuration(rondo("beat: \(value)")) })
        #expect(error.exitStatus == 8)
        #expect(error.key == "rondo.beat")
        #expect(error.value == value)
        #expect(error.permitted == "20..10000 ms, or 0 for none")
        #expect(error.line != nil)
    }

    @Test("what is no number is refused where it stands", arguments: ["abc", "100 ms", "-1"])
    func numbers(_ value: String) {
        #expect(configurationError { _ = try configuration(rondo("beat: \(value)")) }?.key == "rondo.beat")
    }

    @Test("misspelt keys are pointed out")
    func misspelt() throws {
        let warnings = try document(rondo("beta: 100")).warnings
        #expect(warnings.contains { "\($0)".contains("rondo.beta") })
    }
}
