import Glibc

/// Writing and reading the kernel's socket addresses.
enum SocketAddressStorage {
    /// Writes `address` and `port` into `storage` and returns the length the kernel wants with it.
    static func write(_ address: NetworkAddress, port: UInt16, into storage: inout sockaddr_storage) -> socklen_t {
        storage = sockaddr_storage()
        return withUnsafeMutableBytes(of: &storage) { raw in
            // sockaddr_storage is aligned for and larger than every socket address.
            switch address.family {
            case .ipv4:
                var target = sockaddr_in()
                target.sin_family = sa_family_t(AF_INET)
                target.sin_port = port.bigEndian
                target.sin_addr.s_addr = UInt32(truncatingIfNeeded: address.low).bigEndian
                raw.storeBytes(of: target, as: sockaddr_in.self)
                return socklen_t(MemoryLayout<sockaddr_in>.size)
            case .ipv6:
                var target = sockaddr_in6()
                target.sin6_family = sa_family_t(AF_INET6)
                target.sin6_port = port.bigEndian
                target.sin6_scope_id = address.zone
                withUnsafeMutableBytes(of: &target.sin6_addr) { bytes in
                    bytes.storeBytes(of: address.high.bigEndian, as: UInt64.self)
                    bytes.storeBytes(of: address.low.bigEndian, toByteOffset: 8, as: UInt64.self)
                }
                raw.storeBytes(of: target, as: sockaddr_in6.self)
                return socklen_t(MemoryLayout<sockaddr_in6>.size)
            }
        }
    }

    /// The address in a socket address of `family` at `pointer`, which must be readable for that family's size.
    static func read(_ pointer: UnsafeRawPointer) -> NetworkAddress? {
        switch Int32(pointer.loadUnaligned(as: sa_family_t.self)) {
        case AF_INET:
            NetworkAddress(ipv4: UInt32(bigEndian: pointer.loadUnaligned(as: sockaddr_in.self).sin_addr.s_addr))
        case AF_INET6:
            address6(pointer.loadUnaligned(as: sockaddr_in6.self))
        default:
            nil
        }
    }

    private static func address6(_ socket: sockaddr_in6) -> NetworkAddress {
        NetworkAddress(socket.sin6_addr, zone: socket.sin6_scope_id)
    }
}
