import ClusterMap
import Testing

/// What clients may do with keys and what they are told (spec: configuration.md 7.2 to 7.4).
@Suite struct OperationTests {
    @Test func aKeyIsSetReadChangedAndDeleted() throws {
        var map = ClusterMap()
        try map.set("my.key", .u32(5), from: .client)
        #expect(map["my.key"] == .u32(5))
        try map.set("my.key", .text("five"), from: .client)
        #expect(map["my.key"] == .text("five"))
        try map.delete("my.key", from: .client)
        #expect(map["my.key"] == nil)
        #expect(map.count == 0)
        #expect(throws: ClientError.notExist) { try map.delete("my.key", from: .client) }
    }

    @Test(arguments: [
        "ab", "", String(repeating: "a", count: 256), "with space", "ümlaut", "semi;colon", "tab\tkey",
    ])
    func anImpossibleNameIsNameTooLong(name: String) {
        var map = ClusterMap()
        #expect(throws: ClientError.nameTooLong) { try map.set(name, .u8(1), from: .client) }
    }

    @Test(arguments: ["abc", String(repeating: "a", count: 255), "A-Z.a_z/0:9"])
    func aPossibleNameIsTaken(name: String) throws {
        var map = ClusterMap()
        try map.set(name, .u8(1), from: .client)
        #expect(map[name] == .u8(1))
    }

    @Test(arguments: [
        "internal_configuration.service.0.ver", "runtime.services.cmap.0.tx", "runtime.config.totem.token",
        "runtime.totem.x", "uidgid.config.uid.5", "system.state_dir", "nodelist.node.0.nodeid", "totem.transport",
        "totem.key", "totem.clear_node_high_bit", "config.reload_in_progress", "config.totemconfig_reload_in_progress",
    ])
    func aReadOnlyKeyIsClosedToClientsWhetherOrNotItExists(name: String) throws {
        var map = ClusterMap()
        #expect(throws: ClientError.access) { try map.set(name, .u8(1), from: .client) }
        #expect(throws: ClientError.access) { try map.delete(name, from: .client) }
        #expect(throws: ClientError.access) { try map.adjust(name, by: 1, from: .client) }
        try map.set(name, .u8(1))
        try map.adjust(name, by: 1)
        #expect(map[name] == .u8(2))
        #expect(throws: ClientError.access) { try map.delete(name, from: .client) }
        try map.delete(name)
    }

    @Test(arguments: [
        "totem.token", "totem.link_mode", "runtime.members.1.status", "runtime.votequorum.two_node",
        "config.reload_status", "quorum.provider", "uidgid.gid.107", "totem.keyfile2", "quorum.wait_for_all",
    ])
    func everyOtherKeyIsOpen(name: String) throws {
        var map = ClusterMap()
        try map.set(name, .u8(1), from: .client)
    }

    @Test(arguments: [
        "allow_downscale", "wait_for_all", "last_man_standing", "last_man_standing_window",
        "expected_votes_tracking", "auto_tie_breaker", "auto_tie_breaker_node",
    ])
    func votequorumClosesItsOwnKeys(name: String) {
        var map = ClusterMap()
        map.readOnly.protectVotequorum()
        #expect(throws: ClientError.access) { try map.set("quorum." + name, .u8(1), from: .client) }
    }

    @Test func anIntegerWrapsWithinItsWidth() throws {
        var map = ClusterMap()
        for (value, step, result) in [
            (MapValue.u8(255), 1, MapValue.u8(0)), (.i8(127), 1, .i8(-128)), (.u16(0), -1, .u16(65535)),
            (.i16(-32768), -1, .i16(32767)), (.u32(0), -1, .u32(.max)), (.i32(.max), 1, .i32(.min)),
            (.u64(0), -2, .u64(.max - 1)), (.i64(.max), 1, .i64(.min)),
        ] as [(MapValue, Int32, MapValue)] {
            try map.set("number", value, from: .client)
            try map.adjust("number", by: step, from: .client)
            #expect(map["number"] == result)
        }
    }

    @Test(arguments: [MapValue.float(1), .double(1), .text("1"), .binary([1])])
    func whatIsNoIntegerCannotBeAdjusted(value: MapValue) throws {
        var map = ClusterMap()
        try map.set("number", value)
        #expect(throws: ClientError.invalidParameter) { try map.adjust("number", by: 1, from: .client) }
        #expect(throws: ClientError.notExist) { try map.adjust("absent", by: 1, from: .client) }
    }

    @Test func clientsCannotFillTheMemoryButTheDaemonGoesOn() throws {
        var map = ClusterMap()
        map.sizeLimit = 1000
        try map.set("big.key", .binary([UInt8](repeating: 0, count: 800)), from: .client)
        #expect(throws: ClientError.noMemory) {
            try map.set("big.key2", .binary([UInt8](repeating: 0, count: 200)), from: .client)
        }
        try map.set("daemon.key", .binary([UInt8](repeating: 0, count: 2000)))
        try map.delete("daemon.key")
        try map.delete("big.key", from: .client)
        try map.set("big.key2", .binary([UInt8](repeating: 0, count: 200)), from: .client)
    }
}
