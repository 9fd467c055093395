import ClusterLab

/// Debian's corosync-qnetd on one machine of a laboratory, and corosync-qdevice beside the engines of others.
final class QuorumDevices {
    private let lab: Laboratory
    private let arbiter: RunningTool
    private var devices: [Int: RunningTool] = [:]

    /// Starts the arbiter, without TLS, and waits until it listens.
    init(_ lab: Laboratory, arbiter number: Int) throws {
        self.lab = lab
        let node = lab.node(number)
        _ = try node.run("mkdir", "-p", "/run/corosync-qnetd")
        arbiter = try node.launch(["corosync-qnetd", "-f", "-s", "off"])
        try lab.wait(for: "corosync-qnetd to listen", within: .seconds(5)) {
            try node.run("corosync-qnetd-tool", "-s").succeeded
        }
    }

    /// Starts the device of a node, whose engine runs.
    func start(_ number: Int) throws {
        _ = try lab.node(number).run("mkdir", "-p", "/run/corosync-qdevice")
        devices[number] = try lab.node(number).launch(["corosync-qdevice", "-f", "-d"])
    }

    /// Ends the device of a node the way its service would be stopped, and waits for it.
    func stop(_ number: Int) throws {
        guard let device = devices.removeValue(forKey: number) else { return }
        _ = try lab.node(number).run("sh", "-c", "kill $(cat /run/corosync-qdevice/corosync-qdevice.pid)")
        _ = try device.awaitEnd()
    }

    /// Takes the device of a node away without a word.
    func kill(_ number: Int) { devices[number] = nil }

    /// What the devices have printed, for a test that failed.
    var report: String {
        devices.sorted { $0.key < $1.key }.map { "--- device of node \($0.key)\n\($0.value.output.suffix(1500))" }
            .joined(separator: "\n")
    }
}
