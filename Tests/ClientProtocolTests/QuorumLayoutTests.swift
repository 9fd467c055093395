import Basics
import ClientProtocol
import Testing
import TotemWire

private func written(_ write: (inout ByteWriter) -> Void) -> [UInt8] {
    var writer = ByteWriter()
    writer.bytes([1, 2, 3])
    write(&writer)
    return writer.bytes
}

private let ring = RingID(representative: NodeID(1), sequence: 9)
private let both = [NodeID(1), NodeID(2)]

/// libquorum's messages (spec: ipc.md 9, 14), with zeros where the capture's padding leaked memory.
@Suite struct QuorumLayoutTests {
    @Test func requestsAreUnderstood() throws {
        let quorate = hex("00 00 00 00 00 00 00 00  10 00 00 00 00 00 00 00")
        #expect(try QuorumRequest(decoding: quorate.span) == .isQuorate)
        let track = hex("0000: 01 00 00 00 00 00 00 00  18 00 00 00 00 00 00 00\n0010: 02 00 00 00 00 00 00 00")
        #expect(try QuorumRequest(decoding: track.span) == .track(flags: 2))
        #expect(try QuorumRequest(decoding: RequestBytes(id: 2, size: 16).bytes.span) == .stopTracking)
        #expect(try QuorumRequest(decoding: RequestBytes(id: 3, size: 16).bytes.span) == .providerType)
        #expect(try QuorumRequest(decoding: RequestBytes(id: 4, size: 24).bytes.span) == .selectModel(0))
        for (id, size) in [(1, 23), (4, 23), (5, 400)] {
            let request = RequestBytes(id: UInt32(id), size: size).bytes
            #expect(throws: WireError.self) { try QuorumRequest(decoding: request.span) }
        }
    }

    @Test func responsesAreWrittenByteForByte() {
        #expect(
            written { QuorumResponse.isQuorate(true).encode(into: &$0) }
                == hex(
                    """
                    0000: 00 00 00 00 00 00 00 00  20 00 00 00 00 00 00 00
                    0010: 01 00 00 00 00 00 00 00  01 00 00 00 00 00 00 00
                    """))
        #expect(
            written { QuorumResponse.track(nil).encode(into: &$0) }
                == hex("0000: 01 00 00 00 00 00 00 00  18 00 00 00 00 00 00 00\n0010: 01 00 00 00 00 00 00 00"))
        for (response, id, size, error) in [
            (.stopTracking, 2, 24, 1), (.providerType(1), 4, 32, 1), (.selectModel(1, nil), 5, 32, 1),
            (.selectModel(1, .invalidParameter), 5, 32, 7),
        ] as [(QuorumResponse, UInt32, Int, UInt32)] {
            let fields = ResponseFields(bytes: written { response.encode(into: &$0) })
            #expect((fields.id, fields.size, fields.bytes.count, fields.error) == (id, size, size, error))
        }
    }

    @Test func eventsAreWrittenByteForByte() {
        #expect(
            written { $0.quorumNotification(isQuorate: true, ring: ring, members: both) }
                == hex(
                    """
                    0000: 03 00 00 00 00 00 00 00  38 00 00 00 00 00 00 00
                    0010: 01 00 00 00 00 00 00 00  01 00 00 00 00 00 00 00
                    0020: 09 00 00 00 00 00 00 00  02 00 00 00 01 00 00 00
                    0030: 02 00 00 00 00 00 00 00
                    """))
        #expect(
            written { $0.quorumNodeList(ring: ring, members: both, joined: [], left: []) }
                == hex(
                    """
                    0000: 07 00 00 00 00 00 00 00  48 00 00 00 00 00 00 00
                    0010: 01 00 00 00 00 00 00 00  01 00 00 00 00 00 00 00
                    0020: 09 00 00 00 00 00 00 00  02 00 00 00 00 00 00 00
                    0030: 00 00 00 00 00 00 00 00  00 00 00 00 01 00 00 00
                    0040: 02 00 00 00 00 00 00 00
                    """))
        #expect(
            written { $0.quorumDecision(isQuorate: true, ring: ring, members: both) }
                == hex(
                    """
                    0000: 06 00 00 00 00 00 00 00  40 00 00 00 00 00 00 00
                    0010: 01 00 00 00 00 00 00 00  01 00 00 00 00 00 00 00
                    0020: 01 00 00 00 00 00 00 00  09 00 00 00 00 00 00 00
                    0030: 02 00 00 00 01 00 00 00  02 00 00 00 00 00 00 00
                    """))
    }

    @Test func theNodeListHasMembersThenJoinedThenLeft() {
        let event = ResponseFields(
            bytes: written {
                $0.quorumNodeList(ring: ring, members: both, joined: [NodeID(2)], left: [NodeID(3)])
            })
        #expect((event.u32(40), event.u32(48), event.u32(56), event.size) == (2, 1, 1, 80))
        #expect([60, 64, 68, 72].map { event.u32($0) } == [1, 2, 2, 3])
    }
}

/// libvotequorum's messages (spec: ipc.md 10, 14), with zeros where the capture's padding leaked memory.
@Suite struct VotequorumLayoutTests {
    private static let context: UInt64 = 0x1122_3344_5566_7788

    @Test func theCapturedInfoIsWrittenByteForByte() {
        var info = VoteRecordInfo(node: NodeID(1))
        info.state = 1
        info.votes = 1
        info.expectedVotes = 2
        info.highestExpected = 2
        info.totalVotes = 2
        info.quorum = 2
        info.flags = 2
        let expected =
            hex(
                """
                0000: 01 00 00 00 00 00 00 00  40 01 00 00 00 00 00 00   id 1, size 320
                0010: 01 00 00 00 00 00 00 00  01 00 00 00 01 00 00 00   OK; nodeid 1, state 1
                0020: 01 00 00 00 02 00 00 00  02 00 00 00 02 00 00 00   votes, expected, highest, total
                0030: 02 00 00 00 02 00 00 00  00 00 00 00 00 00 00 00   quorum 2, flags quorate, qdevice votes 0
                *
                0130: 00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00
                """)
        #expect(written { VotequorumResponse.info(info).encode(into: &$0) } == expected)
        info.deviceName = [UInt8](repeating: 0x61, count: 300)
        let named = ResponseFields(bytes: written { VotequorumResponse.info(info).encode(into: &$0) })
        #expect((named.text(60).utf8.count, named.bytes.count) == (254, 320))
        let refused = ResponseFields(bytes: written { VotequorumResponse.noInfo(.notExist).encode(into: &$0) })
        #expect((refused.size, refused.error) == (320, 12))
        #expect(refused.bytes[24...].allSatisfy { $0 == 0 })
    }

    @Test func theCapturedEventsAreWrittenByteForByte() {
        #expect(
            written { $0.votequorumNodeList(context: Self.context, ring: ring, members: both) }
                == hex(
                    """
                    0000: 05 00 00 00 00 00 00 00  40 00 00 00 00 00 00 00
                    0010: 01 00 00 00 00 00 00 00  88 77 66 55 44 33 22 11
                    0020: 01 00 00 00 00 00 00 00  09 00 00 00 00 00 00 00
                    0030: 02 00 00 00 00 00 00 00  01 00 00 00 02 00 00 00
                    """))
        #expect(
            written {
                $0.votequorumDecision(
                    isQuorate: true, context: Self.context, nodes: [(NodeID(2), 1), (NodeID(1), 1)])
            }
                == hex(
                    """
                    0000: 03 00 00 00 00 00 00 00  40 00 00 00 00 00 00 00
                    0010: 01 00 00 00 00 00 00 00  01 00 00 00 00 00 00 00
                    0020: 88 77 66 55 44 33 22 11  02 00 00 00 00 00 00 00
                    0030: 02 00 00 00 01 00 00 00  01 00 00 00 01 00 00 00
                    """))
        #expect(
            written { $0.votequorumExpectedVotes(3, context: Self.context) }
                == hex(
                    """
                    0000: 04 00 00 00 00 00 00 00  28 00 00 00 00 00 00 00
                    0010: 01 00 00 00 00 00 00 00  88 77 66 55 44 33 22 11
                    0020: 03 00 00 00 00 00 00 00
                    """))
    }

    @Test func requestsAreUnderstood() throws {
        let info = hex("0000: 00 00 00 00 00 00 00 00  18 00 00 00 00 00 00 00\n0010: 00 00 00 00 00 00 00 00")
        #expect(try VotequorumRequest(decoding: info.span) == .info(.none))
        var votes = RequestBytes(id: 2, size: 24)
        votes.set(16, UInt32(3))
        votes.set(20, UInt32(2))
        #expect(try VotequorumRequest(decoding: votes.bytes.span) == .setVotes(3, of: NodeID(2)))
        var track = RequestBytes(id: 3, size: 32)
        track.set(16, Self.context)
        track.set(24, UInt32(2))
        #expect(try VotequorumRequest(decoding: track.bytes.span) == .track(context: Self.context, flags: 2))
        var rename = RequestBytes(id: 7, size: 528)
        rename.set(16, text: "old")
        rename.set(271, text: "new")
        #expect(
            try VotequorumRequest(decoding: rename.bytes.span)
                == .renameDevice(from: Array("old".utf8), to: Array("new".utf8)))
        var poll = RequestBytes(id: 8, size: 296)
        poll.set(16, text: "Qdevice")
        poll.set(272, UInt32(1))
        poll.set(280, UInt32(1))
        poll.set(288, UInt64(9))
        #expect(
            try VotequorumRequest(decoding: poll.bytes.span)
                == .pollDevice(name: Array("Qdevice".utf8), castsVote: true, ring: ring))
        var wins = RequestBytes(id: 9, size: 280)
        wins.set(16, text: "Qdevice")
        #expect(
            try VotequorumRequest(decoding: wins.bytes.span)
                == .setMasterWins(name: Array("Qdevice".utf8), allowed: false))
    }

    @Test func deviceInformationIsLaidOutAsInCorosyncOf2026() throws {
        let set = hex(
            """
            0000: 0a 00 00 00 00 00 00 00  1b 00 00 00 00 00 00 00
            0010: 03 00 00 00 61 62 00 00  00 00 00
            """)
        #expect(try VotequorumRequest(decoding: set.span) == .setDeviceInformation([0x61, 0x62, 0]))
        let get = RequestBytes(id: 11, size: 24).bytes
        #expect(try VotequorumRequest(decoding: get.span) == .deviceInformation(of: .none))
        var lying = set
        lying[16] = 8
        #expect(throws: WireError.self) { try VotequorumRequest(decoding: lying.span) }

        #expect(
            written { VotequorumResponse.deviceInformation([0x61, 0x62, 0]).encode(into: &$0) }
                == hex(
                    """
                    0000: 06 00 00 00 00 00 00 00  23 00 00 00 00 00 00 00
                    0010: 01 00 00 00 00 00 00 00  03 00 00 00 61 62 00 00
                    0020: 00 00 00
                    """))
        let none = ResponseFields(
            bytes: written { VotequorumResponse.noDeviceInformation(.notExist).encode(into: &$0) })
        #expect((none.id, none.size, none.error) == (6, 32, 12))
        #expect(
            written { $0.votequorumDeviceInformation([0x61], of: NodeID(2), context: 5) }
                == hex(
                    """
                    0000: 07 00 00 00 00 00 00 00  31 00 00 00 00 00 00 00
                    0010: 01 00 00 00 00 00 00 00  05 00 00 00 00 00 00 00
                    0020: 02 00 00 00 00 00 00 00  01 00 00 00 00 00 00 00
                    0030: 61
                    """))
    }

    @Test(arguments: [
        (0, 23), (1, 23), (2, 23), (3, 31), (5, 271), (6, 271), (7, 527), (8, 295), (9, 279), (10, 23), (11, 23),
        (12, 600),
    ])
    func requestsThatAreTooShortOrUnknownAreRefused(id: UInt32, size: Int) {
        let request = RequestBytes(id: id, size: size).bytes
        #expect(throws: WireError.self) { try VotequorumRequest(decoding: request.span) }
    }

    @Test func aNameWithoutEndIsTakenToItsEnd() throws {
        var request = RequestBytes(id: 5, size: 272)
        for offset in 16..<272 { request.set(offset, UInt8(ascii: "a")) }
        let expected = VotequorumRequest.registerDevice(name: [UInt8](repeating: UInt8(ascii: "a"), count: 255))
        #expect(try VotequorumRequest(decoding: request.bytes.span) == expected)
    }
}
