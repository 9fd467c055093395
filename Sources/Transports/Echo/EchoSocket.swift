import Basics
import CPosix
import Glibc

/// Asks other machines whether they are there, by ICMP echo requests: kernels answer, whatever their processes do.
///
/// One for each family of addresses. Which of the own addresses a question comes from the kernel's routes decide.
public final class EchoSocket {
    public let family: IPAddress.Family
    /// Readable when there are answers.
    public let descriptor: Int32
    /// Whether the kernel hands out IP headers, and takes the message as it is.
    private let isRaw: Bool
    private let secret: UInt64
    private var number: UInt64 = 0

    /// So many questions back an answer may belong to.
    private static let mostOpen: UInt64 = 4096

    /// - Throws: where this process may not ask: it takes CAP_NET_RAW, or a group of `ping_group_range`.
    public init(_ family: IPAddress.Family) throws(TransportError) {
        self.family = family
        var isRaw: Int32 = 0
        let descriptor = rondo_open_echo_socket(family == .v4 ? AF_INET : AF_INET6, &isRaw)
        guard descriptor >= 0 else { throw .system(call: "opening a socket for ICMP echo requests", code: errno) }
        self.descriptor = descriptor
        self.isRaw = isRaw != 0
        secret = UInt64.random(in: .min ... .max)
    }

    deinit { close(descriptor) }

    /// Sends a question. Where it cannot be sent there will be no answer, which is all that follows.
    public func ask(_ address: SocketAddress) {
        guard address.address.family == family else { return }
        number &+= 1
        let identifier = UInt16(truncatingIfNeeded: secret)
        let bytes = EchoPacket.question(family, .init(secret: secret, number: number), identifier: identifier)
        var storage = sockaddr_storage()
        let target = SocketAddress(address.address, zone: address.zone, port: 0)
        let length = SocketAddressStorage.write(target, into: &storage)
        _ = bytes.withUnsafeBytes { raw in
            rondo_send_datagram(descriptor, raw.baseAddress, raw.count, Int32(MSG_NOSIGNAL), &storage, length)
        }
    }

    /// The address of the next machine that has answered a question of this socket; nil after the last.
    public func nextAnswer() -> IPAddress? {
        var buffer = [UInt8](repeating: 0, count: 128)
        // A flood must not keep the caller: what is left is reported again.
        for _ in 0..<256 {
            var storage = sockaddr_storage()
            let count = buffer.withUnsafeMutableBytes { raw in
                Int(rondo_receive_datagram(descriptor, raw.baseAddress, raw.count, &storage))
            }
            guard count >= 0 else { return nil }
            let bytes = buffer.span.extracting(first: min(count, buffer.count))
            guard let mark = EchoPacket.mark(ofAnswer: bytes, family, hasNetworkHeader: isRaw && family == .v4),
                mark.secret == secret, number &- mark.number < Self.mostOpen
            else { continue }
            let source = withUnsafePointer(to: &storage) {
                // The storage is larger than every socket address.
                SocketAddressStorage.read(UnsafeRawPointer($0))
            }
            if let source { return source.address }
        }
        return nil
    }
}
