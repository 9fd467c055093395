import Basics
import TotemWire

/// A packet that waits for its compression: a copy with the target in its header, which the ring's own copy does not get,
/// since that may be sent again to everybody (spec: knet.md 12).
struct StagedPacket: Sendable {
    /// Where the ring's header names the only destination, in the order of this machine.
    private static let targetRange = 9..<13

    private var writer = ByteWriter()
    /// Nil when nothing waits.
    private(set) var destination: PacketDestination?

    /// - Parameter packet: at least as long as a ring's header.
    mutating func put(_ packet: Span<UInt8>, to destination: PacketDestination) {
        self.destination = destination
        writer.removeAll()
        Self.write(packet, target: destination.target, into: &writer)
    }

    /// Gives the copy's destination away, once.
    mutating func take() -> PacketDestination? {
        defer { destination = nil }
        return destination
    }

    var bytes: Span<UInt8> {
        @_lifetime(borrow self)
        get { writer.span }
    }

    /// Appends a packet, or its beginning, with this target. It holds the ring's header, which the caller has checked.
    static func write(_ packet: Span<UInt8>, target: NodeID, into writer: inout ByteWriter) {
        writer.bytes(packet.extracting(0..<targetRange.lowerBound))
        writer.nodeID(target)
        writer.bytes(packet.extracting(targetRange.upperBound..<packet.count))
    }
}

extension PacketDestination {
    /// What the ring's header names: `.none` for everybody.
    var target: NodeID {
        switch self {
        case .node(let node): node
        case .everyone: .none
        }
    }
}
