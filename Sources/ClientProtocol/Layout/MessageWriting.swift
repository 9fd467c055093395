import ClusterMap
import TotemWire

/// How the client libraries' structs are laid out: fields of four bytes each in a slot of eight, everything zero that
/// carries no meaning (spec: ipc.md 4.1, 4.2).
extension ByteWriter {
    /// Starts a response or event, 24 bytes; forgets what the writer held.
    ///
    /// - Parameter size: bytes of the whole message.
    mutating func begin(_ id: UInt32, size: Int, error: ClientError? = nil) {
        removeAll()
        slot(id)
        slot(UInt32(truncatingIfNeeded: size))
        slot(error?.rawValue ?? ClientError.success)
    }

    /// A whole response or event that has nothing but a header.
    public mutating func headerOnly(_ id: UInt32, error: ClientError?) {
        begin(id, size: ResponseHeader.size, error: error)
    }

    mutating func slot(_ value: UInt32) { slot32(value) }

    /// Zeros up to an offset of the message.
    mutating func fill(to offset: Int) { zeros(max(0, offset - count)) }

    /// Text in an array of `capacity` bytes, cut so that a NUL remains behind it.
    mutating func text(_ text: String, capacity: Int) {
        let end = count + capacity
        bytes(Array(text.utf8.prefix(capacity - 1)))
        fill(to: end)
    }
}

/// The header of every response and event.
public enum ResponseHeader {
    public static let size = 24
}
