import Basics
import CPosix
import Glibc
import Testing

@testable import Daemon

struct PauseWatchTests {
    @Test func `A gap of more than four fifths of the token is reported in Corosync's words`() {
        let start = Instant(nanoseconds: 0)
        var watch = PauseWatch(token: 1000, now: start)
        #expect(watch.deadline == start.adding(milliseconds: 333))
        #expect(watch.check(start.adding(milliseconds: 300)) == nil)
        #expect(watch.check(start.adding(milliseconds: 800)) == nil)
        #expect(watch.check(start.adding(milliseconds: 1601)) == 801_000_000)
        let line = watch.warning(gap: 1_234_567_800, at: WallTime(seconds: 1_700_000_000, milliseconds: 42))
        #expect(
            line.text
                == "Corosync main process was not scheduled (@1700000000042) for 1234.5678 ms "
                + "(threshold is 800.0000 ms). Consider token timeout increase.")
    }
}

@Suite(.serialized)
struct ServiceNotificationTests {
    @Test(arguments: ["path", "abstract"])
    func `READY=1 reaches the manager's socket`(kind: String) throws {
        let directory = try TemporaryDirectory()
        let name = kind == "path" ? directory.path + "/notify" : "@rondo-test-notify-\(getpid())"
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { path in
            path.copyBytes(from: name.utf8)
            if kind == "abstract" { path[0] = 0 }
        }
        let length = socklen_t(kind == "path" ? MemoryLayout<sockaddr_un>.size : 2 + name.utf8.count)
        let socket = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        defer { close(socket) }
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(socket, $0, length) }
        }
        #expect(bound == 0)
        setenv("NOTIFY_SOCKET", name, 1)
        ServiceNotification.ready()
        unsetenv("NOTIFY_SOCKET")
        var buffer = [UInt8](repeating: 0, count: 100)
        let count = recv(socket, &buffer, buffer.count, Int32(MSG_DONTWAIT))
        #expect(count == 7 && String(decoding: buffer[0..<7], as: UTF8.self) == "READY=1")
    }
}
