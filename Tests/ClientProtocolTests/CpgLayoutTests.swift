import Basics
import ClientProtocol
import Testing
import TotemWire

/// libcpg's messages (spec: ipc.md 6, 14). Where the capture shows padding that leaked memory, zeros are expected.
@Suite struct CpgLayoutTests {
    private let group = Array("grp1".utf8)

    private func written(_ write: (inout ByteWriter) -> Void) -> [UInt8] {
        var writer = ByteWriter()
        // What an earlier message left behind must not shine through.
        writer.bytes([1, 2, 3])
        write(&writer)
        return writer.bytes
    }

    @Test func theCapturedJoinIsUnderstood() throws {
        let request = hex(
            """
            0000: 00 00 00 00 00 00 00 00  a8 00 00 00 00 00 00 00   id 0, size 168
            0010: 04 00 00 00 00 00 00 00  67 72 70 31 00 00 00 00   length 4, "grp1"
            *
            0090: 00 00 00 00 00 00 00 00  02 75 00 00 00 00 00 00   pid @0x98
            00a0: 01 00 00 00 5e 55 00 00                            flags @0xa0
            """)
        let expected = CpgRequest.join(group: CpgName(group), process: 0x7502, wantsRing: true)
        #expect(try CpgRequest(decoding: request.span) == expected)
        let response = written { CpgResponse.join(nil).encode(into: &$0) }
        #expect(
            response == hex("0000: 00 00 00 00 00 00 00 00  18 00 00 00 00 00 00 00\n0010: 01 00 00 00 00 00 00 00"))
    }

    @Test func theCapturedChangeIsWrittenByteForByte() {
        let me = CpgAddress(node: NodeID(1), process: 0x7502)
        let joined = CpgAddress(node: NodeID(1), process: 0x7502, reason: 1)
        let event = written { $0.cpgChange(group: group, members: [me], left: [], joined: [joined]) }
        #expect(
            event
                == hex(
                    """
                    0000: 04 00 00 00 00 00 00 00  e8 00 00 00 00 00 00 00   id 4, size 232
                    0010: 01 00 00 00 00 00 00 00  04 00 00 00 00 00 00 00   error 1, name length 4
                    0020: 67 72 70 31 00 00 00 00  00 00 00 00 00 00 00 00
                    *
                    00a0: 01 00 00 00 00 00 00 00  01 00 00 00 00 00 00 00   members 1, joined 1
                    00b0: 00 00 00 00 00 00 00 00  01 00 00 00 00 00 00 00   left 0; member nodeid 1
                    00c0: 02 75 00 00 00 00 00 00  00 00 00 00 00 00 00 00   pid, reason 0
                    00d0: 01 00 00 00 00 00 00 00  02 75 00 00 00 00 00 00   joined nodeid, pid
                    00e0: 01 00 00 00 00 00 00 00                            reason 1 (join)
                    """))
    }

    @Test func theCapturedRingChangeIsWrittenByteForByte() {
        let ring = RingID(representative: NodeID(1), sequence: 9)
        let event = written { $0.cpgRing(ring, members: [NodeID(1), NodeID(2)]) }
        #expect(
            event
                == hex(
                    """
                    0000: 0d 00 00 00 00 00 00 00  38 00 00 00 00 00 00 00   id 13, size 56
                    0010: 01 00 00 00 00 00 00 00  01 00 00 00 00 00 00 00   ring nodeid 1
                    0020: 09 00 00 00 00 00 00 00  02 00 00 00 01 00 00 00   seq 9, count 2, node 1
                    0030: 02 00 00 00 00 00 00 00                            node 2, 4 unused bytes
                    """))
    }

    @Test func theCapturedMulticastIsUnderstoodAndDelivered() throws {
        let request = hex(
            """
            0000: 02 00 00 00 5e 55 00 00  2d 00 00 00 42 7f 00 00   id 2, size 45
            0010: 0d fa 00 6b 00 00 00 00  02 00 00 00 00 00 00 00   (unused), guarantee 2
            0020: 05 00 00 00 fc 31 35 30  68 65 6c 6c 6f            msglen 5, payload
            """)
        #expect(try CpgRequest(decoding: request.span) == .multicast(payload: Array("hello".utf8)))
        let event = written {
            $0.cpgDelivery(group: group.span, node: NodeID(1), process: 0x7502, payload: Array("hello".utf8).span)
        }
        #expect(
            event
                == hex(
                    """
                    0000: 05 00 00 00 00 00 00 00  bd 00 00 00 00 00 00 00   id 5, size 189
                    0010: 01 00 00 00 00 00 00 00  04 00 00 00 00 00 00 00   CS_OK where garbage was
                    0020: 67 72 70 31 00 00 00 00  00 00 00 00 00 00 00 00
                    *
                    00a0: 05 00 00 00 00 00 00 00  01 00 00 00 00 00 00 00   msglen 5, nodeid 1
                    00b0: 02 75 00 00 00 00 00 00  68 65 6c 6c 6f            pid, payload
                    """))
    }

    @Test func theCapturedFragmentIsUnderstoodAndDelivered() throws {
        let request = hex(
            """
            0000: 0c 00 00 00 60 67 6e 75  39 00 00 00 98 9f a6 ad   id 12, size 57
            0010: b4 bb c2 c9 d0 d7 de e5  02 00 00 00 08 0f 16 1d   guarantee 2
            0020: 01 fc 0f 00 40 47 4e 55  01 00 00 00 78 7f 86 8d   msglen 0xffc01, fraglen 1
            0030: 03 00 00 00 b0 b7 be c6  4d                        type 3, payload
            """)
        let expected = CpgRequest.fragment(position: .last, messageLength: 0xffc01, payload: [0x4d])
        #expect(try CpgRequest(decoding: request.span) == expected)
        let event = written {
            $0.cpgFragment(
                group: group, node: NodeID(1), process: 0x7502, messageLength: 0xffc01, position: .last,
                payload: [0x4d])
        }
        #expect(
            event
                == hex(
                    """
                    0000: 11 00 00 00 00 00 00 00  c9 00 00 00 00 00 00 00   id 17, size 201
                    0010: 01 00 00 00 00 00 00 00  04 00 00 00 00 00 00 00
                    0020: 67 72 70 31 00 00 00 00  00 00 00 00 00 00 00 00
                    *
                    00a0: 01 fc 0f 00 00 00 00 00  01 00 00 00 00 00 00 00   msglen, fraglen
                    00b0: 01 00 00 00 00 00 00 00  02 75 00 00 00 00 00 00   nodeid, pid
                    00c0: 03 00 00 00 00 00 00 00  4d                        type 3
                    """))
    }

    @Test func theOrderOfListsIsMembersLeftJoined() {
        let addresses = (1...3 as ClosedRange<UInt32>).map { CpgAddress(node: NodeID($0), process: $0, reason: $0) }
        let event = ResponseFields(
            bytes: written {
                $0.cpgChange(group: group, members: [addresses[0]], left: [addresses[1]], joined: [addresses[2]])
            })
        #expect((event.u32(160), event.u32(168), event.u32(176)) == (1, 1, 1))
        #expect([184, 208, 232].map { event.u32($0) } == [1, 2, 3])
    }

    /// Libraries copy lists into room for 128 without a look.
    @Test func listsStayWithinWhatLibrariesHold() {
        let many = (0..<300 as Range<UInt32>).map { CpgAddress(node: NodeID($0), process: $0) }
        let change = ResponseFields(
            bytes: written { $0.cpgChange(group: group, members: many, left: many, joined: many) })
        #expect(change.size == 184 + 24 * 3 * 128)
        #expect(change.size == change.bytes.count)
        let ring = ResponseFields(bytes: written { $0.cpgRing(.none, members: many.map(\.node)) })
        #expect((ring.u32(40), ring.size) == (128, 48 + 4 * 128))
        let members = ResponseFields(bytes: written { CpgResponse.membership(many + many).encode(into: &$0) })
        #expect((members.u32(24), members.size, members.bytes.count) == (384, 9248, 9248))
    }

    @Test func everyResponseHasItsSize() {
        for (response, id, size) in [
            (.join(.exist), 0, 24), (.leave(nil), 1, 24), (.membership([]), 3, 9248),
            (.noMembership(.library), 3, 9248),
            (.localNode(NodeID(1)), 7, 32), (.iterationStarted(handle: 5), 9, 32), (.iterationRefused(.busy), 9, 32),
            (.iterated(group: [1], node: NodeID(1), process: 2), 10, 168), (.iterationEnded(.noSections), 10, 168),
            (.endIteration(nil), 11, 24), (.finalize, 12, 24), (.fragment(.interrupted), 18, 24),
            (.noBuffer, 14, 24), (.buffer(nil), 0, 24), (.bufferMulticast(.notExist), 2, 24),
        ] as [(CpgResponse, UInt32, Int)] {
            let fields = ResponseFields(bytes: written { response.encode(into: &$0) })
            #expect((fields.id, fields.size, fields.bytes.count) == (id, size, size))
        }
    }

    @Test(arguments: [
        (0, 167), (1, 159), (2, 39), (3, 151), (5, 159), (6, 23), (7, 23), (12, 55), (13, 400), (99, 400),
    ])
    func requestsThatAreTooShortOrUnknownAreRefused(id: UInt32, size: Int) {
        let request = RequestBytes(id: id, size: size).bytes
        #expect(throws: WireError.self) { try CpgRequest(decoding: request.span) }
    }

    @Test func lengthsThatLieAreRefused() {
        var multicast = RequestBytes(id: 2, size: 45)
        multicast.set(32, UInt32(6))
        #expect(throws: WireError.self) { try CpgRequest(decoding: multicast.bytes.span) }
        multicast.set(32, UInt32.max)
        #expect(throws: WireError.self) { try CpgRequest(decoding: multicast.bytes.span) }
        var fragment = RequestBytes(id: 12, size: 60)
        fragment.set(32, UInt32(3))
        fragment.set(40, UInt32(4))
        fragment.set(48, UInt32(1))
        #expect(throws: WireError.self) { try CpgRequest(decoding: fragment.bytes.span) }
        fragment.set(32, UInt32(100))
        fragment.set(40, UInt32(5))
        #expect(throws: WireError.self) { try CpgRequest(decoding: fragment.bytes.span) }
        fragment.set(40, UInt32(4))
        fragment.set(48, UInt32(4))
        #expect(throws: WireError.self) { try CpgRequest(decoding: fragment.bytes.span) }
    }

    @Test func aNameThatIsTooLongIsToldApart() throws {
        var request = RequestBytes(id: 3, size: 152)
        request.set(16, UInt32(129))
        guard case .membership(let name) = try CpgRequest(decoding: request.bytes.span) else {
            Issue.record("not a membership request")
            return
        }
        #expect(name.isTooLong)
        #expect(name.bytes.count == 128)
        request.set(16, UInt32(0))
        #expect(try CpgRequest(decoding: request.bytes.span) == .membership(group: CpgName([])))
    }

    @Test(arguments: [9, 10, 11] as [UInt32]) func aBufferThatNobodyKeepsIsRefused(id: UInt32) throws {
        #expect(try CpgRequest(decoding: RequestBytes(id: id, size: 24).bytes.span) == .noBuffer)
    }

    @Test func requestsAboutBuffersAreDecoded() throws {
        var allocation = RequestBytes(id: 9, size: 152)
        allocation.set(16, UInt64(156))
        for (index, byte) in "/dev/shm/x".utf8.enumerated() { allocation.set(24 + index, byte) }
        #expect(
            try CpgBufferRequest(decoding: allocation.bytes.span)
                == .allocate(path: Array("/dev/shm/x".utf8), size: 156))
        var release = RequestBytes(id: 10, size: 32)
        release.set(24, UInt64(7))
        #expect(try CpgBufferRequest(decoding: release.bytes.span) == .free(address: 7))
        var multicast = RequestBytes(id: 11, size: 24)
        multicast.set(16, UInt64(8))
        #expect(try CpgBufferRequest(decoding: multicast.bytes.span) == .multicast(address: 8))
        #expect(try CpgBufferRequest(decoding: RequestBytes(id: 2, size: 40).bytes.span) == nil)
        for (id, size) in [(9, 151), (10, 31), (11, 23)] as [(UInt32, Int)] {
            #expect(throws: WireError.self) {
                try CpgBufferRequest(decoding: RequestBytes(id: id, size: size).bytes.span)
            }
        }
    }

    @Test(arguments: [0, 1, 1000]) func aMessageFromABufferIsAttachedToItsRequest(count: Int) throws {
        let payload = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
        var writer = ByteWriter()
        CpgBufferRequest.attach(payload, into: &writer)
        #expect(try CpgRequest(decoding: writer.bytes.span) == .bufferMulticast(payload: payload))
    }

    @Test func theLengthInABufferIsChecked() throws {
        var header = RequestBytes(id: 2, size: 40)
        header.set(32, UInt32(1_047_552))
        #expect(try CpgBufferRequest.payloadLength(header: header.bytes.span) == 1_047_552)
        header.set(32, UInt32(1_047_553))
        #expect(throws: WireError.self) { try CpgBufferRequest.payloadLength(header: header.bytes.span) }
        #expect(throws: WireError.self) {
            try CpgBufferRequest.payloadLength(header: [UInt8](repeating: 0, count: 35).span)
        }
    }
}
