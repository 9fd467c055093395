import Basics
import ClusterConfiguration
import Glibc

/// The system's resolver. It may wait for a name server: used at start and reload only, for what is no literal.
public struct SystemNames: NameService {
    public init() {}

    public func addresses(of name: String, family: IPAddress.Family?) -> [IPAddress] {
        var hints = addrinfo()
        hints.ai_family =
            switch family {
            case .v4: AF_INET
            case .v6: AF_INET6
            case nil: AF_UNSPEC
            }
        hints.ai_socktype = Int32(SOCK_DGRAM.rawValue)
        hints.ai_protocol = Int32(IPPROTO_UDP)
        var head: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(name, nil, &hints, &head) == 0 else { return [] }
        defer { freeaddrinfo(head) }
        var result: [IPAddress] = []
        var next = head
        // The list and the addresses in it live until freeaddrinfo.
        while let entry = next?.pointee {
            next = entry.ai_next
            guard let socketAddress = entry.ai_addr else { continue }
            if let address = Self.address(UnsafeRawPointer(socketAddress)), !result.contains(address) {
                result.append(address)
            }
        }
        return result
    }

    public func name(of address: IPAddress) -> String? {
        var storage = sockaddr_storage()
        let length = withUnsafeMutableBytes(of: &storage) { bytes in
            // sockaddr_storage is aligned for and larger than both kinds of address.
            switch address {
            case .v4(let number):
                var four = sockaddr_in()
                four.sin_family = sa_family_t(AF_INET)
                four.sin_addr.s_addr = number.bigEndian
                bytes.storeBytes(of: four, as: sockaddr_in.self)
                return MemoryLayout<sockaddr_in>.size
            case .v6(let high, let low):
                var six = sockaddr_in6()
                six.sin6_family = sa_family_t(AF_INET6)
                withUnsafeMutableBytes(of: &six.sin6_addr) { raw in
                    raw.storeBytes(of: high.bigEndian, as: UInt64.self)
                    raw.storeBytes(of: low.bigEndian, toByteOffset: 8, as: UInt64.self)
                }
                bytes.storeBytes(of: six, as: sockaddr_in6.self)
                return MemoryLayout<sockaddr_in6>.size
            }
        }
        var name = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        let result = withUnsafePointer(to: &storage) { pointer in
            // The resolver reads `length` bytes of the address and writes at most the buffer's size.
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                getnameinfo($0, socklen_t(length), &name, socklen_t(name.count), nil, 0, 0)
            }
        }
        guard result == 0 else { return nil }
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The address in a socket address, which must be readable for the size of its family.
    private static func address(_ pointer: UnsafeRawPointer) -> IPAddress? {
        switch Int32(pointer.loadUnaligned(as: sa_family_t.self)) {
        case AF_INET:
            return .v4(UInt32(bigEndian: pointer.loadUnaligned(as: sockaddr_in.self).sin_addr.s_addr))
        case AF_INET6:
            let six = pointer.loadUnaligned(as: sockaddr_in6.self)
            return withUnsafeBytes(of: six.sin6_addr) { IPAddress(bytes: Array($0)) }
        default:
            return nil
        }
    }
}
