import Basics

/// The keys of sections `nodelist.node` (spec: configuration.md 3.3).
enum NodeKeys {
    static let all: [KeyDescription] =
        (0..<LinkNumber.limit).map {
            key("ring\($0)_addr", "address or host name of the node on link \($0)")
        } + [
            key(
                "nodeid", type: .u32, default: "udp and udpu: the IPv4 address", "number of the node; required for knet"
            ),
            key("name", "name of the node; required with more than one link"),
            key("quorum_votes", type: .u32, default: "\(QuorumOption.Default.votes)", "votes of the node"),
        ]

    private static func key(
        _ name: String, type: ConfigurationType = .string, default defaultValue: String = "", _ meaning: String
    ) -> KeyDescription {
        KeyDescription(
            "nodelist.node.\(name)", in: "nodelist.node.P.\(name)", type: type, default: defaultValue, change: .reload,
            meaning)
    }
}

/// Numbers of links (spec: totem.md 1).
public enum LinkNumber {
    /// Links are numbered 0 … 7.
    public static let limit = 8
}
