/// The part of the daemon a log line comes from, by the tag tools look for (spec: daemon-and-tools.md 2.2).
public enum Subsystem: String, Sendable, CaseIterable {
    case main = "MAIN"
    case totem = "TOTEM"
    case knet = "KNET"
    case services = "SERV"
    case map = "CMAP"
    case configuration = "CFG"
    case processGroups = "CPG"
    case quorum = "QUORUM"
    case voteQuorum = "VOTEQ"
    case load = "PLOAD"
    case monitoring = "MON"
    case watchdog = "WD"
    case synchronization = "SYNC"
    case statistics = "STATS"
    case ipc = "QB"
}
