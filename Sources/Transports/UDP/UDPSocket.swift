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
    ///   - mayBeAbsent: it is bound to its address even if no interface has that now.
    ///   - codePoint: differentiated services code point of what is sent, 0 for none (RFC 2474).
    ///   - isShared: other sockets may have the same address and port; each hears all multicasts and broadcasts.
    static func open(
        _ own: SocketAddress, bufferSize: Int32 = UDPSocket.bufferSize, isLink: Bool = false, mayBeAbsent: Bool = false,
        isShared: Bool = false, codePoint: UInt8 = 0
    ) throws(TransportError) -> Int32 {
        let family = own.address.family == .v4 ? AF_INET : AF_INET6
        let kind = Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = socket(family, kind, Int32(IPPROTO_UDP))
        guard descriptor >= 0 else { throw .system(call: "socket", code: errno) }

        var on: Int32 = 1
        // The IPv4 port of the same number stays free for others.
        if family == AF_INET6 { set(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &on) }
        // At this level for both families.
        if mayBeAbsent { set(descriptor, Int32(IPPROTO_IP), IP_FREEBIND, &on) }
        if isShared { set(descriptor, SOL_SOCKET, SO_REUSEADDR, &on) }
        _ = rondo_set_receive_buffer(descriptor, bufferSize)
        _ = rondo_set_send_buffer(descriptor, bufferSize)
        var level = priority
        set(descriptor, SOL_SOCKET, SO_PRIORITY, &level)
        _ = rondo_enable_segment_joining(descriptor)
        if isLink { rondo_configure_link_socket(descriptor, family) }
        if codePoint != 0 {
            // The upper six bits of the byte; the others are for congestion.
            var byte = Int32(codePoint & 0x3F) << 2
            if family == AF_INET {
                set(descriptor, Int32(IPPROTO_IP), IP_TOS, &byte)
            } else {
                set(descriptor, Int32(IPPROTO_IPV6), IPV6_TCLASS, &byte)
            }
        }

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

    /// Sets an option; false with errno set where the kernel refuses.
    @discardableResult
    static func set<Value: BitwiseCopyable>(
        _ descriptor: Int32, _ level: Int32, _ option: Int32, _ value: inout Value
    ) -> Bool {
        setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Value>.size)) == 0
    }

    /// Gives an open descriptor another socket, whose own number is given up. (What both numbers stand for is open, so this
    /// cannot fail.)
    static func move(_ fresh: Int32, to descriptor: Int32) {
        dup2(fresh, descriptor)
        close(fresh)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    }

    /// Lets the kernel keep next to nothing of what comes.
    static func closeReceiveBuffer(_ descriptor: Int32) { _ = rondo_set_receive_buffer(descriptor, 0) }

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
