import TotemWire

/// One stay of a process in a group, as it really was.
struct Membership: Sendable {
    let connection: Int
    let node: Int
    let process: GroupProcessID
    let group: String
    /// Messages multicast.
    var sent = 0
    /// The daemon has taken the join.
    var isAccepted = false
    var hasAskedToLeave = false
    /// The program ended without a farewell.
    var hasEndedInside = false
    var isOver = false
    var nodeIsLeaving = false

    /// Whether it belongs to the group when everything is at rest.
    var isAlive: Bool { isAccepted && !hasAskedToLeave && !isOver }
}

/// A message that a program multicast.
struct MulticastRecord: Sendable {
    let membership: Int
    /// Among the messages of its membership, from 1.
    let ordinal: Int
    let size: Int
    let fingerprint: UInt64
    /// It takes several requests.
    let isInPieces: Bool
}

/// What a connection to the process groups has been told.
struct GroupListener: Sendable {
    /// How far the messages of a process have come.
    enum Progress: Sendable, Equatable {
        /// It may go on with any message.
        case anywhere
        /// Its first message comes next.
        case atStart
        case after(Int, of: Int)

        /// What has to come next, in words.
        var next: String {
            switch self {
            case .anywhere: "any"
            case .atStart: "number 1"
            case .after(let last, _): "number \(last + 1) of the same membership"
            }
        }
    }

    let connection: Int
    let node: Int
    let me: GroupProcessID
    /// Asks for the ring's membership with its first event.
    let wantsRing: Bool
    /// The present stay, or the one asked for.
    var membership: Int?
    var isInside = false
    var view: [GroupProcessID] = []
    var ring: RingID?
    /// 0, or the reason of the changes that belong to the next ring's report.
    var stage: UInt32 = 0
    var progress: [GroupProcessID: Progress] = [:]
    /// What was told since the last report of a ring.
    var segment: [UInt64] = []
    var joinedInSegment = false
    /// Senders of long messages of which it did not get the first piece, since the last report of a ring.
    var missed: [GroupProcessID] = []
    /// Who came or went with a change of ring in it.
    var separated: [GroupProcessID] = []
    /// Every message delivered, by its number.
    var history: [Int32] = []
}

/// What was told between two reports of rings.
struct GroupSegment: Sendable {
    var listener: Int
    var start: RingID?
    var items: [UInt64]
    var joined: Bool
    /// As in the listener.
    var missed: [GroupProcessID]
    var separated: [GroupProcessID]
}

/// A place where all that are together must have been told the same.
struct GroupMoment: Hashable, Sendable {
    var group: String
    /// Nil for the end of the run.
    var ring: RingID?
}
