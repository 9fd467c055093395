/// The daemon's exit codes; units, monitoring and pcs tell failures apart by them (spec: daemon-and-tools.md 1.2).
public enum ExitStatus: Int32, Error, Sendable {
    case success = 0
    /// A bad option, or the sockets could not be made.
    case usage = 1
    case fork = 4
    case logging = 7
    case configuration = 8
    case logThread = 9
    case map = 12
    case totem = 15
    case stateDirectory = 16
    case lockFile = 17
    case alreadyRunning = 18
    case standardStreams = 19
    case service = 20
    case ringIDFile = 21
    case statisticsMap = 22
    /// Killed by another node: leaves at once, without a leave message.
    case killed = 255
}
