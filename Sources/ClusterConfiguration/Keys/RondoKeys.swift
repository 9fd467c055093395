/// The keys of section `rondo`: what Corosync does not have. Corosync accepts the section and does not look at it (tried with
/// 3.1.7), so one file serves all nodes of a mixed ring.
enum RondoKeys {
    static let all: [KeyDescription] = [
        .init(
            "rondo.beat", type: .u32, default: "rondo.silence / 10, at most \(RondoSettings.standardBeat)",
            unit: .milliseconds, change: .reload,
            "interval at which each other member is asked for, so that the end of its process is noticed at once; 0: as Corosync, "
                + "by the token only"),
        .init(
            "rondo.silence", type: .u32, default: "totem.token - its hold", unit: .milliseconds, change: .reload,
            "after so long without a sign of anybody this node goes on alone, and the others part with it; 0: as Corosync, by "
                + "the token only"),
        .init(
            ProgramLimits.ofProgramKey, type: .u32, default: "\(ProgramLimits().ofProgram)", unit: .bytes,
            change: .reload,
            "with more waiting for one local program that does not read it is cut off"),
        .init(
            ProgramLimits.ofAllKey, type: .u32, default: "\(ProgramLimits().ofAll)", unit: .bytes, change: .reload,
            "with more waiting for all local programs the one for which the most waits is cut off"),
        .init(
            ProgramLimits.holdBackKey, type: .u32, default: "\(ProgramLimits().holdBack)", unit: .bytes,
            change: .reload,
            "with more waiting for local programs that still read those of the node multicast nothing and the ring is slowed down"
        ),
    ]
}
