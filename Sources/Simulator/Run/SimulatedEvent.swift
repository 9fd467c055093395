/// Something that will happen at a known time.
enum SimulatedEvent: VirtualEvent {
    /// A datagram reaches a node.
    case arrival(node: Int32, packet: Int32)
    /// A node hears that a machine has refused its packet.
    case refusal(node: Int32, by: Int32)
    /// A machine is asked whether it is there.
    case question(node: Int32, by: Int32)
    /// A node hears that a machine is there.
    case answer(node: Int32, by: Int32)
    /// A node reads what has collected in its socket.
    case read(node: Int32)
    /// A ring wants to be called.
    case wake(node: Int32)
    /// A sender's turn.
    case work(node: Int32)
    /// A planned fault, by its index.
    case fault(_ index: Int32)
    /// A node was to start or to go on after a pause.
    case start(node: Int32)
    case resume(node: Int32)
    /// A node's local programs have caught up.
    case catchUp(node: Int32)
    /// A stranger sends something.
    case intrusion
    case forgery
    /// Has calm set in, and is everything in order?
    case probe
}
