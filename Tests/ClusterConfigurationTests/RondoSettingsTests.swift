import ClusterConfiguration
import Testing

@Suite("Section rondo")
struct RondoSettingsTests {
    private func rondo(_ lines: String...) -> String {
        text(nodes: 3) + "rondo {\n" + lines.map { "    \($0)\n" }.joined() + "}\n"
    }

    @Test("the interval of beats, and what it is without the section")
    func beat() throws {
        #expect(try beat(text(nodes: 3)) == 240)
        #expect(try beat(rondo("beat: 100")) == 100)
        #expect(try beat(rondo("beat: 0")) == 0)
        #expect(try beat(rondo()) == 240)
        // A tenth of the silence, where that is short.
        #expect(try beat(rondo("silence: 1000")) == 100)
        #expect(try beat(rondo("silence: 100")) == 20)
        #expect(try beat(rondo("silence: 0")) == 240)
    }

    private func beat(_ text: String) throws -> UInt32 {
        let configuration = try configuration(text)
        return configuration.rondo.beat(configuration.timings)
    }

    private func silence(_ text: String) throws -> UInt32 {
        let configuration = try configuration(text)
        return configuration.rondo.silence(configuration.timings)
    }

    @Test("silence is the written token less its hold, whatever the number of nodes, or what is written")
    func silence() throws {
        #expect(try silence(text(nodes: 2)) == 2439)
        #expect(try silence(text(nodes: 8)) == 2439)
        #expect(try silence(rondo("silence: 200")) == 200)
        #expect(try silence(rondo("silence: 0")) == 0)
        // It is told by beats.
        #expect(try silence(rondo("beat: 0")) == 0)
        #expect(try silence(rondo("beat: 1000")) == 8000)
        #expect(try silence(rondo("beat: 100", "silence: 800")) == 800)
    }

    @Test("a silence of fewer than eight beats is refused, with line and remedy")
    func fewBeats() throws {
        let error = try #require(configurationError { _ = try configuration(rondo("beat: 101", "silence: 500")) })
        #expect(error.key == "rondo.silence")
        #expect(error.permitted == "808 ms or more, or 0 for none")
        #expect(error.line != nil)
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

    @Test("a time of silence that is none is refused", arguments: ["99", "600001"])
    func silenceRange(_ value: String) throws {
        let error = try #require(configurationError { _ = try configuration(rondo("silence: \(value)")) })
        #expect(error.key == "rondo.silence")
        #expect(error.permitted == "100..600000 ms, or 0 for none")
        #expect(error.line != nil)
    }

    private func ipc(_ lines: String...) -> String {
        text(nodes: 3) + "rondo {\n    ipc {\n" + lines.map { "        \($0)\n" }.joined() + "    }\n}\n"
    }

    @Test("what may wait for local programs, and what is made of limits that are not given")
    func waiting() throws {
        let standard = try configuration(text(nodes: 3)).rondo.programs
        #expect(standard == ProgramLimits())
        #expect([standard.ofProgram, standard.ofAll, standard.holdBack] == [64 << 20, 256 << 20, 8 << 20])
        let given = try configuration(ipc("client_limit: 8388608", "total_limit: 9000000", "hold_back: 300000")).rondo
            .programs
        #expect([given.ofProgram, given.ofAll, given.holdBack] == [8_388_608, 9_000_000, 300_000])
        #expect(try configuration(ipc("client_limit: 8388608")).rondo.programs.holdBack == 2 << 20)
        #expect(try configuration(ipc("client_limit: 1073741824")).rondo.programs.ofAll == 1 << 30)
    }

    @Test(
        "limits that are none, or leave each other no room, are refused with line and remedy",
        arguments: [
            ("client_limit: 4194303", "client_limit", "4194304..3221225472 bytes"),
            ("total_limit: 4294967295", "total_limit", "4194304..3221225472 bytes"),
            ("hold_back: 65535", "hold_back", "65536..805306368 bytes"),
            ("total_limit: 33554432", "total_limit", "67108864 or more"),
            ("hold_back: 16777217", "hold_back", "16777216 or less"),
        ])
    func waitingRange(_ line: String, _ key: String, _ permitted: String) throws {
        let error = try #require(configurationError { _ = try configuration(ipc(line)) })
        #expect(error.key == "rondo.ipc.\(key)")
        #expect(error.permitted == permitted)
        #expect(error.value == line.split(separator: " ").last.map(String.init))
        #expect(error.line != nil)
        #expect(error.exitStatus == 8)
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
