/// Lines that somebody outside can bring about as often as he likes: a user of this machine, or whoever reaches the
/// cluster's port. Lines of one kind share an allowance (`LineLimiter`), and so do all kinds of a family, so that nobody
/// can fill the disk, keep the processor busy, or hide one thing behind another.
public enum LineKind: Hashable, Sendable {
    /// A user without access asks for connections.
    case deniedUser(UInt32)
    /// A user opens connections and does not say who he is.
    case silentUser(UInt32)
    /// Descriptors become few, and are enough again.
    case descriptors
    /// Messages to and from clients that cannot be carried; by the process.
    case client(Int32)
    /// The ring waits for local programs.
    case backPressure
    /// Datagrams that are no packets of the ring.
    case foreignDatagram
    /// Packets of the ring that no correct node sends, and joins of nodes that nobody knows.
    case packet
    /// Joins and leaves that come in the middle of a change of the ring.
    case flushed
    /// Messages between the services, in one node's name.
    case message(from: NodeID)

    /// What kinds have in common that differ only in who or where.
    enum Family: Sendable {
        case deniedUser, silentUser, descriptors, client, backPressure, foreignDatagram, packet, flushed, message
    }

    var family: Family {
        switch self {
        case .deniedUser: .deniedUser
        case .silentUser: .silentUser
        case .descriptors: .descriptors
        case .client: .client
        case .backPressure: .backPressure
        case .foreignDatagram: .foreignDatagram
        case .packet: .packet
        case .flushed: .flushed
        case .message: .message
        }
    }
}
