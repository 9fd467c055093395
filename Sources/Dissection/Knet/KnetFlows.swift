import Basics
import CaptureFiles
import Links
import TotemWire

/// What was seen between two ends that speak knet: pieces of packets, and which link it is.
///
/// The same packet goes to every node, so that a capture may hold it several times; each pair of ends has its own.
struct KnetFlows: Sendable {
    struct Key: Hashable, Sendable {
        var host: HostID
        var source: SocketAddress?
        var destination: SocketAddress?
    }

    fileprivate struct Flow: Sendable {
        var window = DuplicateWindow()
        var reassembly = Reassembly()
    }

    private var flows: [Key: Flow] = [:]
    /// The link that pings between two ports have named.
    private var links: [UInt16: LinkNumber] = [:]

    /// Pairs of ends of which something is kept; those that never come back must not fill the memory.
    private static let capacity = 256

    /// The packet that this piece completes; nil while others are lacking, or when it cannot belong to any.
    mutating func complete(_ header: DataHeader, _ piece: Span<UInt8>, of key: Key) -> [UInt8]? {
        if flows.count >= Self.capacity, flows[key] == nil { flows = [:] }
        return flows[key, default: Flow()].complete(header, piece)
    }

    mutating func learn(_ ping: Ping, of key: Key) {
        if let port = key.port { links[port] = ping.link }
        _ = flows[key]?.window.hear(ping, honoursRestart: true)
    }

    func link(of key: Key) -> LinkNumber? { key.port.flatMap { links[$0] } }
}

extension KnetFlows.Flow {
    fileprivate mutating func complete(_ header: DataHeader, _ piece: Span<UInt8>) -> [UInt8]? {
        // Who listens in does not know what the receiver has: everything is followed.
        guard window.judge(header.sequence, behind: .follow) == .fresh,
            case .complete(let whole) = reassembly.take(header, piece, window: &window)
        else { return nil }
        window.markDelivered(header.sequence)
        var packet = ByteWriter(capacity: whole.length)
        packet.bytes(reassembly.bytes(of: whole))
        return packet.take()
    }
}

extension KnetFlows.Key {
    /// Both ends of a link have the same.
    fileprivate var port: UInt16? { source?.port == destination?.port ? destination?.port : nil }
}
