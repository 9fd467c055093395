import Basics

/// Something the links have to say to the administrator, with its facts; the text is only made when it is printed.
public enum LinksNotice: Sendable, Equatable {
    case linkUp(HostID, LinkNumber)
    case linkDown(HostID, LinkNumber)
    case mtuReset(HostID, LinkNumber)
    case bestLink(HostID, LinkNumber, priority: UInt8)
    case activeLinks(HostID, Int)
    case noActiveLinks(HostID)
    case linkMTU(HostID, LinkNumber, from: Int, to: Int)
    case dataMTU(Int)
    /// `knet_mtu` as configured; 0 for none.
    case manualMTU(Int)
    /// Nothing as long as the smallest packets passes although pings do.
    case invalidMTU(HostID, LinkNumber)
    /// The path carries less than this node's interface.
    case smallPath(HostID, LinkNumber, kernel: Int, path: Int)
    case pongReceived(HostID, LinkNumber, count: UInt8)
    case latePong(HostID, LinkNumber)
    /// No key opens what came, and it must not be clear; `bytes` of UDP payload.
    case undecipherable(SocketAddress, bytes: Int)
    case rejected(SocketAddress)
    case malformed(SocketAddress, KnetPacketError)
    case badFragment(HostID, FragmentRefusal)
    case unknownCompression(HostID, UInt8)
    case decompressionFailed(HostID, CompressionModel)
    case replayed(HostID)

    public var severity: Severity {
        switch self {
        case .pongReceived, .latePong, .badFragment, .replayed: .debug
        case .noActiveLinks, .smallPath, .rejected, .malformed: .warning
        case .undecipherable, .unknownCompression, .decompressionFailed: .error
        default: .info
        }
    }

    /// Of those that packets from outside can bring about as often as their sender likes.
    public var kind: LineKind? {
        switch self {
        case .undecipherable, .rejected, .malformed: .foreignDatagram
        case .latePong, .badFragment, .unknownCompression, .decompressionFailed, .replayed: .packet
        default: nil
        }
    }

    public var line: LogLine { LogLine(severity, .knet, text, kind: kind) }

    /// The line, in libknet's words where there are any (spec: knet.md 12).
    public var text: String {
        switch self {
        case .linkUp(let host, let link): "rx: host: \(host) link: \(link) is up"
        case .linkDown(let host, let link): "link: host: \(host) link: \(link) is down"
        case .mtuReset(let host, let link): "link: Resetting MTU for link \(link) because host \(host) joined"
        case .bestLink(let host, let link, let priority):
            "host: host: \(host) (passive) best link: \(link) (pri: \(priority))"
        case .activeLinks(let host, let count): "host: host: \(host) has \(count) active links"
        case .noActiveLinks(let host): "host: host: \(host) has no active links"
        case .linkMTU(let host, let link, let old, let new):
            "pmtud: PMTUD link change for host: \(host) link: \(link) from \(old) to \(new)"
        case .dataMTU(let bytes): "pmtud: Global data MTU changed to: \(bytes)"
        case .manualMTU(let bytes): "pmtud: MTU manually set to: \(bytes)"
        case .invalidMTU(let host, let link):
            "pmtud: Invalid MTU detected for host: \(host) link: \(link) mtu: 0"
        case .smallPath(let host, let link, let kernel, let path):
            "pmtud: possible MTU misconfiguration detected. kernel is reporting MTU: \(kernel) bytes for host \(host) "
                + "link \(link) but the other node is not acknowledging packets of this size. "
                + "Packets of \(path) bytes pass and are used; set the MTU of all interfaces on the way alike."
        case .pongReceived(let host, let link, let count): "rx: host: \(host) link: \(link) received pong: \(count)"
        case .latePong(let host, let link):
            "rx: Incoming pong packet from host: \(host) link: \(link) has higher latency than pong_timeout. Discarding"
        case .undecipherable(let source, let bytes):
            "rx: Unable to decrypt packet from \(source) (size \(bytes))!"
        case .rejected(let source): "rx: Packet rejected from \(source)"
        case .malformed(let source, let error): "rx: Dropped a datagram from \(source): \(error)"
        case .badFragment(let host, let reason): "rx: Dropped a piece of a packet of host \(host): \(reason)"
        case .unknownCompression(_, let model):
            "compress: Received packet with unknown compress model \(model)"
        case .decompressionFailed(let host, let model):
            "compress: Unable to decompress packet (-1): host \(host), \(model.name)"
        case .replayed(let host):
            "rx: Dropped packets of host \(host) that lie far behind its newest ones: somebody sends old packets again"
        }
    }
}
