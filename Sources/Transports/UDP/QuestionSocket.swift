import Basics
import CPosix
import Glibc

/// Sends the datagrams of which it is wanted to know whether the other machine refuses them.
///
/// A socket of its own: on one that hears of ICMP errors an error about one datagram makes the next call fail, whoever that
/// is for, and must never hit a token. It has the transport's address, by which the others know the node, and any port.
final class QuestionSocket {
    /// Reports an error when there is something to be read by `nextRefusal`; what comes to it is of no interest.
    let descriptor: Int32
    private var marks = SentMarks()
    private let mayBeAbsent: Bool
    /// Bytes, of which reports take their part: one that finds no room is lost.
    private static let bufferSize: Int32 = 256 * 1024

    /// - Parameter mayBeAbsent: the address may be on no interface now.
    init(_ own: SocketAddress, mayBeAbsent: Bool) throws(TransportError) {
        self.mayBeAbsent = mayBeAbsent
        descriptor = try Self.open(own, mayBeAbsent: mayBeAbsent)
    }

    private static func open(_ own: SocketAddress, mayBeAbsent: Bool) throws(TransportError) -> Int32 {
        let any = SocketAddress(own.address, zone: own.zone, port: 0)
        let descriptor = try UDPSocket.open(any, bufferSize: bufferSize, mayBeAbsent: mayBeAbsent)
        // Nobody reads what comes, and it would take the room of reports.
        rondo_ignore_input(descriptor)
        rondo_want_reports(descriptor, own.address.family == .v4 ? AF_INET : AF_INET6)
        return descriptor
    }

    /// Gives the descriptor another address; false, and nothing has changed, when that does not work.
    func rebind(to own: SocketAddress) -> Bool {
        guard let fresh = try? Self.open(own, mayBeAbsent: mayBeAbsent) else { return false }
        UDPSocket.move(fresh, to: descriptor)
        return true
    }

    deinit { close(descriptor) }

    /// Sends a datagram at once.
    ///
    /// - Returns: whether it has left.
    func send(_ bytes: Span<UInt8>, to address: UnsafePointer<sockaddr_storage>, _ length: socklen_t) -> Bool {
        bytes.withUnsafeBytes { raw in
            guard let base = raw.baseAddress else { return false }
            marks.note(base, length: raw.count)
            // What the network has said of an earlier one makes a call fail once for each report that waits.
            for _ in 0..<8 {
                if rondo_send_datagram(descriptor, base, raw.count, Int32(MSG_NOSIGNAL), address, length) >= 0 {
                    return true
                }
                guard errno == ECONNREFUSED || errno == EHOSTUNREACH || errno == ENETUNREACH || errno == EINTR else {
                    return false
                }
            }
            return false
        }
    }

    /// Takes one report from the error queue.
    ///
    /// - Returns: nil when there is none; otherwise the address whose machine has refused a datagram that was sent from
    ///   here, if that is what the report says.
    func nextReport() -> Report? {
        var report = rondo_socket_report()
        guard rondo_next_socket_report(descriptor, &report) == 1 else {
            // The descriptor would be ready for ever.
            rondo_clear_error(descriptor)
            return nil
        }
        guard report.isRefusal(of: marks) else { return .other }
        let destination = withUnsafePointer(to: &report.destination) {
            // The storage is larger than every socket address.
            SocketAddressStorage.read(UnsafeRawPointer($0))
        }
        return destination.map { .refused($0.address) } ?? .other
    }

    enum Report {
        case refused(IPAddress)
        case other
    }
}

extension rondo_socket_report {
    /// Whether the machine that a datagram was for has refused it: no process has the port. The quote must be of one of
    /// those sent.
    mutating func isRefusal(of marks: borrowing SentMarks) -> Bool {
        guard error == ECONNREFUSED, from_destination != 0, quoted > 0 else { return false }
        let count = min(Int(quoted), Int(RONDO_QUOTE_SIZE))
        return withUnsafeBytes(of: &quote) { marks.contains(UnsafeRawBufferPointer(rebasing: $0.prefix(count))) }
    }
}
