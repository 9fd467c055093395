import Basics
import Glibc
import Testing

@testable import Transports

@Suite("Asking machines whether they are there")
struct EchoTests {
    private static let mark = EchoPacket.Mark(secret: 0x0102_0304_0506_0708, number: 0x1112_1314_1516_1718)

    @Test("a question is an echo request that carries its mark, with the checksum of RFC 1071")
    func question() {
        let bytes = EchoPacket.question(.v4, Self.mark, identifier: 0xabcd)
        #expect(bytes.count == EchoPacket.size)
        #expect(bytes[0] == 8 && bytes[1] == 0)
        // The sum over all, the checksum included, has all bits.
        var sum: UInt32 = 0
        for index in stride(from: 0, to: bytes.count, by: 2) {
            sum += UInt32(bytes[index]) << 8 | UInt32(bytes[index + 1])
        }
        while sum > 0xffff { sum = (sum & 0xffff) + (sum >> 16) }
        #expect(sum == 0xffff)
        #expect(EchoPacket.question(.v6, Self.mark, identifier: 1)[0] == 128)
    }

    @Test("an answer brings the mark back, behind a header of any length")
    func answer() {
        var bytes = EchoPacket.question(.v4, Self.mark, identifier: 1)
        // A question is no answer.
        #expect(EchoPacket.mark(ofAnswer: bytes.span, .v4, hasNetworkHeader: false) == nil)
        bytes[0] = 0
        #expect(EchoPacket.mark(ofAnswer: bytes.span, .v4, hasNetworkHeader: false) == Self.mark)
        for words in 5...15 as ClosedRange<UInt8> {
            let packet = [0x40 | words] + [UInt8](repeating: 0, count: Int(words) * 4 - 1) + bytes
            #expect(EchoPacket.mark(ofAnswer: packet.span, .v4, hasNetworkHeader: true) == Self.mark)
        }
    }

    @Test("whatever is too short or else is no answer", arguments: [true, false], [IPAddress.Family.v4, .v6])
    func hostile(hasHeader: Bool, family: IPAddress.Family) {
        for first in 0...255 as ClosedRange<UInt8> {
            for count in 0..<32 {
                let bytes = [first] + [UInt8](repeating: 0xff, count: count)
                #expect(EchoPacket.mark(ofAnswer: bytes.span, family, hasNetworkHeader: hasHeader) == nil)
            }
        }
    }

    @Test("this machine answers itself", arguments: ["127.0.0.1", "::1"])
    func loopback(_ text: String) throws {
        let address = try #require(IPAddress(text))
        // Where neither kind of socket may be opened there is nothing to try.
        guard let socket = try? EchoSocket(address.family) else { return }
        socket.ask(SocketAddress(address, port: 0))
        var answer: IPAddress?
        for _ in 0..<200 where answer == nil {
            answer = socket.nextAnswer()
            if answer == nil { usleep(10_000) }
        }
        #expect(answer == address)
    }
}
