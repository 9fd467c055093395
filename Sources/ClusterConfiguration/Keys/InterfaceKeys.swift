/// The keys of sections `totem.interface` (spec: configuration.md 3.2).
enum InterfaceKeys {
    static let all: [KeyDescription] = [
        key("linknumber", type: .u8, default: "0", change: .reload, "number of the link; not stored in the map"),
        key(
            "bindnetaddr", default: "the local node's address", change: .startOnly,
            "network to bind to; the node list wins"),
        key("mcastaddr", default: "derived from cluster_name", change: .startOnly, "multicast address of udp"),
        key(
            "broadcast", allowing: .words(["yes", "no"]), default: "no", change: .startOnly,
            "broadcast in place of multicast"),
        key("mcastport", type: .u16, default: "5405 + link", change: .reload, "UDP port"),
        key("ttl", type: .u8, default: "1", change: .startOnly, "hops a multicast packet may take; udp only"),
        key(
            "knet_link_priority", type: .u8, default: "1", change: .reload, "the highest is used first in passive mode"),
        key(
            "knet_ping_interval", type: .u32, default: "derived", unit: .milliseconds, change: .reload,
            "interval of knet's pings"),
        key(
            "knet_ping_timeout", type: .u32, default: "derived", unit: .milliseconds, change: .reload,
            "silence after which knet takes a link for down"),
        key("knet_ping_precision", type: .u32, default: "2048", change: .reload, "samples in knet's mean latency"),
        key("knet_pong_count", type: .u32, default: "2", change: .reload, "answers before knet takes a link for up"),
        key(
            "knet_transport", allowing: .words(["udp", "sctp"]), default: "udp", change: .reload, "protocol below knet"),
        KeyDescription(
            "totem.interface.member.memberaddr", in: "totem.interface.L.member.M", change: .startOnly,
            "deprecated list of members; the node list wins"),
    ]

    /// Numbers above this in these keys are dropped: Corosync keeps them in a signed integer.
    static let signedKeys = [
        "totem.interface.knet_ping_interval", "totem.interface.knet_ping_timeout",
        "totem.interface.knet_ping_precision", "totem.interface.knet_pong_count",
    ]

    private static func key(
        _ name: String, type: ConfigurationType = .string, allowing permitted: PermittedValues = .any,
        default defaultValue: String, unit: Unit = .none, change: ChangeClass, _ meaning: String
    ) -> KeyDescription {
        KeyDescription(
            "totem.interface.\(name)", in: "totem.interface.L.\(name)", type: type, allowing: permitted,
            default: defaultValue, unit: unit, change: change, meaning)
    }
}
