import Basics
import ClusterConfiguration
import Glibc
import Transports

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
            if let address = SocketAddressStorage.read(UnsafeRawPointer(socketAddress))?.address,
                !result.contains(address)
            {
                result.append(address)
            }
        }
        return result
    }

    public func name(of address: IPAddress) -> String? {
        var storage = sockaddr_storage()
        let length = SocketAddressStorage.write(SocketAddress(address, port: 0), into: &storage)
        var name = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        let result = withUnsafePointer(to: &storage) { pointer in
            // The resolver reads `length` bytes of the address and writes at most the buffer's size.
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                getnameinfo($0, length, &name, socklen_t(name.count), nil, 0, 0)
            }
        }
        guard result == 0 else { return nil }
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
