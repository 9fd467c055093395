import Basics
import ClientProtocol
import ClusterConfiguration
import ClusterEngine
import Links
import Totem
import TotemWire

/// An engine that can be kept in a struct: it is not copyable itself.
final class EngineBox {
    var engine: ClusterEngine

    init(_ engine: consuming ClusterEngine) { self.engine = engine }
}

/// A machine: its disk, the daemon while it runs, and what has come for it.
struct ClusterNode: VirtualNode {
    let place: Int
    let id: NodeID
    let clock: NodeClock
    var disk: StateDirectory
    /// Nil while the daemon does not run.
    var box: EngineBox?
    /// Which edition of the file the running daemon has read.
    var edition = 0
    /// The `config_version` that the daemon has read last; 0 for none.
    var version: UInt64 = 0
    /// The daemon has met a newer version where it must end because of it.
    var mustEnd = false
    /// With `last_man_standing`: the ring of the last synchronisation that came to its end, and the present one.
    var standing: VoteStanding?
    var formed: FormedRing?
    /// What the running daemon has read.
    var running: ClusterConfiguration?
    var readFile: ConfigurationText?
    /// It was told to read a file that its machine did not have yet.
    var hasReadTooEarly = false
    /// The daemon's life, from 1.
    var life = 0
    var isPaused = false
    var resumeAt: UInt64 = 0
    /// Local programs may connect.
    var isReady = false
    /// The daemon has been told to end in order.
    var isLeaving = false
    /// Datagrams that came and have not been read.
    var inbox: [Int32] = []
    /// The same, that came by links.
    var trips: [LinkTrip] = []
    /// The sockets that the links have asked for.
    var sockets: [NodeSocket] = []
    var keys = NodeKeys()
    var keyOrder = KeyOrder()
    /// A reload waits for the end of a change of keys.
    var isReloadDue = false
    /// Connections whose programs went away during a pause.
    var hangups: [Int] = []
    /// The earliest planned call of the engine.
    var wakeAt = UInt64.max
    /// The node dies after so many more datagrams.
    var dyingAfter: Int?
    /// As far as somebody wanted to know.
    var phase = RingPhase.idle
    var entered = [Int](repeating: 0, count: RingPhase.allCases.count)
    /// The last ring that was noted for a picture.
    var installed: RingID?
    /// How fast each service takes requests, by `LocalService.rawValue`.
    var rates = [RequestRate](repeating: .fast, count: 6)
    /// Connections of the present life, by their index.
    var connections: [Int] = []
    /// Whom the transport sends to and hears, by place.
    var peers: [Int] = []
    var blocksUnlisted = true

    var isUp: Bool { box != nil }
    /// Engines take no time.
    var busyUntil: UInt64 { 0 }
    var strangersWaitUntil: Instant? { box?.engine.look().strangersWaitUntil }

    func rate(_ service: LocalService) -> RequestRate { rates[Int(service.rawValue)] }

    /// Whether the daemon reads requests of the service now.
    func takesRequests(_ service: LocalService) -> Bool {
        switch rate(service) {
        case .fast, .normal, .slow: true
        case .off, .offForMulticast: false
        }
    }
}

/// A datagram on its way over a link, or waiting at its end.
struct LinkTrip: Sendable {
    var packet: Int32
    var from: Int32
    var to: Int32
    var link: UInt8
    /// A bit has been turned over on the way.
    var isAltered: Bool
    var seal: SealMark
}

/// A socket at a node's own address on a link.
struct NodeSocket: Sendable {
    var number: SocketNumber
    var link: Int
}

/// What a node's disk keeps from one life to the next.
struct StateDirectory: Sendable {
    /// corosync.conf.
    var configuration: String
    /// What that says, with the key beside it, and which edition it is.
    var file: ConfigurationText
    var edition = 0
    /// The ring id file.
    var ringSequence: UInt64 = 0
    /// The file `ev_tracking`.
    var trackingBarrier: UInt32 = 0
}
