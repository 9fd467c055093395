/// A fault planted between engines and programs, to see that the checks find it.
package enum ClusterSabotage: String, Sendable, CaseIterable {
    /// A message to a group does not reach one of its members.
    case dropDelivery = "drop-delivery"
    case repeatDelivery = "repeat-delivery"
    case swapDeliveries = "swap-deliveries"
    case alterDelivery = "alter-delivery"
    /// A message is said to come from another process.
    case wrongSender = "wrong-sender"
    /// A member does not hear that another has gone.
    case hideLeave = "hide-leave"
    /// A member does not hear that another has come.
    case hideJoin = "hide-join"
    case wrongReason = "wrong-reason"
    /// A member is left out of a list of members.
    case shortList = "short-list"
    /// The ring is reported before what its change did to groups.
    case ringBeforeChange = "ring-before-change"
    case wrongRing = "wrong-ring"
    /// A node is told that it has quorum when it has not, or the other way round.
    case wrongQuorum = "wrong-quorum"
    /// Programs are not told that their node has lost quorum.
    case keepQuorum = "keep-quorum"
    case wrongVotes = "wrong-votes"
    case wrongThreshold = "wrong-threshold"
    /// A program waits for an answer for ever.
    case loseAnswer = "lose-answer"
    /// A change of a key is not reported to one who tracks it.
    case hideKeyChange = "hide-key-change"
    /// A piece of a long message does not reach one of its receivers.
    case losePiece = "lose-piece"
    /// A node that is put on the list, or taken off it, makes no difference to the others' transports.
    case keepPeers = "keep-peers"
    /// A daemon does not see the version of its configuration.
    case hideVersion = "hide-version"
    /// A daemon takes the window of last_man_standing for ten times as long.
    case slowWindow = "slow-window"
    /// A node's disk forgets the ring it was in.
    case forgetRing = "forget-ring"

    // Between the links and their networks.

    /// Whatever link a datagram is to leave by, it leaves by the first.
    case firstLinkOnly = "first-link-only"
    /// A node does not read what comes by its second link.
    case deafLink = "deaf-link"
    /// The last piece of each packet that is cut is not sent.
    case dropLastPiece = "drop-last-piece"
    /// A daemon that starts again seals with another key.
    case strangeKey = "strange-key"
    /// In a change of keys nodes seal with the new one from the reload on.
    case sealAtOnce = "seal-at-once"
    /// In a change of keys nodes open with the new one only from the reload on.
    case forgetAtOnce = "forget-at-once"
}
