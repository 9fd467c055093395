import Basics
import ClusterConfiguration
import Glibc
import Host
import Testing

@testable import Daemon

struct HostTests {
    @Test func `The facts name this machine and its loopback`() throws {
        let facts = HostFacts.current()
        #expect(!facts.hostName.isEmpty)
        let loopback = try #require(facts.interfaces.first { $0.address == .v4(0x7f00_0001) })
        #expect(loopback.netmask == .v4(0xff00_0000))
        #expect(loopback.isUp && loopback.index > 0)
    }

    @Test func `The resolver knows localhost, literals, and when there is nothing`() {
        let names = SystemNames()
        #expect(names.addresses(of: "localhost", family: .v4) == [.v4(0x7f00_0001)])
        #expect(names.addresses(of: "10.77.0.1", family: nil) == [.v4(0x0a4d_0001)])
        #expect(names.addresses(of: "10.77.0.1", family: .v6).isEmpty)
        #expect(names.addresses(of: "", family: nil).isEmpty)
        #expect(names.name(of: .v4(0x7f00_0001)) == "localhost")
    }

    @Test func `Users and groups are known by name`() {
        #expect(SystemAccounts().userID(named: "root") == 0)
        #expect(SystemAccounts().groupID(named: "root") == 0)
        #expect(SystemAccounts().userID(named: "no such user") == nil)
    }
}

struct LogSettingsTests {
    @Test func `The logging section decides targets, levels and files per subsystem`() throws {
        let text = """
            logging {
                to_stderr: no
                to_logfile: yes
                logfile: /tmp/main
                logfile_priority: warning
                syslog_facility: local3
                timestamp: on
                logger_subsys {
                    subsys: TOTEM
                    debug: on
                    logfile: /tmp/totem
                }
                logger_subsys {
                    subsys: NOSUCH
                    debug: on
                }
            }

            """
        let document = try ConfigurationDocument(Array(text.utf8), file: "test")
        let settings = LogSettings(try LoggingSettings(document))
        #expect(!settings.toStandardError && settings.toSyslog)
        #expect(settings.facility == 19 && settings.timestamp == .seconds)
        #expect(settings.rule(for: .main) == .init(file: "/tmp/main", fileSeverity: .warning, syslogSeverity: .info))
        #expect(settings.rule(for: .totem) == .init(file: "/tmp/totem", fileSeverity: .debug, syslogSeverity: .debug))
    }

    @Test func `A log file without to_logfile is not written`() throws {
        let document = try ConfigurationDocument(Array("logging {\nlogfile: /tmp/main\n}\n".utf8), file: "test")
        #expect(LogSettings(try LoggingSettings(document)).standard.file == nil)
    }
}

struct WatchTests {
    let start = Instant(nanoseconds: 5_000_000_000)

    @Test func `The own address is looked for while the node is alone, and after each lost token`() {
        var watch = InterfaceWatch(downcheck: 1000, now: start)
        func isDue(_ milliseconds: UInt64, alone: Bool, losses: UInt64) -> Bool {
            watch.isDue(start.adding(milliseconds: milliseconds), isAlone: alone, tokenLosses: losses)
        }
        #expect(watch.deadline == start.adding(milliseconds: 1000))
        #expect(!isDue(999, alone: true, losses: 0))
        #expect(isDue(1000, alone: true, losses: 0))
        #expect(!isDue(1500, alone: true, losses: 0))

        #expect(!isDue(9000, alone: false, losses: 0))
        #expect(watch.deadline == nil)
        #expect(isDue(9001, alone: false, losses: 1))
        #expect(!isDue(9002, alone: false, losses: 1))

        #expect(!isDue(20000, alone: true, losses: 1))
        #expect(watch.deadline == start.adding(milliseconds: 21000))
    }
}
