import Basics
import Testing
import TotemWire

/// Every weakness of totem.md 6, 20 and 22 that a packet alone can carry.
struct MalformedTests {
    /// The bytes a packet cannot do without: all of it, of an mcast the header.
    static func needed(_ packet: Packet) -> Int { packet.encoded(.little).count }

    @Test(arguments: Vectors.current)
    func everyTruncationIsRefused(_ name: String) throws {
        let bytes = Vectors.bytes(name)
        let needed = Self.needed(try Packet(decoding: bytes.span))
        for length in 0..<needed {
            let error = Malformed.error(Array(bytes[..<length]))
            guard length >= PacketHeader.size else {
                #expect(error == .header(.tooShort(length)))
                continue
            }
            guard case .body(_, .short(_, let wanted, let available)) = error else {
                Issue.record("\(name) cut to \(length) bytes gives \(String(describing: error))")
                continue
            }
            #expect(available == length)
            #expect(wanted > length && wanted <= needed)
        }
    }

    @Test(arguments: Vectors.current)
    func trailingBytesAreIgnored(_ name: String) throws {
        let bytes = Vectors.bytes(name)
        let longer = bytes + [1, 2, 3]
        let packet = try Packet(decoding: longer.span)
        #expect(try packet == Packet(decoding: bytes.span))
    }

    @Test func aTooShortPacketIsLoggedWithItsName() {
        let names = [
            (23, "orf_token"), (40, "mcast"), (60, "memb_merge_detect"), (1, "memb_join"),
            (10, "memb_commit_token"), (62, "token_hold_cancel"),
        ]
        for (number, name) in names {
            let cut = Array(Vectors.bytes(number: number)[..<20])
            #expect(Malformed.logText(cut) == "Received \(name) message is too short...  ignoring.")
        }
    }

    @Test(arguments: [31, 0x7FFF_FFFF, 0xFFFF_FFFF, 0xFFFF_FFFE, 0xFFFF_FFFD, 0x8000_0000] as [UInt32])
    func aTokenHasAtMostThirtyEntries(_ count: UInt32) {
        let roomy = Vectors.bytes(number: 23) + [UInt8](repeating: 0, count: 1400)
        let bytes = Malformed.patch(roomy, at: 53, count)
        #expect(
            Malformed.error(bytes)
                == .body(
                    .orfToken, .invalid(field: "rtr_list_entries", value: UInt64(count), allowed: "0...30")))
        #expect(Malformed.logText(bytes) == "Received orf_token message rtr_entries is corrupted...  ignoring.")
    }

    @Test func thirtyEntriesAreAllowed() throws {
        var token = ORFToken(
            header: PacketHeader(type: .orfToken, nodeID: NodeID(1)), sequence: SequenceNumber(100),
            tokenSequence: SequenceNumber(7), aru: SequenceNumber(10), aruAddress: NodeID(2),
            ringID: RingID(representative: NodeID(1), sequence: 8))
        for number in 0..<30 {
            token.retransmitList.append(RetransmitEntry(ringID: token.ringID, sequence: SequenceNumber(UInt32(number))))
        }
        let bytes = Packet.orfToken(token).encoded(.native)
        #expect(bytes.count == 537)
        #expect(try Packet(decoding: bytes.span) == .orfToken(token))
    }

    @Test("CVE-2025-30472: an oversized token of the other byte order, which overflowed the stack, is refused")
    func oversizedToken() throws {
        guard case .orfToken(let token) = try Packet(decoding: Vectors.bytes(number: 70).span) else {
            Issue.record("not a token")
            return
        }
        var bytes = Packet.orfToken(token).encoded(.big) + [UInt8](repeating: 0x41, count: 4000)
        (bytes[53], bytes[54], bytes[55], bytes[56]) = (0, 0, 0, 250)
        #expect(Malformed.logText(bytes) == "Received orf_token message is too long...  ignoring.")
        bytes.removeLast(bytes.count - 1500)
        #expect(Malformed.logText(bytes) == "Received orf_token message rtr_entries is corrupted...  ignoring.")
    }

    @Test("CVE-2026-35091: a commit token that is too short, which was logged and then read beyond its end, is refused")
    func shortCommitToken() {
        for length in [13, 32, 33, 36, 37, 40, 41, 42, 53, 124] {
            let bytes = Array(Vectors.bytes(number: 12)[..<length])
            #expect(Malformed.logText(bytes) == "Received memb_commit_token message is too short...  ignoring.")
        }
    }

    @Test(
        "CVE-2026-35092: a join whose two counts overflow when added, so that its length seemed right, is refused",
        arguments: [
            (0xFFFF_FFFF, 1), (1, 0xFFFF_FFFF), (0x8000_0000, 0x8000_0000), (0x4000_0000, 0xC000_0000),
            (385, 0), (0, 385), (0xFFFF_FFFF, 0xFFFF_FFFF),
        ] as [(UInt32, UInt32)])
    func overflowingJoin(_ members: UInt32, _ failed: UInt32) {
        let roomy = Vectors.bytes(number: 1) + [UInt8](repeating: 0, count: 8000)
        let bytes = Malformed.patch(Malformed.patch(roomy, at: 17, members), at: 21, failed)
        #expect(
            Malformed.logText(bytes)
                == "Received memb_join message list_entries exceeds the maximum allowed value...  ignoring.")
    }

    @Test func aJoinOfThreeHundredEightyFourAndAsManyFailed() throws {
        let ids = (1...384).map { NodeID(UInt32($0)) }
        let join = Join(
            header: PacketHeader(type: .join, nodeID: NodeID(9)), systemFrom: NodeID(9), members: ids,
            failed: ids.reversed(), ringSequence: .max)
        let bytes = Packet.join(join).encoded(.native)
        #expect(bytes.count == 3105)
        #expect(try Packet(decoding: bytes.span) == .join(join))
    }

    @Test(arguments: [0, 385, 0x7FFF_FFFF, 0xFFFF_FFFF] as [UInt32])
    func aCommitTokenHasOneToThreeHundredEightyFourMembers(_ count: UInt32) {
        let roomy = Vectors.bytes(number: 12) + [UInt8](repeating: 0, count: 20_000)
        #expect(
            Malformed.error(Malformed.patch(roomy, at: 37, count))
                == .body(.commitToken, .invalid(field: "addr_entries", value: UInt64(count), allowed: "1...384")))
    }

    @Test(arguments: [4, 384, 0x7FFF_FFFF, 0xFFFF_FFFF] as [UInt32])
    func theIndexOfACommitTokenLiesWithinIt(_ index: UInt32) {
        #expect(
            Malformed.error(Malformed.patch(Vectors.bytes(number: 12), at: 33, index))
                == .body(
                    .commitToken, .invalid(field: "memb_index", value: UInt64(index), allowed: "0...addr_entries")))
    }

    @Test func theLargestCommitToken() throws {
        let ids = (1...384).map { NodeID(UInt32($0)) }
        let token = CommitToken(
            header: PacketHeader(type: .commitToken, nodeID: NodeID(1)), tokenSequence: 384,
            ringID: RingID(representative: NodeID(1), sequence: 4), memberIndex: 384, addresses: ids,
            members: ids.map {
                CommitMember(
                    ringID: RingID(representative: $0, sequence: 1), aru: .zero, highDelivered: .zero, receivedFlag: 1)
            })
        let bytes = Packet.commitToken(token).encoded(.native)
        #expect(bytes.count == 10_793)
        #expect(try Packet(decoding: bytes.span) == .commitToken(token))
    }

    @Test func anEntryWithoutRingIsUnsetWhateverElseItHolds() throws {
        let bytes = Malformed.patch(Vectors.bytes(number: 10), at: 77 + 12, 0xDEAD_BEEF)
        guard case .commitToken(let token) = try Packet(decoding: bytes.span) else {
            Issue.record("not a commit token")
            return
        }
        #expect(token.members.map(\.isSet) == [true, false, false])
        #expect(token.members[1] == .unset)
    }

    @Test func anMcastHasAtMostTheFrameSize() {
        let bytes = Vectors.bytes(number: 49) + [UInt8](repeating: 0, count: 65_536)
        #expect(Malformed.logText(bytes) == "Received mcast message is too long...  ignoring.")
        #expect(Malformed.error(Array(bytes[..<65_536])) == nil)
    }

    @Test func aHoldCancelOfTheOtherByteOrderIsUnderstood() throws {
        guard case .holdCancel(let cancel) = try Packet(decoding: Vectors.bytes(number: 62).span) else {
            Issue.record("not a hold cancel")
            return
        }
        let other = Packet.holdCancel(cancel).encoded(.big)
        guard case .holdCancel(let swapped) = try Packet(decoding: other.span) else {
            Issue.record("not a hold cancel")
            return
        }
        #expect(swapped.ringID == cancel.ringID)
    }
}
