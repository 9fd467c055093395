/// What is true of a node's services after every call, whatever other members and local programs have sent (spec:
/// services.md 2, 5, 6).
///
/// The simulator and the fuzzer ask for the first that is broken after every call; in debug builds the engine asks itself.
/// A shipped daemon does not ask.
package enum ServiceInvariant: String, Sendable, CaseIterable {
    // Synchronisation.
    case waitsForSomebody = "a round that is not over waits for a list or barrier of one of its members"
    case countsMissing = "what is missing of a step is counted right"
    case synchronizesListed = "the service being synchronised is one of the union list, which ascends"
    case roundIsAnnounced = "while a round goes on the node counts as synchronising"

    // Votes.
    case votersAscend = "records of votes ascend, each node once, this node apart, within the limit"
    case flagsTellState = "the flags this node tells are its decision and its waiting for all"
    case thresholdIsSet = "in a ring the threshold is at least one vote"
    case deviceVotesAlive = "a device that casts its vote is alive and registered"
    case waitsForDevicePoll = "waiting for a device's poll has an end, and a device to poll"
    case trackersAreDistinct = "a client tracks the quorum once"

    // Process groups.
    case processesAscend = "processes ascend by node and process id, each once"
    case clientsAscend = "local clients ascend, each once"
    case joinedAreKnown = "who has joined or is about to leave here is in the table"
    case deferredAreDeparting = "an end to be told after the synchronisation is among the departures"
    case announcedAreOthers = "processes announced in a round are of other nodes, and none are kept after it"

    package var text: String { "\(self): \(rawValue)" }
}
