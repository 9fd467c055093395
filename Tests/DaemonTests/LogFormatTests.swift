import Basics
import Glibc
import Testing

@testable import Daemon

/// The line shapes, compared with samples of a real daemon (spec: daemon-and-tools.md 2.1).
struct LogFormatTests {
    let line = LogLine(.notice, .main, "Corosync Cluster Engine 3.1.7 starting up")

    /// 21 November 2025, 01:50:43.025 in the zone the test runs in.
    var time: WallTime {
        var parts = tm()
        parts.tm_year = 125
        parts.tm_mon = 10
        parts.tm_mday = 21
        parts.tm_hour = 1
        parts.tm_min = 50
        parts.tm_sec = 43
        parts.tm_isdst = -1
        return WallTime(seconds: mktime(&parts), milliseconds: 25)
    }

    func format(_ timestamp: LogSettings.Timestamp) -> LogFormat {
        LogFormat(timestamp: timestamp, processID: 10712, hostName: "HOST")
    }

    func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test func `Lines on stderr have Corosync's shape`() {
        var format = format(.milliseconds)
        #expect(
            text(format.standardError(line, at: time))
                == "Nov 21 01:50:43.025 notice  [MAIN  ] Corosync Cluster Engine 3.1.7 starting up\n")
        format.timestamp = .seconds
        #expect(
            text(format.standardError(line, at: time))
                == "Nov 21 01:50:43 notice  [MAIN  ] Corosync Cluster Engine 3.1.7 starting up\n")
        format.timestamp = .off
        #expect(
            text(format.standardError(line, at: time))
                == "notice  [MAIN  ] Corosync Cluster Engine 3.1.7 starting up\n")
    }

    @Test func `Lines in a file carry process id, host and the name log readers look for`() {
        var format = format(.milliseconds)
        #expect(
            text(format.file(line, at: time))
                == "Nov 21 01:50:43.025 [10712] HOST corosync notice  [MAIN  ] Corosync Cluster Engine 3.1.7 starting up\n"
        )
        format.timestamp = .off
        #expect(
            text(format.file(line, at: time))
                == "[10712] HOST corosyncnotice  [MAIN  ] Corosync Cluster Engine 3.1.7 starting up\n")
    }

    @Test func `Lines to syslog keep the spaces of what they leave out`() {
        var format = format(.milliseconds)
        #expect(
            text(format.syslog(line, at: time, facility: 3))
                == "<29>Nov 21 01:50:43 corosync[10712]:   [MAIN  ] Corosync Cluster Engine 3.1.7 starting up")
        format.timestamp = .off
        #expect(
            text(format.syslog(line, at: time, facility: 3))
                == "<29>Nov 21 01:50:43 corosync[10712]:  [MAIN  ] Corosync Cluster Engine 3.1.7 starting up")
    }

    @Test func `Syslog sees debug as info and trace as debug`() {
        var format = format(.milliseconds)
        let debug = LogLine(.debug, .totem, "x")
        let trace = LogLine(.trace, .totem, "x")
        #expect(text(format.syslog(debug, at: time, facility: 3)).hasPrefix("<30>"))
        #expect(text(format.syslog(trace, at: time, facility: 3)).hasPrefix("<31>"))
    }

    @Test func `Names of severities and subsystems fill their columns`() {
        var format = format(.off)
        let line = LogLine(.error, .quorum, "x")
        #expect(text(format.standardError(line, at: time)) == "error   [QUORUM] x\n")
        let critical = LogLine(.critical, .ipc, "x")
        #expect(text(format.standardError(critical, at: time)) == "crit    [QB    ] x\n")
    }

    @Test func `A line is cut at 511 bytes, never within a character, and stays one line`() {
        var format = format(.off)
        let long = LogLine(.info, .main, String(repeating: "a", count: 2000))
        #expect(format.standardError(long, at: time).count == 512)
        for shift in 0..<3 {
            let wide = LogLine(
                .info, .main, String(repeating: "a", count: shift) + String(repeating: "é", count: 600))
            let bytes = format.standardError(wide, at: time)
            #expect(bytes.count <= 512)
            #expect(String(validating: bytes, as: UTF8.self) != nil)
        }
        let two = LogLine(.info, .main, "first\nsecond\n")
        #expect(text(format.standardError(two, at: time)) == "info    [MAIN  ] first second\n")
    }

    @Test func `Facilities are known by name, case mattering`() {
        #expect(SyslogFacility.number(of: "daemon") == 3)
        #expect(SyslogFacility.number(of: "local7") == 23)
        #expect(SyslogFacility.number(of: "Daemon") == nil)
    }

    @Test func `Milliseconds have four decimals`() {
        #expect(Decimal.milliseconds(1_234_567_890) == "1234.5678")
        #expect(Decimal.milliseconds(800_000_000) == "800.0000")
        #expect(Decimal.milliseconds(50_000) == "0.0500")
    }
}
