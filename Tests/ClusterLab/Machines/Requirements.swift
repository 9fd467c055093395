import Glibc

/// What the laboratory needs of the machine it runs on.
public enum Requirements {
    /// What is missing, each with its remedy; empty when everything is there.
    public static let missing: [String] = findMissing()

    /// True where a missing piece must be a failure and not a skipped test: in continuous integration, or when
    /// RONDO_REQUIRE_LAB is set.
    public static let areMandatory: Bool =
        environmentVariable("CI") == "true" || environmentVariable("RONDO_REQUIRE_LAB") == "1"

    /// Whether tests should start: either all is there, or its absence must show as a failure.
    public static var testsRun: Bool { missing.isEmpty || areMandatory }

    /// One line for a skipped test.
    public static var explanation: String {
        missing.isEmpty ? "the laboratory is ready" : "no laboratory here: " + missing.joined(separator: "; ")
    }

    /// Whether the kernel can delay and reorder packets (the netem queueing discipline).
    public static let kernelDelaysPackets: Bool = {
        guard missing.isEmpty else { return false }
        let result = try? run([
            "unshare", "--net", "/bin/sh", "-c",
            "ip link add a type veth peer name b && tc qdisc add dev a root netem delay 1ms",
        ])
        return result?.succeeded ?? false
    }()

    private static let programs: [(name: String, package: String)] = [
        ("unshare", "util-linux"), ("nsenter", "util-linux"), ("ip", "iproute2"), ("nft", "nftables"),
        ("tcpdump", "tcpdump"), ("corosync", "corosync"), ("corosync-cmapctl", "corosync"),
        ("corosync-cfgtool", "corosync"), ("corosync-quorumtool", "corosync"),
    ]

    private static func findMissing() -> [String] {
        // Root's programs are not in everybody's PATH; what the laboratory starts looks there.
        setenv("PATH", (environmentVariable("PATH") ?? "/usr/bin:/bin") + ":/usr/sbin:/sbin", 1)
        var missing: [String] = []
        if geteuid() != 0 { missing.append("root is needed for network namespaces (sudo -E make test)") }
        var packages: [String] = []
        for program in programs where findProgram(program.name) == nil {
            if !packages.contains(program.package) { packages.append(program.package) }
        }
        if !packages.isEmpty {
            missing.append("packages are missing (apt-get install \(packages.joined(separator: " ")))")
        }
        guard missing.isEmpty else { return missing }
        let trial = try? run([
            "unshare", "--net", "--mount", "--uts", "--pid", "--fork", "--mount-proc", "/bin/sh", "-c",
            "ip link add lab type bridge && mount -t tmpfs lab /run",
        ])
        if trial?.succeeded != true {
            let reason = trial?.errors.split(separator: "\n").first.map(String.init) ?? "unshare failed"
            missing.append("namespaces are not permitted here (\(reason)); in a container add --privileged")
        }
        return missing
    }
}
