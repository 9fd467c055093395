/// Which of a host's usable links carry a packet (`totem.link_mode`; spec: knet.md 8.1).
public enum LinkPolicy: String, Sendable, CaseIterable {
    /// The best one.
    case passive
    /// All of them: the receiver drops the copies.
    case active
    /// One after the other, for each host separately.
    case roundRobin = "rr"
}
