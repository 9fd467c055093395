import Basics
import CPosix
import Glibc
import Links

/// The socket of one own address, which all links with that address share (spec: knet.md 11).
final class LinkSocket {
    /// What libknet asks for, in bytes.
    private static let bufferSize: Int32 = 8 << 20

    let number: SocketNumber
    let own: SocketAddress
    /// Becomes readable when datagrams wait, and reports an error when the error queue has something.
    let descriptor: Int32
    /// Bytes of the longest datagram that the kernel cuts a payload into; 0 once it has refused to cut one.
    var largestSegment = Int(UInt16.max)
    var marks = SentMarks()

    init(_ number: SocketNumber, _ own: SocketAddress, codePoint: UInt8 = 0) throws(TransportError) {
        self.number = number
        self.own = own
        descriptor = try UDPSocket.open(own, bufferSize: Self.bufferSize, isLink: true, codePoint: codePoint)
    }

    deinit { close(descriptor) }
}
