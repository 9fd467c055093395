import Glibc

/// A packet capture at one node's interface, written by tcpdump.
public final class Capture {
    /// The capture file, as seen by the test.
    public let path: String
    private let child: ChildProcess
    private let machine: Machine

    init(machine: Machine, number: Int, filter: String, interface: String) throws {
        self.machine = machine
        path = "\(machine.folder)/capture\(number).pcap"
        let complaints = "\(machine.folder)/capture\(number).log"
        child = try ChildProcess(
            machine.entrance + [
                "tcpdump", "-i", interface, "-U", "--immediate-mode", "-B", "16384", "-n", "-Z", "root", "-w",
                "/run/lab/capture\(number).pcap", filter,
            ],
            errors: .file(complaints))
        let deadline = ContinuousClock.now + .seconds(5)
        while (try? readText(complaints))?.contains("listening on") != true {
            guard child.poll() == nil, ContinuousClock.now < deadline else {
                child.destroy()
                throw LabError.commandFailed(
                    command: "tcpdump", status: "did not start", output: (try? readText(complaints)) ?? "")
            }
            usleep(5000)
        }
    }

    /// Ends the capture and reads what it caught.
    public func finish() throws -> [CapturedPacket] {
        try CapturedPacket.readAll(try end())
    }

    /// Ends the capture and counts what it caught, whatever it is.
    public func finishCounting() throws -> Int {
        try CapturedPacket.frames(of: try end()).count
    }

    private func end() throws -> [UInt8] {
        for inner in children(of: child.pid) { kill(inner, SIGINT) }
        if child.wait(within: .seconds(5)) == nil { child.destroy() }
        return try readBytes(path)
    }

    func abandon() { child.destroy() }
}
