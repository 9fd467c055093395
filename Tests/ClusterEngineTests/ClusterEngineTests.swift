import ClientProtocol
import ClusterEngine
import ClusterMap
import Testing
import TotemWire

@Suite("Whole nodes without I/O")
struct ClusterEngineTests {
    private func ring(_ nodes: Int = 3) throws -> VirtualCluster {
        var cluster = try VirtualCluster(nodes: nodes)
        try cluster.start()
        try #require(cluster.run(upTo: 10_000) { $0.isSynchronized && $0.ring.members.count == nodes })
        return cluster
    }

    private func text(_ cluster: VirtualCluster, _ index: Int, _ key: String) -> String? {
        cluster.engines[index].engine.map[key]?.text
    }

    private func number(_ cluster: VirtualCluster, _ index: Int, _ key: String) -> UInt32? {
        guard case .u32(let number)? = cluster.engines[index].engine.map[key] else { return nil }
        return number
    }

    @Test("form one ring, are quorate, and say so in their maps and in the lines that programs look for")
    func formation() throws {
        var cluster = try ring()
        cluster.run(milliseconds: 100)
        for index in 0..<3 {
            for node in 1...3 {
                #expect(text(cluster, index, "runtime.members.\(node).status") == "joined")
                #expect(text(cluster, index, "runtime.members.\(node).ip") == "r(0) ip(10.0.0.\(node)) ")
            }
            #expect(number(cluster, index, "runtime.votequorum.this_node_id") == UInt32(index + 1))
            let lines = cluster.lines(index)
            #expect(lines.contains("This node is within the primary component and will provide service."))
            #expect(lines.contains { $0.hasPrefix("A new membership (1.") })
            #expect(lines.contains("Completed service synchronization, ready to provide service."))
            #expect(cluster.directives[index].contains(.ready))
        }
    }

    @Test("take the death of one for what it is: gone from the map, quorum kept")
    func death() throws {
        var cluster = try ring()
        cluster.kill(2)
        #expect(cluster.run(upTo: 10_000) { $0.ring.members.count == 2 && !$0.isSynchronizing })
        cluster.run(milliseconds: 100)
        for index in 0..<2 {
            #expect(text(cluster, index, "runtime.members.3.status") == "left")
            #expect(!cluster.lines(index).contains { $0.contains("will not provide") || $0.contains("is not within") })
        }
    }

    @Test("that end in order tell the others, who do not wait for the token timeout")
    func leave() throws {
        var cluster = try ring()
        cluster.with(0) { engine, now in engine.shutDown(now: now) }
        // Far less than the token timeout of 1650 ms.
        #expect(cluster.run(upTo: 300) { $0.ring.members.count == 2 })
        #expect(cluster.directives[0].last == .exit(.left))
    }

    @Test("that end in order first say that the members of their process groups have ended")
    func leaveWithMembers() throws {
        var cluster = try ring()
        for index in 0..<3 { join(&cluster, index) }
        let before = cluster.changes(0).count
        cluster.with(2) { engine, now in engine.shutDown(now: now) }
        // What the shell does when it is told that a service has ended.
        cluster.with(2) { engine, now in engine.connectionClosed(ConnectionID(1), of: .cpg, now: now) }
        #expect(cluster.run(upTo: 300) { $0.ring.members.count == 2 && !$0.isSynchronizing })
        // One event, reason 5: the process has ended; nothing about the node (reason 3).
        let left = cluster.changes(0).dropFirst(before)
        #expect(left.map { [$0[160], $0[168], $0[176]] } == [[2, 0, 1]])
        #expect(left.first?.dropFirst(184 + 2 * 24).map(\.self)[16] == 5)
        #expect(cluster.directives[2].last == .exit(.left))
    }

    /// A client on a node joins the group `g`.
    private func join(_ cluster: inout VirtualCluster, _ index: Int) {
        let connection = ConnectionID(1)
        let identity = ConnectionIdentity(
            id: connection, service: LocalService.cpg.rawValue, process: 1, processName: "member")
        // Header, name and process count (spec: ipc.md 6.1).
        var request = [UInt8](repeating: 0, count: 168)
        request[8] = UInt8(request.count)
        request[16] = 1
        request[24] = UInt8(ascii: "g")
        request[152] = 1
        cluster.with(index) { engine, now in
            engine.connectionOpened(identity, to: .cpg)
            var response = ByteWriter()
            _ = engine.handle(request.span, from: connection, of: .cpg, now: now, response: &response)
        }
        cluster.run(milliseconds: 1_000)
    }

    @Test("reload all when one is asked, and take over what can change")
    func reload() throws {
        var cluster = try ring()
        for index in 0..<3 { cluster.files[index] = VirtualCluster.text(nodes: 3, totem: "token: 3000") }
        askForReload(&cluster)
        for index in 0..<3 {
            #expect(number(cluster, index, "runtime.config.totem.token") == 3650)
            #expect(number(cluster, index, "runtime.config.totem.consensus") == 4380)
            #expect(cluster.engines[index].engine.configuration.ring.token == 3650)
            #expect(cluster.engines[index].engine.map["config.reload_in_progress"] == .u8(0))
        }
    }

    @Test("keep everything when the new file is wrong, and answer who asked")
    func brokenReload() throws {
        var cluster = try ring()
        for index in 0..<3 { cluster.files[index] = nil }
        let before = cluster.engines[0].engine.map.entries(withPrefix: "totem.")
        askForReload(&cluster)
        #expect(cluster.engines[0].engine.map.entries(withPrefix: "totem.") == before)
        #expect(cluster.engines[0].engine.map["config.reload_in_progress"] == .u8(0))
        let answers = cluster.directives[0].count { if case .send = $0 { true } else { false } }
        #expect(answers == 1)
    }

    /// `corosync-cfgtool -R` on node 1.
    private func askForReload(_ cluster: inout VirtualCluster) {
        let connection = ConnectionID(1)
        let identity = ConnectionIdentity(
            id: connection, service: LocalService.cfg.rawValue, process: 1, processName: "corosync-cfgtool")
        // The header alone: its id at 0, its size at 8, both 8-byte aligned (spec: ipc.md 3).
        var request = [UInt8](repeating: 0, count: 16)
        request[0] = 7
        request[8] = UInt8(request.count)
        cluster.with(0) { engine, now in
            engine.connectionOpened(identity, to: .cfg)
            var response = ByteWriter()
            _ = engine.handle(request.span, from: connection, of: .cfg, now: now, response: &response)
        }
        cluster.run(milliseconds: 2_000)
    }
}
