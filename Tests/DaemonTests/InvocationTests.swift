import Testing

@testable import Daemon

/// Options and texts (spec: daemon-and-tools.md 1.1).
struct InvocationTests {
    @Test func `Without options the daemon runs in the background with the standard configuration`() throws {
        let line = try Invocation([])
        #expect(line.action == .run)
        #expect(!line.staysInForeground)
        #expect(line.configurationFile == "/etc/corosync/corosync.conf")
        #expect(line.lockFile == nil)
    }

    @Test func `Options may be apart or joined`() throws {
        for arguments in [
            ["-f", "-c", "/tmp/x"], ["-fc", "/tmp/x"], ["-fc/tmp/x"], ["-f", "-c", "/tmp/x", "--"],
        ] {
            let line = try Invocation(arguments)
            #expect(line.staysInForeground && line.configurationFile == "/tmp/x")
        }
        #expect(try Invocation(["-t"]).action == .test)
        #expect(try Invocation(["-v"]).action == .version)
        #expect(try Invocation(["-t", "-v"]).action == .version)
        #expect(try Invocation(["-l", "/tmp/pid"]).lockFile == "/tmp/pid")
    }

    @Test func `Version and help have the long names that everybody tries`() throws {
        #expect(try Invocation(["--version"]).action == .version)
        for arguments in [["--help"], ["-t", "--help"], ["--help", "--nonsense"]] {
            #expect(try Invocation(arguments).action == .help)
        }
        for option in ["-c ", "-f ", "-l ", "-t ", "-v ", "--help", "--version"] {
            #expect(Invocation.help.contains(option))
        }
    }

    /// There is no `-h`: Corosync takes it for a wrong option, too.
    @Test(arguments: [
        ["-h"], ["-x"], ["--hepl"], ["-fz"], ["-c"], ["-l"], ["word"], ["-t", "/tmp/x"], ["-"], ["--", "-f"],
    ])
    func `Anything else is refused with the usage`(arguments: [String]) {
        let error = #expect(throws: InvocationError.self) { _ = try Invocation(arguments) }
        #expect(error?.showsUsage == true)
    }

    @Test func `A path longer than the system allows is refused`() {
        let path = String(repeating: "a", count: 4096)
        #expect(throws: InvocationError.pathTooLong) { _ = try Invocation(["-c", path]) }
        #expect(InvocationError.pathTooLong.description == "Config file path too long.")
        #expect(throws: Never.self) { _ = try Invocation(["-c", String(repeating: "a", count: 4095)]) }
    }

    @Test func `The first version line names the Corosync release that tools look for`() {
        let first = Version.text.split(separator: "\n").first ?? ""
        #expect(first.hasPrefix("Corosync Cluster Engine, version '3.1.7'"))
        #expect(first.contains("Rondo"))
    }

    @Test func `The version names what packets can be sealed and compressed with here`() {
        let lines = Version.text.split(separator: "\n").map(String.init)
        #expect(
            lines.suffix(4) == [
                "Available crypto models: nss openssl", "Available crypto ciphers: none aes256 aes192 aes128",
                "Available crypto hashes: none md5 sha1 sha256 sha384 sha512",
                "Available compression models: zlib lz4 lz4hc lzo2 lzma bzip2 zstd",
            ])
    }

    @Test func `The start line is what log readers search for`() {
        #expect(Version.startLine.hasPrefix("Corosync Cluster Engine 3.1.7 starting up"))
    }
}
