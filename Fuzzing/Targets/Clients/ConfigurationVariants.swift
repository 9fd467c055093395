import Basics
import ClusterConfiguration
import ClusterEngine

/// What nodes of the fuzzer start with; read once, since reading takes longer than most of what follows.
enum ConfigurationVariants {
    /// A node alone, and one of two.
    static let alone = all(nodes: 1)
    static let pair = all(nodes: 2)

    /// Options of votequorum that are tried together.
    private static let sets: [[String]] = [
        [], [waitForAll], [lastManStanding, waitForAll], [tieBreaker], [downscale], [tracking, downscale], [device],
        [device, waitForAll], [lastManStanding, tieBreaker, tracking], [resources], [twoNode],
    ]

    private static let twoNode = "two_node: 1"
    private static let waitForAll = "wait_for_all: 1"
    private static let lastManStanding = "last_man_standing: 1\nlast_man_standing_window: 1000"
    private static let tieBreaker = "auto_tie_breaker: 1"
    private static let downscale = "allow_downscale: 1"
    private static let tracking = "expected_votes_tracking: 1"
    private static let device = "device {\nmodel: net\nvotes: 1\ntimeout: 500\nsync_timeout: 900\n}"
    private static let resources = """
        }
        resources {
        system {
        memory_used {
        recovery: reboot
        max: 70
        poll_period: 300
        }
        }
        """

    /// Each with votequorum; the last without any provider.
    private static func all(nodes: Int) -> [EngineConfiguration?] {
        sets.map { read(text(nodes, ["provider: corosync_votequorum"] + $0)) } + [read(text(nodes, []))]
    }

    private static func text(_ nodes: Int, _ quorum: [String]) -> String {
        let list = (1...nodes).map { "node {\nnodeid: \($0)\nname: node\($0)\nring0_addr: 10.0.0.\($0)\n}\n" }
        return """
            totem {
            version: 2
            cluster_name: fuzz
            transport: udpu
            token: 300
            token_coefficient: 0
            }
            nodelist {
            \(list.joined())}
            quorum {
            \(quorum.joined(separator: "\n"))
            }

            """
    }

    private static func read(_ text: String) -> EngineConfiguration? {
        guard let document = try? ConfigurationDocument(Array(text.utf8), file: "corosync.conf") else { return nil }
        let address = InterfaceAddress(
            interface: "eth0", address: .v4(0x0A00_0001), netmask: .v4(0xFFFF_FF00), isUp: true, index: 1)
        let host = HostFacts(hostName: "node1", interfaces: [address])
        guard let configuration = try? ClusterConfiguration(document, host: host, names: NameTable()) else {
            return nil
        }
        return EngineConfiguration(configuration)
    }
}
