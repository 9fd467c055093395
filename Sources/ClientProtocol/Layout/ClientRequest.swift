import TotemWire

/// A request as a client sends it to a service.
public protocol ClientRequest {
    /// Writes the whole request; the writer's earlier content is forgotten.
    func encode(into writer: inout ByteWriter)

    /// The highest value of the flow control word that holds it back (spec: ipc.md 2.6).
    var heldBackUpTo: UInt32 { get }
}

extension ClientRequest {
    /// All but the multicasts of the process groups are held back where nothing at all is taken.
    public var heldBackUpTo: UInt32 { 1 }
}

extension ByteWriter {
    /// Starts a request, 16 bytes; forgets what the writer held.
    ///
    /// - Parameter size: bytes of the whole request.
    mutating func request(_ id: UInt32, size: Int = RequestHeader.size) {
        removeAll()
        reserve(size)
        slot(id)
        slot(UInt32(clamping: size))
    }
}
