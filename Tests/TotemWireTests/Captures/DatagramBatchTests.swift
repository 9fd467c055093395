import Basics
import CaptureFiles
import Testing
import TotemWire

/// What a host sent as one and its network card took apart (UDP_SEGMENT).
@Suite("Several datagrams captured as one")
struct DatagramBatchTests {
    private static let token = Vectors.bytes(number: 23)

    /// A message of `size` bytes, all in one part.
    private static func message(_ size: Int, sequence: UInt32) -> [UInt8] {
        Frames.bytes(.native) {
            let header = PacketHeader(type: .mcast, encapsulated: Encapsulation.frame, nodeID: NodeID(1))
            McastHeader(
                header: header, systemFrom: NodeID(1), sequence: SequenceNumber(sequence), thisSequenceNumber: 0,
                ringID: RingID(representative: NodeID(1), sequence: 9)
            ).encode(into: &$0)
            FrameHeader(fragmented: 0, continuation: 0, partLengths: [UInt16(size - 55)]).encode(into: &$0)
            $0.bytes([UInt8](repeating: 0x70, count: size - 55))
        }
    }

    private static func batch(_ payload: [UInt8], missing: Int = 0) -> DatagramBatch {
        DatagramBatch(Datagram(frameNumber: 1, time: nil, payload: payload, missing: missing, isLimited: missing > 0))
    }

    @Test("equal ones with a shorter last are taken apart, each as it was")
    func equal() {
        let messages = [1455, 1455, 1455, 300].enumerated().map { Self.message($1, sequence: UInt32($0)) }
        let batch = Self.batch(messages.flatMap { $0 })
        #expect(batch.datagrams.map(\.payload) == messages)
        #expect(batch.datagrams.map { $0.segment?.index } == [0, 1, 2, 3])
        #expect(batch.datagrams.allSatisfy { $0.segment?.count == 4 && $0.missing == 0 } && batch.notCaptured == 0)
    }

    @Test("what is one packet stays one: whole, with bytes behind it, of unequal ones, of another program")
    func single() {
        let (long, short) = (Self.message(500, sequence: 1), Self.message(100, sequence: 2))
        let cases: [[UInt8]] = [
            Self.token, long, Self.token + [0, 0, 0], Self.token + Self.token.map { ~$0 }, short + long,
            long + short + long, long + long.dropLast(), [1, 2, 3], [], [UInt8](repeating: 7, count: 3000),
        ]
        for payload in cases {
            let batch = Self.batch(payload)
            #expect(batch.datagrams.map(\.payload) == [payload])
            #expect(batch.datagrams.first?.segment == nil && batch.notCaptured == 0)
        }
    }

    @Test("a capture that keeps only the first bytes tells how many there were")
    func limited() {
        let messages = (0..<5).map { Self.message(1000, sequence: UInt32($0)) }
        let whole = messages.flatMap { $0 }
        for captured in [60, 999, 1000, 1010, 1020, 2500, 4999] {
            let batch = Self.batch(Array(whole.prefix(captured)), missing: whole.count - captured)
            #expect(batch.datagrams.count + batch.notCaptured == 5, "\(captured)")
            #expect(batch.datagrams.allSatisfy { $0.payload.count + $0.missing == 1000 }, "\(captured)")
            #expect(
                batch.datagrams.flatMap(\.payload).elementsEqual(whole.prefix(batch.datagrams.flatMap(\.payload).count))
            )
        }
        // Too few to tell how long the first is.
        #expect(Self.batch(Array(whole.prefix(50)), missing: 4950).datagrams.count == 1)
    }
}
