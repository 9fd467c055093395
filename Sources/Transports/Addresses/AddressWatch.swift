import CPosix
import Glibc

/// Hears that interfaces or addresses of this machine come, go or change. Which, is to be looked up.
public final class AddressWatch {
    /// Becomes readable when something has changed.
    public let descriptor: Int32

    /// Nil where the kernel does not tell.
    public init?() {
        descriptor = rondo_open_address_watch()
        guard descriptor >= 0 else { return nil }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Takes what was told so far.
    public func drain() { rondo_drain_address_watch(descriptor) }
}
