import Glibc

/// An address of a node.
public struct NodeAddress: Hashable, Sendable, CustomStringConvertible {
    /// 4 bytes (IPv4) or 16 (IPv6).
    public let bytes: [UInt8]

    /// As people write it.
    public var description: String {
        let family = bytes.count == 4 ? AF_INET : AF_INET6
        var text = [UInt8](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        // inet_ntop writes at most as many bytes as it is told, with a NUL behind them, and reads what the family has.
        let isWritten = text.withUnsafeMutableBytes { room in
            bytes.withUnsafeBytes { address in
                inet_ntop(
                    family, address.baseAddress, room.baseAddress?.assumingMemoryBound(to: CChar.self),
                    socklen_t(room.count)) != nil
            }
        }
        return isWritten ? String(decoding: text.prefix { $0 != 0 }, as: UTF8.self) : ""
    }

    /// The name that this machine's resolver has for it, or the address where it has none; nil when the resolver fails. This
    /// may ask a name server, and blocks as long as that takes.
    public var hostName: String? {
        var storage = sockaddr_storage()
        withUnsafeMutableBytes(of: &storage) { room in
            // Both structures fit the storage, and hold the address at these places.
            let family = UInt16(bytes.count == 4 ? AF_INET : AF_INET6)
            room.storeBytes(of: family, as: UInt16.self)
            room[(bytes.count == 4 ? 4 : 8)...].copyBytes(from: bytes)
        }
        let length = socklen_t(
            bytes.count == 4 ? MemoryLayout<sockaddr_in>.size : MemoryLayout<sockaddr_in6>.size)
        var name = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        let answer = withUnsafePointer(to: &storage) { pointer in
            // The resolver reads `length` bytes of the storage, and writes at most as many as it is told.
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                getnameinfo($0, length, &name, socklen_t(name.count), nil, 0, 0)
            }
        }
        guard answer == 0 else { return nil }
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
