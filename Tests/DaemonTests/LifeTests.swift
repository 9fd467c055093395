import Glibc
import Testing

@testable import Daemon

/// A daemon from start to end, in namespaces of its own.
@Suite(.enabled(if: DaemonProcess.isRoot, "needs root for namespaces"))
struct LifeTests {
    let ready = "Completed service synchronization, ready to provide service."

    func arguments(_ directory: TemporaryDirectory) -> [String] {
        ["-f", "-c", directory.path + "/corosync.conf", "-l", directory.path + "/pid"]
    }

    @Test func `A node alone becomes ready, survives stray signals, and leaves in order`() throws {
        let directory = try TemporaryDirectory()
        TestConfiguration().write(to: directory)
        let daemon = try DaemonProcess(arguments(directory), in: directory, isolated: true)
        #expect(daemon.prints(ready))
        #expect(daemon.output.contains("A new membership (1.5) was formed. Members joined: 1\n"))
        #expect(daemon.output.contains("Initializing transport (UDP/IP Unicast)."))
        #expect(directory.bytes(of: "ringid_1") == [5, 0, 0, 0, 0, 0, 0, 0])
        #expect(directory.names.contains("pid"))

        for signal in [SIGHUP, SIGUSR1, SIGPIPE] { daemon.send(signal) }
        daemon.send(SIGUSR2)
        #expect(daemon.prints("State: OPERATIONAL, ring 1.5, members 1;"))
        daemon.send(SIGTERM)
        #expect(daemon.exitCode() == 0)
        let output = daemon.output
        #expect(output.contains("notice  [MAIN  ] Node was shut down by a signal\n"))
        #expect(output.contains("notice  [SERV  ] Unloading all Corosync service engines.\n"))
        #expect(output.hasSuffix("notice  [MAIN  ] Corosync Cluster Engine exiting normally\n"))
        #expect(!directory.names.contains("pid"))
    }

    @Test func `With transport udp a node alone becomes ready, whose interface is down, too`() throws {
        for isUp in [true, false] {
            let directory = try TemporaryDirectory()
            TestConfiguration(address: "10.77.0.1", transport: "udp").write(to: directory)
            let daemon = try DaemonProcess(
                arguments(directory), in: directory,
                before: "ip link add net type veth peer name net-end; ip address add 10.77.0.1/24 dev net; "
                    + (isUp ? "ip link set net up; ip link set net-end up" : "true"), isolated: true)
            #expect(daemon.prints(ready))
            #expect(daemon.output.contains("Initializing transport (UDP/IP Multicast)."))
            #expect(
                daemon.output.contains(
                    isUp ? "The network interface [10.77.0.1] is now up." : "The network interface is down."))
            #expect(!daemon.output.contains("UDPU"))
            daemon.send(SIGTERM)
            #expect(daemon.exitCode() == 0)
        }
    }

    @Test func `A restarted node goes on from the stored ring id`() throws {
        let directory = try TemporaryDirectory()
        TestConfiguration().write(to: directory)
        directory.write([0x10, 0, 0, 0, 0, 0, 0, 0], to: "ringid_1")
        let daemon = try DaemonProcess(arguments(directory), in: directory, isolated: true)
        #expect(daemon.prints("A new membership (1.15) was formed."))
        daemon.send(SIGINT)
        #expect(daemon.exitCode() == 0)
        #expect(directory.bytes(of: "ringid_1") == [0x15, 0, 0, 0, 0, 0, 0, 0])
    }

    @Test func `A torn ring id file is reported and does not keep the node from starting`() throws {
        let directory = try TemporaryDirectory()
        TestConfiguration().write(to: directory)
        directory.write([7, 7, 7], to: "ringid_1")
        let daemon = try DaemonProcess(arguments(directory), in: directory, isolated: true)
        #expect(daemon.prints(ready))
        #expect(daemon.output.contains("'\(directory.path)/ringid_1' has 3 bytes instead of 8"))
        daemon.send(SIGTERM)
        #expect(daemon.exitCode() == 0)
    }

    @Test func `A second instance exits 18 and leaves the first alone`() throws {
        let directory = try TemporaryDirectory()
        TestConfiguration().write(to: directory)
        let first = try DaemonProcess(arguments(directory), in: directory, isolated: true)
        #expect(first.prints(ready))
        let elsewhere = try TemporaryDirectory()
        let second = try DaemonProcess(arguments(directory), in: elsewhere, isolated: true)
        #expect(second.exitCode() == 18)
        #expect(second.output.contains("Another Corosync instance is already running."))
        #expect(first.isRunning)
        #expect(directory.names.contains("pid"))
        first.send(SIGTERM)
        #expect(first.exitCode() == 0)
    }

    @Test func `Started in the background, the caller learns whether it worked`() throws {
        let directory = try TemporaryDirectory()
        TestConfiguration(logging: "to_syslog: no\nto_logfile: yes\nlogfile: \(directory.path)/log").write(
            to: directory)
        let background = Array(arguments(directory).dropFirst())
        let starter = try DaemonProcess(background, in: directory, isolated: true)
        #expect(starter.exitCode() == 0)
        let process = try #require(pid_t(text(of: directory.path + "/pid").dropLast()))
        #expect(kill(process, 0) == 0)
        kill(process, SIGTERM)
        for _ in 0..<2000 where kill(process, 0) == 0 { usleep(10_000) }
        let log = text(of: directory.path + "/log")
        #expect(log.contains("[\(process)] "))
        #expect(log.contains(" corosync notice  [MAIN  ] Corosync Cluster Engine exiting normally\n"))

        // Corosync's starter reports success here.
        unlink(directory.path + "/ringid_1")
        mkdir(directory.path + "/ringid_1", 0o700)
        let failing = try DaemonProcess(background, in: directory, isolated: true)
        #expect(failing.exitCode() == 21)
        #expect(failing.output.contains("Couldn't create ringid file"))
        rmdir(directory.path + "/ringid_1")
    }

    @Test func `Names of files may be relative to where the daemon is started`() throws {
        let directory = try TemporaryDirectory()
        let state = try TemporaryDirectory()
        TestConfiguration(logging: "to_syslog: no\nto_logfile: yes\nlogfile: log").write(
            to: directory, state: state.path)
        let daemon = try DaemonProcess(
            ["-f", "-c", "corosync.conf", "-l", "pid"], in: directory, before: "cd '\(directory.path)'", isolated: true)
        #expect(daemon.prints(ready))
        #expect(directory.names == ["corosync.conf", "log", "output", "pid"])
        #expect(state.names == ["ringid_1"])
        daemon.send(SIGQUIT)
        #expect(daemon.exitCode() == 0)
        #expect(directory.names == ["corosync.conf", "log", "output"])
    }

    @Test func `Closed standard streams do no harm`() throws {
        let directory = try TemporaryDirectory()
        TestConfiguration(logging: "to_syslog: no\nto_logfile: yes\nlogfile: \(directory.path)/log").write(
            to: directory)
        let daemon = try DaemonProcess(
            arguments(directory), in: directory, before: "exec <&- >&- 2>&-", isolated: true)
        for _ in 0..<2000 where !text(of: directory.path + "/log").contains(ready) { usleep(10_000) }
        #expect(text(of: directory.path + "/log").contains(ready))
        daemon.send(SIGTERM)
        #expect(daemon.exitCode() == 0)
    }

    @Test func `A user without rights runs it in the foreground where the paths are writable`() throws {
        let directory = try TemporaryDirectory()
        TestConfiguration().write(to: directory)
        chmod(directory.path, 0o777)
        chmod(directory.path + "/corosync.conf", 0o644)
        let daemon = try DaemonProcess(
            ["-f", "-c", directory.path + "/corosync.conf"], in: directory, isolated: true, user: 65534)
        #expect(daemon.prints(ready))
        #expect(daemon.output.contains("Could not set SCHED_RR"))
        #expect(directory.names.contains("rondod.pid"))
        daemon.send(SIGTERM)
        #expect(daemon.exitCode() == 0)
    }

    @Test func `The watchdog is disarmed by an orderly stop, and by nothing else`() throws {
        for (signal, written) in [(SIGTERM, "V"), (SIGKILL, "")] {
            let directory = try TemporaryDirectory()
            let device = directory.path + "/watchdog"
            directory.write([], to: "watchdog")
            TestConfiguration(
                resources:
                    "watchdog_device: \(device)\n    system {\n        memory_used {\n            max: 0\n        }\n    }"
            ).write(to: directory)
            let daemon = try DaemonProcess(arguments(directory), in: directory, isolated: true)
            #expect(daemon.prints(ready))
            #expect(daemon.output.contains("Watchdog \(device) is now being tickled by corosync."))
            #expect(daemon.prints("Fsm:memory_used event \"failure\", state \"running\" --> \"failed\""))
            daemon.send(signal)
            #expect(daemon.exitCode() == (signal == SIGTERM ? 0 : 128 + SIGKILL))
            #expect(text(of: device) == written)
        }
    }

    @Test func `A watchdog that is not there does not keep the node from starting`() throws {
        let directory = try TemporaryDirectory()
        TestConfiguration(resources: "watchdog_device: \(directory.path)/none").write(to: directory)
        let daemon = try DaemonProcess(arguments(directory), in: directory, isolated: true)
        #expect(daemon.prints(ready))
        #expect(daemon.output.contains("No watchdog: open \(directory.path)/none: No such file or directory (2)"))
        daemon.send(SIGTERM)
        #expect(daemon.exitCode() == 0)
    }
}
