/// Something that will happen to whole nodes at a known time.
enum ClusterEvent: VirtualEvent {
    /// A datagram reaches a node.
    case arrival(node: Int32, packet: Int32)
    /// A datagram reaches a node by a link.
    case linkArrival(LinkTrip)
    /// The network has something to say of a datagram that did not arrive.
    case linkReport(LinkReport)
    /// A machine gets the file that the others have already.
    case file(node: Int32)
    /// A node hears that a machine has refused its packet.
    case refusal(node: Int32, by: Int32)
    /// A machine is asked, by a link, whether it is there.
    case question(node: Int32, by: Int32, link: UInt8)
    /// A node hears that a machine is there.
    case answer(node: Int32, by: Int32)
    /// An engine wants to be called.
    case wake(node: Int32)
    /// A planned fault, by its index.
    case fault(_ index: Int32)
    case start(node: Int32)
    case resume(node: Int32)
    /// A program's turn.
    case turn(program: Int32)
    /// A program tries again to send the next piece of a long message.
    case piece(program: Int32)
    /// A daemon looks for requests on a connection.
    case serve(connection: Int32)
    /// A daemon notices that the program behind a connection is gone.
    case hangup(connection: Int32)
    /// A program reads some of its events.
    case read(connection: Int32)
    /// Has calm set in, and is everything in order?
    case probe
}
