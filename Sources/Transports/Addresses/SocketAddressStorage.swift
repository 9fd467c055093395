import Basics
import Glibc

/// Writing and reading the kernel's form of a socket address.
public enum SocketAddressStorage {
    /// Writes `target` into `storage` and returns the length the kernel wants with it.
    @discardableResult
    public static func write(_ target: SocketAddress, into storage: inout sockaddr_storage) -> socklen_t {
        storage = sockaddr_storage()
        return withUnsafeMutableBytes(of: &storage) { raw in
            // sockaddr_storage is aligned for and larger than every socket address.
            switch target.address {
            case .v4(let number):
                var four = sockaddr_in()
                four.sin_family = sa_family_t(AF_INET)
                four.sin_port = target.port.bigEndian
                four.sin_addr.s_addr = number.bigEndian
                raw.storeBytes(of: four, as: sockaddr_in.self)
                return socklen_t(MemoryLayout<sockaddr_in>.size)
            case .v6(let high, let low):
                var six = sockaddr_in6()
                six.sin6_family = sa_family_t(AF_INET6)
                six.sin6_port = target.port.bigEndian
                six.sin6_scope_id = target.zone
                withUnsafeMutableBytes(of: &six.sin6_addr) { bytes in
                    bytes.storeBytes(of: high.bigEndian, as: UInt64.self)
                    bytes.storeBytes(of: low.bigEndian, toByteOffset: 8, as: UInt64.self)
                }
                raw.storeBytes(of: six, as: sockaddr_in6.self)
                return socklen_t(MemoryLayout<sockaddr_in6>.size)
            }
        }
    }

    /// The socket address at `pointer`, which must be readable for the size of its family; nil for a family that is not
    /// IP.
    public static func read(_ pointer: UnsafeRawPointer) -> SocketAddress? {
        switch Int32(pointer.loadUnaligned(as: sa_family_t.self)) {
        case AF_INET:
            let four = pointer.loadUnaligned(as: sockaddr_in.self)
            return SocketAddress(.v4(UInt32(bigEndian: four.sin_addr.s_addr)), port: UInt16(bigEndian: four.sin_port))
        case AF_INET6:
            let six = pointer.loadUnaligned(as: sockaddr_in6.self)
            let address = withUnsafeBytes(of: six.sin6_addr) { bytes in
                // in6_addr is 16 bytes in network order, so both halves lie inside it.
                IPAddress.v6(
                    high: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self)),
                    low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
            }
            return SocketAddress(address, zone: six.sin6_scope_id, port: UInt16(bigEndian: six.sin6_port))
        default:
            return nil
        }
    }
}
