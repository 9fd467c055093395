/// What is fuzzed: each target takes any bytes at all and must neither trap nor report a finding.
public enum FuzzTarget: String, CaseIterable, Sendable {
    /// Every packet of 3.x and of the older formats, frames and group names.
    case wire
    /// Packets of knet, what is known of a host's numbers, and pieces put together.
    case knet
    /// Sealed datagrams, and such as nobody sealed, to one key slot.
    case sealing
    /// Compressed packets, and such as nobody compressed, to each model's library.
    case decompression
    /// A live machine of links, with a peer that keeps the protocol and a host with the key that does not.
    case links
    /// A live ring of two or three nodes among whose packets are hostile ones; afterwards it must form again.
    case ring
    /// corosync.conf, down to what an engine starts with, and its reload.
    case configuration
    /// The request decoder of every service with local clients.
    case requests
    /// A live node whose local programs send any sequence of requests.
    case clients
    /// A ring in shared memory that its other side changes at any moment.
    case rings
    /// The services of one node, which hear anything from the others and from the ring.
    case services
    /// A live node in one ring with a node that keeps the ring's protocol and says anything to the services.
    case member
    /// Capture files in pieces, and dumps as text, down to the explained packet.
    case capture
    /// Sequences of datagrams, explained one in the light of those before.
    case dissection

    /// Bytes of the longest input that is worth trying.
    public var longestInput: Int {
        switch self {
        case .wire, .knet, .sealing, .decompression: 2048
        case .ring: 512
        case .links: 1024
        case .configuration: 4096
        case .requests: 1024
        case .clients, .services, .rings: 1024
        case .member: 768
        case .capture: 4096
        case .dissection: 2048
        }
    }

    /// Feeds one input to the target, from the same state every time.
    ///
    /// - Throws: what is wrong, where a trap is not the form it takes: a ring that does not form again, an answer of
    ///   another length than it says.
    public func run(_ input: [UInt8]) throws(Finding) {
        switch self {
        case .wire: try WireTarget.run(input)
        case .knet: try KnetTarget.run(input)
        case .sealing: try SealingTarget.run(input)
        case .decompression: try DecompressionTarget.run(input)
        case .links: try LinksTarget.run(input)
        case .ring: try RingTarget.run(input)
        case .configuration: try ConfigurationTarget.run(input)
        case .requests: RequestTarget.run(input)
        case .clients: try ClientTarget.run(input)
        case .rings: try RingsTarget.run(input)
        case .services: try ServiceTarget.run(input)
        case .member: try MemberTarget.run(input)
        case .capture: CaptureTarget.run(input)
        case .dissection: DissectionTarget.run(input)
        }
    }
}

/// Something that must not be, and is no trap.
public struct Finding: Error, CustomStringConvertible {
    public var description: String

    init(_ description: String) { self.description = description }
}

/// Complains when something that always holds does not.
func require(_ condition: Bool, _ complaint: @autoclosure () -> String) throws(Finding) {
    guard condition else { throw Finding(complaint()) }
}
