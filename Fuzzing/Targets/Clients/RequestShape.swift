import ClientProtocol
import TotemWire

/// How a request is laid out (spec: ipc.md 6 to 10), so that an input of a few bytes makes one that is understood.
struct RequestShape {
    enum Field {
        /// A number of 4 or 8 bytes at an offset.
        case number(Int, width: Int)
        /// A key of the map: its length, then 256 bytes.
        case key(Int)
        /// A group's name: its length, then 128 bytes.
        case group(Int)
        /// Text that a NUL ends.
        case text(Int, capacity: Int)
        /// Bytes at the end, whose number stands before them.
        case payload(Int, length: Int, width: Int)
    }

    var size: Int
    var fields: [Field]

    init(_ size: Int, _ fields: Field...) {
        self.size = size
        self.fields = fields
    }

    private static let word = Field.number(16, width: 4)
    private static let handle = Field.number(16, width: 8)
    private static let name = Field.text(16, capacity: 255)

    /// In the order of the requests' ids.
    static func all(of service: LocalService) -> [RequestShape] {
        switch service {
        case .cmap: cmap
        case .cfg: cfg
        case .cpg: cpg
        case .quorum: quorum
        case .votequorum: votequorum
        }
    }

    private static let cmap = [
        RequestShape(296, .key(16), .number(288, width: 4), .payload(296, length: 280, width: 8)),
        RequestShape(280, .key(16)),
        RequestShape(288, .key(16), .number(280, width: 8)),
        RequestShape(288, .key(16), .number(280, width: 4)),
        RequestShape(280, .key(16)),
        RequestShape(24, handle),
        RequestShape(24, handle),
        RequestShape(296, .key(16), .number(280, width: 4), .number(288, width: 8)),
        RequestShape(24, handle),
        RequestShape(24, word),
    ]

    private static let cfg = [
        RequestShape(16), RequestShape(16), RequestShape(288, word, .text(26, capacity: 256)), RequestShape(24, word),
        RequestShape(24, word), RequestShape(24, word), RequestShape(16), RequestShape(16), RequestShape(16),
        RequestShape(32, word, .number(24, width: 4)), RequestShape(24, word), RequestShape(16),
    ]

    private static let cpg = [
        RequestShape(168, .group(16), .number(152, width: 4), .number(160, width: 4)),
        RequestShape(160, .group(16), .number(152, width: 4)),
        RequestShape(40, .payload(40, length: 32, width: 4)),
        RequestShape(152, .group(16)),
        RequestShape(16),
        RequestShape(160, .number(152, width: 4), .group(16)),
        RequestShape(24, handle),
        RequestShape(24, handle),
        RequestShape(16),
        RequestShape(152, .number(16, width: 8), .text(24, capacity: 128)),
        RequestShape(32, .number(24, width: 8)),
        RequestShape(32, .payload(32, length: 24, width: 8)),
        RequestShape(
            56, .number(32, width: 4), .number(48, width: 4), .payload(56, length: 40, width: 4)),
    ]

    private static let quorum = [
        RequestShape(16), RequestShape(24, word), RequestShape(16), RequestShape(16), RequestShape(24, word),
    ]

    private static let votequorum = [
        RequestShape(24, word),
        RequestShape(24, word),
        RequestShape(24, word, .number(20, width: 4)),
        RequestShape(32, handle, .number(24, width: 4)),
        RequestShape(16),
        RequestShape(272, name),
        RequestShape(272, name),
        RequestShape(528, name, .text(271, capacity: 255)),
        RequestShape(296, name, .number(272, width: 4), .number(280, width: 4), .number(288, width: 8)),
        RequestShape(280, name, .number(272, width: 4)),
        RequestShape(24, .payload(20, length: 16, width: 4)),
        RequestShape(24, word),
    ]
}

extension RequestShape {
    /// A request of this shape, filled from the input; now and then with a size that lies, or cut.
    func request(_ id: UInt32, _ reader: inout InputReader) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: size)
        for field in fields { fill(field, of: &bytes, &reader) }
        store(UInt64(id), 4, at: 0, in: &bytes)
        store(UInt64(bytes.count), 4, at: 8, in: &bytes)
        switch reader.u8() {
        case 0xF8...0xFB: store(UInt64(reader.number()), 4, at: 8, in: &bytes)
        case 0xFC...0xFF: bytes.removeLast(min(reader.below(256), max(bytes.count - 16, 0)))
        default: break
        }
        return bytes
    }

    private func fill(_ field: Field, of bytes: inout [UInt8], _ reader: inout InputReader) {
        switch field {
        case .number(let offset, let width):
            // All ones in eight bytes too.
            let number = reader.number()
            store(number == .max ? .max : UInt64(number), width, at: offset, in: &bytes)
        case .key(let offset):
            let text = Words.key(&reader)
            store(UInt64(text.count), 2, at: offset, in: &bytes)
            copy(text, capacity: 256, to: offset + 8, in: &bytes)
        case .group(let offset):
            let text = Words.name(&reader)
            let lie = reader.u8()
            store(lie < 0xF0 ? UInt64(text.count) : UInt64(reader.number()), 4, at: offset, in: &bytes)
            copy(text, capacity: 128, to: offset + 8, in: &bytes)
        case .text(let offset, let capacity): copy(Words.name(&reader), capacity: capacity, to: offset, in: &bytes)
        case .payload(let offset, let length, let width):
            let kind = reader.u8()
            let payload =
                kind < 0xE0 ? reader.take(Int(kind)) : Array(repeating: kind, count: 1 << Int(kind & 15))
            store(UInt64(payload.count), width, at: length, in: &bytes)
            bytes.removeLast(max(bytes.count - offset, 0))
            bytes += payload
        }
    }

    private func copy(_ text: [UInt8], capacity: Int, to offset: Int, in bytes: inout [UInt8]) {
        for (index, byte) in text.prefix(capacity).enumerated() where offset + index < bytes.count {
            bytes[offset + index] = byte
        }
    }

    private func store(_ value: UInt64, _ width: Int, at offset: Int, in bytes: inout [UInt8]) {
        for index in 0..<width where offset + index < bytes.count {
            bytes[offset + index] = UInt8(truncatingIfNeeded: value >> (8 * UInt64(index)))
        }
    }
}

/// Names that mean something, among others.
enum Words {
    static func key(_ reader: inout InputReader) -> [UInt8] {
        let choice = reader.u8()
        return Int(choice) < keys.count ? Array(keys[Int(choice)].utf8) : reader.string()
    }

    static func name(_ reader: inout InputReader) -> [UInt8] {
        switch reader.u8() {
        case 0..<0x40: Array("alpha".utf8)
        case 0x40..<0x80: Array("b".utf8)
        case 0x80..<0xA0: Array("Qdevice".utf8)
        case 0xA0..<0xB0: []
        case 0xB0..<0xC0: Array(repeating: 0x78, count: 128)
        case 0xC0..<0xD0: Array(repeating: 0x79, count: 255)
        default: reader.string()
        }
    }

    static let keys = [
        "totem.token", "totem.config_version", "totem.consensus", "totem.join", "totem.hold", "totem.token_retransmit",
        "totem.merge", "totem.window_size", "totem.max_messages", "totem.fail_recv_const", "totem.downcheck",
        "totem.token_coefficient", "totem.token_warning", "totem.miss_count_const", "totem.seqno_unchanged_const",
        "totem.heartbeat_failures_allowed", "totem.max_network_delay", "totem.token_retransmits_before_loss_const",
        "totem.block_unlisted_ips", "totem.cancel_token_hold_on_retransmit", "totem.cluster_name",
        "quorum.expected_votes", "quorum.two_node", "quorum.wait_for_all", "quorum.last_man_standing",
        "quorum.auto_tie_breaker", "quorum.allow_downscale", "quorum.device.votes", "quorum.device.model",
        "quorum.device.timeout", "quorum.expected_votes_tracking", "quorum.cancel_wait_for_all", "quorum.votes",
        "nodelist.node.0.quorum_votes", "nodelist.node.1.quorum_votes", "nodelist.node.2.nodeid",
        "nodelist.node.2.quorum_votes", "nodelist.local_node_pos", "nodelist.",
        "config.reload_in_progress", "config.totemconfig_reload_in_progress", "logging.debug", "logging.to_syslog",
        "logging.", "runtime.force_gather", "runtime.votequorum.ev_barrier", "runtime.members.1.ip", "runtime.",
        "resources.system.memory_used.max", "resources.system.memory_used.poll_period",
        "resources.system.memory_used.recovery", "resources.system.memory_used.current",
        "resources.system.memory_used.state", "resources.system.load_15min.max", "resources.system.load_15min.recovery",
        "resources.process.p.state", "resources.process.p.recovery", "resources.process.p.poll_period",
        "resources.process.p.last_updated", "resources.watchdog_device", "resources.watchdog_timeout",
        "stats.srp.", "stats.srp.mcast_tx", "stats.clear.totem", "stats.clear.ipc", "stats.clear.all",
        "stats.schedmiss.0.delay", "stats.", "a", "",
    ]
}
