import Basics
import TotemWire

/// One node of a Totem ring: the whole single-ring protocol as a machine without I/O (spec: totem.md).
///
/// The shell feeds it datagrams and the time; the machine answers with datagrams to send, with a deadline at which it
/// wants to be called again, and with events in the agreed order:
///
/// ```
/// ring.start(now: now)                          // once, when the network is there
/// try ring.receive(datagram, now: now)          // a datagram came in
/// ring.advance(to: now)                         // `ring.nextDeadline` has come
/// ring.submit(message, group: .services, now:)  // a service wants to multicast
/// while let step = ring.nextStep() { … }        // after each of these: store, send, deliver
/// ```
///
/// Two machines fed with the same calls answer with the same bytes.
public struct TotemRing: Sendable {
    /// This node.
    public let me: NodeID
    public internal(set) var parameters: RingParameters
    /// All nodes of the nodelist, ascending; packets and lists that name others are refused.
    public internal(set) var configured: [NodeID]
    public internal(set) var statistics = RingStatistics()

    var state: RingState = .idle

    // MARK: Rings

    @usableFromInline var numbers: RingNumbers
    /// Members of the last installed ring, ascending.
    public internal(set) var members: [NodeID] = []
    /// Members of the current ring or the one being formed, in ring order.
    var ringOrder: [NodeID] = []

    // MARK: Membership

    var proposal = Proposal()
    var heard = HeardSequences()
    var strangers = Strangers()
    var unlisted = UnlistedNodes()
    var pauses = PauseDetector()

    /// A token has come since the ring was installed: now every member has installed it.
    ///
    /// Until then nodes of other rings are not listened to. Had they their way at the moment when half of the members
    /// are still in RECOVERY, those would have to give up the ring that counts the stranger as failed, and would take
    /// that opinion along into the next; a stranger that calls in step with it could keep the ring from ever forming.
    var isEstablished = false

    /// What sets this life of the node apart from others, in its beats: a random number, which the shell gives.
    public var incarnation: UInt32 = 0

    /// No ring of this node alone is formed before the first with others. Set by the shell of a node whose address
    /// nobody else can reach: such a ring would be one beside the others', under the same votes.
    public var waitsForOthers = false

    // MARK: Messages

    @usableFromInline var pool = MessagePool()
    /// Messages of the installed ring; in RECOVERY, while those wait in the state, of the one being formed.
    var reception: Reception
    var sendQueues: SendQueues

    // MARK: Token

    var visits = TokenVisits()
    var history = TokenHistory()
    var rotations = Rotations()
    /// Local programs do not keep up with what the ring brings (`setBackPressure`).
    var isUnderPressure = false

    // MARK: Evidence

    var beats = Beats()
    var suspicions = Suspicions()
    var silences = Silences()
    var alertness = Alertness()
    /// Somebody has been silent for too long, and others have not yet said that they miss it as well.
    var awaitsWitnesses = false
    var namings: [Naming] = []
    /// Members whose machines the shell is to ask.
    var questions: [NodeID] = []

    // MARK: Towards the shell

    var timers = TimerTable()
    @usableFromInline var outbox = Outbox()
    var delivery = Delivery()

    var defects = Planted<PlantedDefect>()

    /// - Parameters:
    ///   - me: this node's id; it must be in `configured`.
    ///   - configured: ids of all nodes of the nodelist.
    ///   - storedRingSequence: content of the ring id file, 0 when there is none. A number that no ring can ever have is
    ///     garbage and counts as none.
    public init(me: NodeID, configured: [NodeID], parameters: RingParameters, storedRingSequence: UInt64) {
        self.me = me
        self.configured = configured.sorted()
        self.parameters = parameters
        numbers = RingNumbers(me: me, stored: storedRingSequence)
        reception = Reception(start: parameters.firstSequence)
        sendQueues = SendQueues(frameSize: parameters.frameSize)
    }
}

extension RingParameters {
    /// The number before a ring's first message.
    var firstSequence: SequenceNumber { SequenceNumber(sequenceStart) }
}
