import ClusterLab
import Foundation
import Testing

extension Interoperability {
    /// What `make install` puts on a machine.
    @Suite(.installation) struct InstallationTests {
        private func installed(_ body: (Installation) throws -> Void) throws {
            let folder = NSTemporaryDirectory() + "rondo-install-\(UUID().uuidString)"
            defer { try? FileManager.default.removeItem(atPath: folder) }
            try body(try Installation(in: folder))
        }

        @Test("The programs are bound before they run, cannot be written to, and need nothing of a toolchain")
        func hardening() throws {
            try installed { installation in
                for program in installation.programs {
                    let name = Comment(rawValue: program)
                    let figures = try run(["readelf", "--wide", "--file-header", "--segments", "--dynamic", program])
                    #expect(figures.succeeded, name)
                    let lines = figures.lines
                    func has(_ words: String...) -> Bool {
                        lines.contains { line in words.allSatisfy { line.contains($0) } }
                    }
                    #expect(has("Type:", "DYN"), "\(program): not position independent")
                    #expect(has("GNU_RELRO"), "\(program): no RELRO")
                    #expect(has("(FLAGS", "NOW"), "\(program): bound lazily")
                    #expect(!has("(TEXTREL)"), "\(program): text relocations")
                    let stack = lines.first { $0.contains("GNU_STACK") } ?? ""
                    #expect(stack.contains(" RW ") && !stack.contains("RWE"), "\(program): an executable stack")
                    #expect(!lines.contains { $0.contains("LOAD") && $0.contains("RWE") }, name)
                    #expect(
                        !has("(RUNPATH)") && !has("(RPATH)"), "\(program): looks for libraries in places of its own")
                    let libraries = lines.filter { $0.contains("(NEEDED)") }
                    #expect(!libraries.isEmpty, name)
                    for library in libraries {
                        let isOfSystem = ["libc.", "libm.", "libstdc++.", "libgcc_s.", "ld-linux"].contains {
                            library.contains($0)
                        }
                        #expect(isOfSystem, "\(program) needs \(library)")
                    }
                }
                // The daemon's own C: copies are checked against the room there is, and returns are guarded.
                let symbols = try run(["readelf", "--wide", "--dyn-syms", installation.programs[0]]).output
                #expect(symbols.contains("__stack_chk_fail"))
                #expect(symbols.contains("_chk@"))
            }
        }

        @Test("They run where no toolchain is: the daemon's checks, the tool, a ring of the demo")
        func withoutToolchain() throws {
            try installed { installation in
                let result = try installation.runWithoutToolchain(
                    """
                    export PATH=\(Installation.prefix)/sbin:\(Installation.prefix)/bin:/usr/bin:/bin
                    ! ldd "$(command -v rondod)" "$(command -v rondo)" | grep 'not found'
                    rondod -v
                    cat > /run/rondo-installed.conf <<'END'
                    totem {
                        version: 2
                        transport: udpu
                        cluster_name: installed
                    }
                    nodelist {
                        node {
                            nodeid: 1
                            ring0_addr: 127.0.0.1
                        }
                    }
                    END
                    trap 'rm -f /run/rondo-installed.conf' EXIT
                    mkdir -p /var/lib/corosync
                    rondod -t -c /run/rondo-installed.conf
                    rondo timing /run/rondo-installed.conf
                    rondo simulate --seeds 2
                    rondo demo --plain --seconds 4 --token 400 --set token_coefficient=0
                    """, within: .seconds(60))
                let all = Comment(rawValue: result.output + result.errors)
                #expect(result.succeeded, all)
                #expect(result.output.contains("Corosync"), all)
                #expect(result.output.contains("seeds 1…2: 2 run, 0 failed"), all)
                #expect(result.output.contains("messages in the same order on nodes 1 2 3"), all)
                #expect(result.output.contains("The beat of the idle ring"), all)
            }
        }

        @Test("The manual pages and the unit are there, and the unit names the daemon that is")
        func files() throws {
            try installed { installation in
                let found = try run(["find", installation.root, "-type", "f", "-printf", "%P %m\n"]).lines.sorted()
                let prefix = String(Installation.prefix.dropFirst())
                for file in [
                    "\(prefix)/sbin/rondod 755", "\(prefix)/bin/rondo 755", "\(prefix)/lib/rondo/rondo-tools 755",
                    "\(prefix)/share/man/man8/rondod.8 644", "\(prefix)/share/man/man1/rondo.1 644",
                    "\(prefix)/lib/systemd/system/rondod.service 644", "etc/default/rondod 644",
                ] {
                    #expect(found.contains(file), "\(found)")
                }
                let unit = try contents(of: installation.unit)
                #expect(unit.contains("ExecStart=\(Installation.prefix)/sbin/rondod -f $RONDOD_OPTIONS\n"))
                #expect(!unit.contains("@PREFIX@"))
            }
        }
    }
}

extension Trait where Self == ConditionTrait {
    /// Runs where there is something to install; elsewhere the test is skipped, or fails where everything is mandatory.
    static var installation: Self {
        .enabled(
            if: Installation.absence == nil || Requirements.areMandatory,
            Comment(rawValue: Installation.absence ?? "there is a release build"))
    }
}
