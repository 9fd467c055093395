import Basics
import Totem
import TotemWire

/// What the checks remember of one node.
struct NodeRecord: Sendable {
    let id: NodeID
    var isUp = false
    var life: Int32 = 0
    /// The highest ring sequence on its disk.
    var stored: UInt64 = 0
    var lastInstalled: UInt64 = 0
    /// When, in nanoseconds.
    var installedAt: UInt64 = 0

    /// The ring it has installed, by its place in the ledgers; -1 for none.
    var ring = -1
    var members: [NodeID] = []
    /// A transitional configuration that was reported and not yet followed by the regular one.
    var transition: ConfigurationChange?
    var isSynchronized = false

    /// Place in the ring of the last message delivered.
    var cursor: Int32 = -1
    var regularMessages: [Int32] = []
    var transitionalMessages: [Int32] = []
    var ownDelivered: Int32 = 0
    /// Rings installed so far, over all lives.
    var history = 0
    /// Since which of them each sender has come along without interruption.
    var togetherSince: [Int]

    /// Last ordinary and other message delivered of each sender: its life and number.
    var heard: [Heard]
    struct Heard: Sendable {
        var life: Int32 = 0
        var ordinary: Int32 = 0
        var other: Int32 = 0
    }

    /// As a sender: numbers given and numbers of messages completely sent.
    var ordinarySubmitted: Int32 = 0
    var otherSubmitted: Int32 = 0
    var ordinaryEnded: Int32 = 0
    var otherEnded: Int32 = 0
    /// The messages that go on after a cut with each mark: ordinary ones, and those of synchronisation, which are sent
    /// in between and may meet the same mark.
    var openOrdinary: [Int32]
    var openOther: [Int32]
    var progress: RingProgress?

    /// When it last sent a token that was new, and how often it has repeated it since.
    var tokenSentAt: UInt64 = 0
    var tokenRepetitions = 0
    /// The last pause.
    var pausedAt: UInt64 = 0
    var resumedAt: UInt64 = 0
    /// Its local programs do not keep up, and when they last did again.
    var isLagging = false
    var caughtUpAt: UInt64 = 0
    var wait: Checker.Wait?
    /// What it has heard of machines that refuse its packets, and when it last accepted a token.
    var refusals: [Checker.Refusals] = []
    var tokenTakenAt: UInt64 = 0

    /// The message that goes on after the cut with `mark`.
    mutating func takeOpen(_ mark: UInt8) -> Int {
        let index = Int(mark)
        // What synchronises is never interrupted by ordinary messages.
        if openOther[index] >= 0 {
            defer { openOther[index] = -1 }
            return Int(openOther[index])
        }
        defer { openOrdinary[index] = -1 }
        return Int(openOrdinary[index])
    }

    init(id: NodeID, nodes: Int) {
        self.id = id
        togetherSince = Array(repeating: 0, count: nodes)
        heard = Array(repeating: Heard(), count: nodes)
        openOrdinary = Array(repeating: -1, count: 256)
        openOther = openOrdinary
    }
}
