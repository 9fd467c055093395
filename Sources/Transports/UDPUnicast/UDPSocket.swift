import Basics
import CPosix
import Glibc

/// Making a transport's socket.
enum UDPSocket {
    /// What Corosync asks for: 16 times its receive buffer (spec: transports.md 1).
    static let bufferSize: Int32 = 2_179_072
    /// Socket priority of the ring's packets in the queueing disciplines.
    private static let priority: Int32 = 6

    /// Opens a non-blocking UDP socket bound to `own`. Buffers beyond the system's limits are asked for
    /// and not insisted on; joined reception is used where the kernel has it.
    ///
    /// - Parameters:
    ///   - bufferSize: bytes of either buffer.
    ///   - isLink: it carries knet links (spec: knet.md 11).
    static func open(
        _ own: SocketAddress, bufferSize: Int32 = UDPSocket.bufferSize, isLink: Bool = false
    ) throws(TransportError) -> Int32 {
        let family = own.address.family == .v4 ? AF_INET : AF_INET6
        let kind = Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = socket(family, kind, Int32(IPPROTO_UDP))
        guard descriptor >= 0 else { throw .system(call: "socket", code: errno) }

        if family == AF_INET6 {
            // The IPv4 port of the same number stays free for others.
            var on: Int32 = 1
            setsockopt(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &on, socklen_t(MemoryLayout<Int32>.size))
        }
        _ = rondo_set_receive_buffer(descriptor, bufferSize)
        _ = rondo_set_send_buffer(descriptor, bufferSize)
        var level = priority
        setsockopt(descriptor, SOL_SOCKET, SO_PRIORITY, &level, socklen_t(MemoryLayout<Int32>.size))
        _ = rondo_enable_segment_joining(descriptor)
        if isLink { rondo_configure_link_socket(descriptor, family) }

        var storage = sockaddr_storage()
        let length = SocketAddressStorage.write(own, into: &storage)
        let result = withUnsafePointer(to: &storage) { pointer in
            // The kernel reads `length` bytes, which `write` filled.
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
        }
        guard result == 0 else {
            let code = errno
            close(descriptor)
            switch code {
            case EADDRINUSE: throw .portInUse(own.address, port: own.port, attempts: 1)
            case EADDRNOTAVAIL: throw .addressNotLocal(own.address)
            case EACCES, EPERM: throw .notPermitted(own.address, port: own.port)
            default: throw .system(call: "bind to \(own.address) port \(own.port)", code: code)
            }
        }
        return descriptor
    }

    /// The port a socket is bound to.
    static func port(of descriptor: Int32) -> UInt16 {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let result = withUnsafeMutablePointer(to: &storage) { pointer in
            // The kernel writes at most `length` bytes, the size of the storage.
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        guard result == 0 else { return 0 }
        return withUnsafeBytes(of: &storage) { bytes in
            // sin_port and sin6_port lie at the same place.
            UInt16(bigEndian: bytes.loadUnaligned(fromByteOffset: 2, as: UInt16.self))
        }
    }
}
