/// A fault planted between the machines and the checks, to see that the checks find it.
package enum Sabotage: String, Sendable, CaseIterable {
    /// The network changes a byte of a message.
    case alterMessage = "alter-message"
    /// A node does not get to see a message that its ring delivers.
    case dropDelivery = "drop-delivery"
    case repeatDelivery = "repeat-delivery"
    case swapDeliveries = "swap-deliveries"
    case alterDelivery = "alter-delivery"
    /// A node's disk forgets what it has stored.
    case forgetRing = "forget-ring"
    /// A node is told of fewer companions than came along.
    case hideCompanion = "hide-companion"
    case hideTransitional = "hide-transitional"
    /// A node hands its application a message before synchronisation is over.
    case skipSynchronization = "skip-synchronization"
    /// The network keeps all tokens for good when calm should set in.
    case swallowTokens = "swallow-tokens"
}
