/// The byte order a datagram was written in: that of its sender's processor.
public enum ByteOrder: Sendable, Hashable {
    case little
    case big

    /// The order of the machine this runs on, in which everything is sent.
    @inlinable
    public static var native: ByteOrder {
        #if _endian(little)
            .little
        #else
            .big
        #endif
    }
}
