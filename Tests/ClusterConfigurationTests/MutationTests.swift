import ClusterConfiguration
import Testing

/// Damaged configurations are refused or read, but never end the process.
@Suite struct MutationTests {
    /// A small generator whose sequence depends on nothing but its seed.
    struct Random {
        var state: UInt64

        mutating func next(below bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return bound <= 0 ? 0 : Int(state >> 33) % bound
        }
    }

    static let pieces: [String] = [
        "{", "}", ":", "\n", "\r\n", "\0", "#", " ", "\t", ".", "totem {\n", "interface {\n", "linknumber: 255\n",
        "nodelist {\n", "node {\n", "ring7_addr: ::\n", "ring99999999999999999999_addr: x\n", "nodeid: 0\n",
        "nodeid: 4294967295\n", "token: 4294967295\n", "token_coefficient: 4294967295\n",
        "token_retransmits_before_loss_const: 4294967295\n", "knet_pong_count: 2147483647\n", "18446744073709551616",
        "-9223372036854775809", "mcastaddr: ff15::1\n", "transport: udp\n", "logger_subsys {\n", "subsys: \n",
        "logging_daemon {\n", "name: corosync\n", "uidgid {\n", "uid: 4294967295\n", "member {\n", "memberaddr: \n",
        "\u{FEFF}", "é", String(repeating: "x", count: 600), String(repeating: "a.", count: 130),
    ]

    static func mutate(_ text: [UInt8], _ random: inout Random) -> [UInt8] {
        var text = text
        for _ in 0...random.next(below: 6) {
            let place = random.next(below: text.count + 1)
            switch random.next(below: 5) {
            case 0 where place < text.count: text[place] = UInt8(truncatingIfNeeded: random.next(below: 256))
            case 1 where place < text.count:
                text.removeSubrange(place..<min(text.count, place + 1 + random.next(below: 40)))
            case 2: text.insert(contentsOf: pieces[random.next(below: pieces.count)].utf8, at: place)
            case 3:
                let end = min(text.count, place + random.next(below: 60))
                text.insert(contentsOf: text[place..<end], at: random.next(below: text.count + 1))
            default: text.removeSubrange(place...)
            }
        }
        return text
    }

    @Test("Survives damaged configurations", arguments: 0..<40)
    func survives(seed: Int) throws {
        var random = Random(state: UInt64(seed) &* 7919 &+ 1)
        let names = Fixtures.runtimeConfigNames
        for _ in 0..<60 {
            let choice = random.next(below: names.count + 1)
            let original = try Fixtures.bytes(
                choice < names.count ? "runtime-config/\(names[choice]).conf" : "map/everything.conf")
            let text = Self.mutate(original, &random)
            let error = configurationError { try Self.read(text, nodes: UInt32(random.next(below: 400))) }
            #expect(error.map { !$0.message.isEmpty && !$0.description.isEmpty } ?? true)
        }
    }

    /// Everything a daemon and the tools do with a configuration.
    private static func read(_ text: [UInt8], nodes: UInt32) throws {
        let document = try ConfigurationDocument(text, file: "c", userLists: [("u", Array(text.prefix(200)))])
        _ = SystemSettings(document)
        _ = document.advice
        _ = configurationError { _ = try LoggingSettings(document) }
        _ = try TimingReport(document, nodes: nodes)
        let configuration = try ClusterConfiguration(document, host: firstNode, names: NameTable())
        #expect(configuration.entries.all.allSatisfy { (3...255).contains($0.key.utf8.count) })
    }
}
