import ClusterLab
import Testing

extension Interoperability {
    /// The daemon as systemd starts it from the installed unit: confined, and a whole node all the same.
    @Suite(.installation) struct ServiceUnitTests {
        /// What `systemd-analyze security` makes of the unit; 9.4 is a unit without any restriction.
        private static let exposure = 4.0
        /// CHOWN, DAC_OVERRIDE, FOWNER, NET_BIND_SERVICE, NET_ADMIN, NET_RAW, IPC_LOCK, SYS_BOOT, SYS_NICE, as the kernel shows them.
        private static let capabilities = "0000000000c0740b"
        /// More than an ordinary process gets where net.core.rmem_max is the kernel's own, which is 212992.
        private static let receiveBuffer = 2 * 212_992

        /// Sealed with a key that root alone may read, over two links, compressed with a library that is loaded on demand.
        private static let links = RingConfiguration.knet(
            links: 2, token: 1000, sealed: .usual, totem: [("knet_compression_model", "lz4")])

        @Test("systemd-analyze security finds the unit's exposure to be below 4", .serviceTools)
        func verdict() throws {
            let lab = try Laboratory(nodes: 1)
            defer { lab.close() }
            let installation = try Installation(in: lab.folder + "/installed")
            let verified = try run(["systemd-analyze", "verify", "--man=no", installation.unit], within: .seconds(30))
            // That the daemon is not at its place on this very machine is all that may be found.
            let complaints = verified.errors.split(separator: "\n").filter {
                $0.contains("rondod.service") && !$0.contains("is not executable")
            }
            #expect(complaints.isEmpty, "\(complaints)")
            let result = try run(
                ["systemd-analyze", "security", "--offline=yes", "--no-pager", installation.unit], within: .seconds(30))
            let figure = result.output.firstMatch(of: /exposure level for rondod\.service: ([0-9.]+)/).flatMap {
                Double($0.1)
            }
            let exposure = try #require(figure, "\(result.output)\(result.errors)")
            #expect(exposure < Self.exposure, "\(result.output)")
            Summary.add("unit       exposure \(exposure) of 10, as systemd-analyze security has it")
        }

        @Test(
            "Under its unit a node joins Corosync's, locks its memory, serves clients of any user, and leaves when stopped",
            .serviceManager, arguments: [false, true])
        func service(overLinks: Bool) throws {
            var configuration = overLinks ? Self.links : .quick
            configuration.quorum = true
            configuration.debug = false
            configuration.extra = "uidgid {\n    uid: nobody\n}\n"
            let lab = try Mixture(.rondo, .corosync).laboratory(configuration)
            defer { lab.close() }
            try lab.node(2).start(.corosync)
            let manager = try ServiceManager(on: lab.node(1), with: try Installation(in: lab.folder + "/installed"))
            defer { manager.close() }

            let start = try manager.run("systemctl", "start", "rondod")
            #expect(start.succeeded, "\(start.errors)\(manager.report())")
            try #require(try manager.property("ActiveState", of: "rondod") == "active", "\(manager.report())")
            try lab.awaitRing([1, 2], within: overLinks ? lab.linkedStartLimit : lab.startLimit)

            let status = try manager.processFile("status", of: "rondod")
            func figure(_ name: String) -> String {
                status.split(separator: "\n").first { $0.hasPrefix(name + ":") }.map { line in
                    String(line.dropFirst(name.count + 1).drop { $0 == "\t" || $0 == " " })
                } ?? ""
            }
            // The restrictions are in force, and what they must leave is there.
            #expect(figure("NoNewPrivs") == "1")
            #expect(figure("Seccomp") == "2")
            #expect(figure("CapEff") == Self.capabilities)
            #expect(figure("VmLck") != "0 kB" && figure("VmLck") != "", "the memory is not locked")
            let scheduling = try manager.processFile("sched", of: "rondod")
            #expect(
                scheduling.split(separator: "\n").contains { $0.hasPrefix("policy") && $0.hasSuffix(" 2") },
                "not scheduled in real time")
            let buffers = try manager.run("ss", "--udp", "--all", "--numeric", "--memory").output
            let largest = buffers.matches(of: /,rb([0-9]+),/).compactMap { Int($0.1) }.max() ?? 0
            #expect(largest > Self.receiveBuffer, "\(buffers)")
            #expect(try manager.run("ls", "/var/lib/corosync").output.contains("ringid_1"))
            #expect(try manager.run("ls", "/run").output.contains("corosync.pid"))

            try serve(lab, manager)
            if overLinks { try loseLink(lab) }

            let stop = try manager.run("systemctl", "stop", "rondod")
            #expect(stop.succeeded, "\(stop.errors)")
            #expect(try manager.property("Result", of: "rondod") == "success", "\(manager.report())")
            #expect(try manager.property("ExecMainStatus", of: "rondod") == "0")
            try lab.awaitRing([2], within: lab.timings.afterLeave + margin)
            let complaints = lab.node(1).log.all.filter {
                ["warning", "error", "crit", "alert", "emerg"].contains($0.level)
            }
            #expect(complaints.isEmpty, "\(complaints.map(\.message))")
        }

        /// The daemon hears from the kernel that an address goes and comes back, and opens what it needs anew.
        private func loseLink(_ lab: Laboratory) throws {
            let node = lab.node(1)
            // Not `awaitLinks`, for which a daemon runs that the laboratory has started.
            let link = LinkName(node: 2, number: 0)
            try lab.wait(for: "both links", within: lab.linkLimit) { node.log.linksUp.count == 2 }
            let marks = lab.marks
            for isPresent in [false, true] {
                try node.setAddress(present: isPresent)
                try lab.wait(for: "link 0 \(isPresent ? "up" : "down")", within: lab.linkLimit) {
                    node.log.linksUp.contains(link) == isPresent
                }
            }
            let lines = node.log.entries(after: marks[0]).map(\.message)
            #expect(lines.contains("The network interface [10.77.0.1] is down."), "\(lines)")
            #expect(lines.contains("The network interface [10.77.0.1] is now up."), "\(lines)")
            #expect(node.log.memberships(after: marks[0]).isEmpty)
        }

        /// Clients of root and of an ordinary user: requests, events, buffers without copies, a reload, a reopened log.
        private func serve(_ lab: Laboratory, _ manager: ServiceManager) throws {
            #expect(try manager.run("corosync-quorumtool", "-s").output.contains("Quorate:          Yes"))
            let program = try ClientProgram.build(in: lab.folder)
            for user in ["0", "65534"] {
                let tool = try manager.launch(
                    ["setpriv", "--reuid=\(user)", "--regid=\(user)", "--clear-groups", program])
                let calls = [
                    "cpg 0 initialize", "cpg 0 join unit", "cpg 0 events 1", "cpg 0 mcast 1000000", "cpg 0 events 1",
                    "cpg 0 zcb_alloc 5000", "cpg 0 zcb_mcast_joined 5000", "cpg 0 events 1", "cpg 0 zcb_free",
                    "cmap 0 initialize", "cmap 0 get totem.version", "cpg 0 finalize",
                ]
                for (index, call) in calls.enumerated() { tool.type("\(index + 1) \(call)\n") }
                try tool.awaitOutput("#\(calls.count)\n", within: .seconds(20))
                let output = tool.output
                #expect(!output.contains("CS_ERR"), "user \(user): \(output)")
                #expect(output.contains(": 5000 bytes"), "user \(user): \(output)")
                tool.type("")
            }
            let reload = try manager.run("corosync-cfgtool", "-R")
            #expect(reload.succeeded, "\(reload.output)\(reload.errors)")
            let reopen = try manager.run("corosync-cfgtool", "-L")
            #expect(reopen.succeeded, "\(reopen.output)\(reopen.errors)")
        }
    }
}

extension Trait where Self == ConditionTrait {
    /// Runs where systemd is installed; elsewhere the test is skipped, or fails where everything is mandatory.
    static var serviceTools: Self {
        .enabled(
            if: ServiceManager.absence == nil || Requirements.areMandatory,
            Comment(rawValue: ServiceManager.absence ?? "systemd is here"))
    }

    /// Runs where systemd is installed and the machine has control groups for it; elsewhere as `serviceTools`.
    static var serviceManager: Self {
        .enabled(
            if: ServiceManager.absence == nil && ServiceManager.hasControlGroups || Requirements.areMandatory,
            Comment(rawValue: ServiceManager.absence ?? "no writable cgroup2 file system here"))
    }
}
