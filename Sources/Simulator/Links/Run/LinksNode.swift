import Basics
import Links
import TotemWire

/// A machine that can be kept in an array: it is not copyable itself.
final class LinksBox {
    var links: KnetLinks

    init(_ links: consuming KnetLinks) { self.links = links }
}

extension KnetLinks {
    /// One plain datagram of a packet that is to be sent.
    func copy(_ index: Int, of packet: Outgoing) -> [UInt8] {
        var copy: [UInt8] = []
        copy.append(copying: datagram(index, of: packet))
        return copy
    }

    /// A received packet.
    func copy(of packet: ReceivedPacket, in datagram: [UInt8], _ range: Range<Int>) -> [UInt8] {
        let plain = datagram.span.extracting(range)
        var copy: [UInt8] = []
        copy.append(copying: bytes(of: packet, in: plain))
        return copy
    }

    func fingerprint(of packet: Outgoing) -> UInt64 { datagrams(of: packet).fingerprint }
}

/// A datagram that comes to a node, or waits for it.
struct LinkFlight: Sendable {
    enum Nature: Sendable, Equatable {
        /// As its sender has sent it.
        case genuine
        /// Recorded, and sent again by somebody else.
        case replayed
        /// Changed on its way.
        case altered
        /// Made by somebody without the key.
        case forged
    }

    var packet: Int32
    var to: Int
    /// Whose address it comes from, and on which link; nil for an address that nobody has.
    var from: Int?
    var link: Int
    var nature: Nature
}

/// A node: its process while it runs, and what has come for it.
struct LinksNode {
    let place: Int
    let id: NodeID
    /// Nil while the process does not run; the second is told the same, to see that it says the same.
    var box: LinksBox?
    var twin: LinksBox?
    /// From 0; which of its processes this is.
    var life = -1
    var isPaused = false
    var resumeAt: UInt64 = 0
    /// When the last process has ended.
    var endedAt: UInt64?
    /// When the running process has started.
    var startedAt: UInt64 = 0
    /// Since when it runs without a pause.
    var freeSince: UInt64 = 0
    var inbox: [LinkFlight] = []
    var wakeAt = UInt64.max
    var dyingAfter: Int?
    var keys = NodeKeys()
    /// Which of the scenario's protections its file has, and which the running process was told of last.
    var configured = 0
    var generation = 0
    /// Packets that the process has sent.
    var number: UInt64 = 0

    var isUp: Bool { box != nil }
    var runs: Bool { box != nil && !isPaused }

    init(_ place: Int, _ id: NodeID) {
        self.place = place
        self.id = id
    }

    /// Tells both machines the same. Their answers are to be equal.
    mutating func call<Answer: Equatable>(_ body: (LinksBox) -> Answer) -> (answer: Answer, areEqual: Bool)? {
        guard let box else { return nil }
        let answer = body(box)
        guard let twin else { return (answer, true) }
        return (answer, body(twin) == answer)
    }
}

/// What can be seen of a machine's state from outside, without what it counts.
struct LinksState: Equatable {
    private var connected: [Bool] = []
    private var numbers: [UInt64] = []

    init(_ links: borrowing KnetLinks) {
        numbers = [UInt64(links.dataMTU), UInt64(links.unfinishedPackets), UInt64(links.sequence)]
        for node in links.nodes {
            connected.append(links.isReachable(node))
            for link in links.links(to: node) {
                connected.append(link.isConnected)
                numbers += [UInt64(link.mtu), UInt64(link.latency.mean), UInt64(link.latency.samples)]
            }
        }
    }
}
