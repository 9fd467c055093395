/// The keys of section `rondo`: what Corosync does not have. Corosync accepts the section and does not look at it (tried with
/// 3.1.7), so one file serves all nodes of a mixed ring.
enum RondoKeys {
    static let all: [KeyDescription] = [
        .init(
            "rondo.beat", type: .u32, default: "\(RondoSettings.standardBeat)", unit: .milliseconds, change: .reload,
            "interval at which each other member is asked for, so that the end of its process is noticed at once; 0: as Corosync, "
                + "by the token only")
    ]
}
