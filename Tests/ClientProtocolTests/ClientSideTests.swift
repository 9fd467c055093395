import Basics
import ClientProtocol
import ClusterMap
import Testing
import TotemWire

/// What a client writes is what a server reads, and the other way round (spec: ipc.md 6 to 10).
@Suite struct ClientSideTests {
    private func written(_ write: (inout ByteWriter) -> Void) -> [UInt8] {
        var writer = ByteWriter()
        writer.bytes([1, 2, 3])
        write(&writer)
        return writer.bytes
    }

    private func answer(_ write: (inout ByteWriter) -> Void) throws -> Answer { try Answer(written(write)) }

    private static let ring = RingID(representative: NodeID(3), sequence: 1 << 40)
    private static let members = [NodeID(1), NodeID(2), NodeID(.max)]

    // MARK: Requests

    private static let name = CpgName(Array("grp1".utf8))
    static let groups: [CpgRequest] = [
        .join(group: name, process: 77, wantsRing: true), .join(group: name, process: 77, wantsRing: false),
        .leave(group: CpgName([UInt8](repeating: 255, count: 128)), process: .max), .multicast(payload: []),
        .multicast(payload: [1, 2, 3]), .membership(group: name), .localNode,
        .startIteration(.oneGroup, group: name), .startIteration(.all, group: CpgName([])), .iterate(handle: 1 << 40),
        .endIteration(handle: .max), .finalize, .bufferMulticast(payload: [7]), .noBuffer,
        .fragment(position: .middle, messageLength: 9, payload: [4, 5]),
    ]

    @Test(arguments: groups) func `A request of process groups is understood`(_ request: CpgRequest) throws {
        #expect(try CpgRequest(decoding: written { request.encode(into: &$0) }.span) == request)
    }

    static let maps: [CmapRequest] = [
        .set(name: "my.key", type: 11, value: Array("text".utf8)), .set(name: "my.key", type: 12, value: []),
        .delete(name: String(repeating: "k", count: 255)), .get(name: "my.key", room: 1024),
        .adjust(name: "my.key", step: -1), .startIteration(prefix: ""), .startIteration(prefix: "my."),
        .iterate(handle: 5), .endIteration(handle: 5), .track(name: nil, flags: 15, instance: .max),
        .track(name: "my.", flags: 7, instance: 0), .untrack(handle: 9), .selectMap(1),
    ]

    @Test(arguments: maps) func `A request of the map is understood`(_ request: CmapRequest) throws {
        #expect(try CmapRequest(decoding: written { request.encode(into: &$0) }.span) == request)
    }

    static let configurations: [CfgRequest] = [
        .ringStatus, .ringReenable, .killNode(NodeID(4), reason: "why"),
        .killNode(NodeID(4), reason: String(repeating: "y", count: 255)), .tryShutdown(.regardless),
        .replyToShutdown(agrees: true), .replyToShutdown(agrees: false), .nodeAddresses(NodeID(0)), .localNode, .reload,
        .reopenLogs, .nodeStatus(NodeID(9), version: 1), .trackShutdown, .stopTracking,
    ]

    @Test(arguments: configurations) func `A request of configuration is understood`(_ request: CfgRequest) throws {
        #expect(try CfgRequest(decoding: written { request.encode(into: &$0) }.span) == request)
    }

    static let quorums: [QuorumRequest] = [
        .isQuorate, .track(flags: 3), .stopTracking, .providerType, .selectModel(1),
    ]

    @Test(arguments: quorums) func `A request of quorum is understood`(_ request: QuorumRequest) throws {
        #expect(try QuorumRequest(decoding: written { request.encode(into: &$0) }.span) == request)
    }

    static let votes: [VotequorumRequest] = [
        .info(NodeID(0)), .setExpected(4), .setVotes(2, of: NodeID(1)), .track(context: .max, flags: 3), .stopTracking,
        .registerDevice(name: Array("Qdevice".utf8)), .unregisterDevice(name: [UInt8](repeating: 65, count: 254)),
        .renameDevice(from: [65], to: [66]), .pollDevice(name: [65], castsVote: true, ring: ring),
        .setMasterWins(name: [65], allowed: true), .setDeviceInformation([1, 2, 3]), .setDeviceInformation([]),
        .deviceInformation(of: NodeID(1)),
    ]

    @Test(arguments: votes) func `A request of votes is understood`(_ request: VotequorumRequest) throws {
        #expect(try VotequorumRequest(decoding: written { request.encode(into: &$0) }.span) == request)
    }

    @Test func `Multicasts are held back before anything else`() {
        #expect(CpgRequest.multicast(payload: []).heldBackUpTo == 2)
        #expect(CpgRequest.fragment(position: .first, messageLength: 1, payload: [1]).heldBackUpTo == 2)
        #expect(CpgRequest.localNode.heldBackUpTo == 1)
        #expect(VotequorumRequest.info(NodeID(0)).heldBackUpTo == 1)
    }

    // MARK: Answers

    @Test func `What is answered is read`() throws {
        #expect(try answer { CpgResponse.localNode(NodeID(9)).encode(into: &$0) }.cpgLocalNode() == NodeID(9))
        #expect(
            try answer { CpgResponse.iterationStarted(handle: 1 << 40).encode(into: &$0) }.cpgIteration() == 1 << 40)
        let entry = try answer {
            CpgResponse.iterated(group: [1, 2], node: NodeID(3), process: 4).encode(into: &$0)
        }.cpgIterationEntry()
        #expect(entry.group == [1, 2] && entry.node == NodeID(3) && entry.process == 4)
        let got = try answer { CmapResponse.got(.u32(7), room: 1024).encode(into: &$0) }.cmapValue()
        #expect(got == CmapValue(type: 6, bytes: MapValue.u32(7).bytes))
        #expect(try answer { CmapResponse.iterationStarted(handle: 6).encode(into: &$0) }.cmapIteration() == 6)
        let key = try answer { CmapResponse.iterated(name: "my.key", type: .u8, length: 1).encode(into: &$0) }
        #expect(try key.cmapIterationName() == "my.key")
        #expect(try answer { CfgResponse.localNode(NodeID(9)).encode(into: &$0) }.cfgLocalNode() == NodeID(9))
        let six = NodeAddress(family: .inet6, bytes: (0..<16).map { $0 }, text: "")
        let addresses = try answer { CfgResponse.nodeAddresses(family: .inet6, [six, six]).encode(into: &$0) }
        #expect(try addresses.cfgAddresses() == [six.bytes, six.bytes])
        let four = NodeAddress(family: .inet, bytes: [10, 0, 0, 1], text: "")
        let fewer = try answer { CfgResponse.nodeAddresses(family: .inet, [four]).encode(into: &$0) }
        #expect(try fewer.cfgAddresses() == [four.bytes])
        #expect(try answer { QuorumResponse.isQuorate(true).encode(into: &$0) }.quorumIsQuorate())
        #expect(try answer { QuorumResponse.selectModel(1, nil).encode(into: &$0) }.quorumHasProvider())
        #expect(try !answer { QuorumResponse.selectModel(0, nil).encode(into: &$0) }.quorumHasProvider())
    }

    @Test func `A node's status is read as it was written`() throws {
        var link = NodeStatusRecord.Link()
        link.isEnabled = true
        link.isConnected = true
        link.isDynamicallyConnected = true
        link.mtu = 1400
        link.source = "10.0.0.1"
        link.destination = "10.0.0.2"
        var record = NodeStatusRecord(node: NodeID(5))
        record.isReachable = true
        record.isRemote = true
        record.wireVersions.highest = 2
        record.links = [NodeStatusRecord.Link](repeating: NodeStatusRecord.Link(), count: 7) + [link]
        let bytes = try answer { CfgResponse.nodeStatus(record).encode(into: &$0) }
        #expect(try bytes.cfgNodeStatus() == record)
    }

    @Test func `A node's votes are read as they were written`() throws {
        var info = VoteRecordInfo(node: NodeID(5))
        info.state = 1
        info.votes = 2
        info.expectedVotes = 3
        info.highestExpected = 4
        info.totalVotes = 5
        info.quorum = 6
        info.flags = 7
        info.deviceVotes = 8
        info.deviceName = Array("Qdevice".utf8)
        #expect(try answer { VotequorumResponse.info(info).encode(into: &$0) }.voteInfo() == info)
    }

    @Test func `A refusal says why`() throws {
        #expect(try answer { $0.refuseOverload() }.error == ClientError.tryAgain.rawValue)
        #expect(try answer { CpgResponse.join(nil).encode(into: &$0) }.error == ClientError.success)
    }

    // MARK: Events

    private func events() -> [[UInt8]] {
        let address = CpgAddress(node: NodeID(1), process: 2, reason: 3)
        let text = MapNotification(
            tracker: TrackerID(0), event: .modify, name: "my.key", new: .text("new"), old: .u8(1))
        let group: [UInt8] = [65]
        let payload: [UInt8] = [7, 8, 9]
        return [
            written { $0.cpgChange(group: [65], members: [address, address], left: [address], joined: []) },
            written { $0.cpgDelivery(group: group.span, node: NodeID(1), process: 2, payload: payload.span) },
            written {
                $0.cpgFragment(
                    group: [65], node: NodeID(1), process: 2, messageLength: 9, position: .last, payload: [7])
            },
            written { $0.cpgRing(Self.ring, members: Self.members) },
            written { $0.quorumDecision(isQuorate: true, ring: Self.ring, members: Self.members) },
            written {
                $0.quorumNodeList(ring: Self.ring, members: Self.members, joined: [NodeID(2)], left: [NodeID(7)])
            },
            written {
                $0.votequorumDecision(
                    isQuorate: true, context: 1, nodes: [(node: NodeID(0), state: 1), (NodeID(1), 2)])
            },
            written { $0.votequorumNodeList(context: 1, ring: Self.ring, members: Self.members) },
            written { $0.votequorumExpectedVotes(5, context: 1) },
            written { $0.cmapNotification(text, instance: 4) },
            written { $0.testShutdown(.regardless) },
        ]
    }

    @Test func `What happens is read as it was told`() throws {
        let events = try events().map { try Answer($0) }
        let address = CpgAddress(node: NodeID(1), process: 2, reason: 3)
        #expect(try CpgNotice(events[0]) == .change(members: [address, address], left: [address], joined: []))
        #expect(try CpgNotice(events[1]) == .message(node: NodeID(1), process: 2, payload: [7, 8, 9]))
        #expect(
            try CpgNotice(events[2])
                == .fragment(node: NodeID(1), process: 2, messageLength: 9, position: .last, payload: [7]))
        #expect(try CpgNotice(events[3]) == .ring(Self.ring, members: Self.members))
        #expect(try CpgNotice(events[4]) == nil)
        #expect(
            try QuorumNotice(events[4]) == .decision(isQuorate: true, ring: Self.ring, members: Self.members))
        #expect(
            try QuorumNotice(events[5])
                == .nodes(ring: Self.ring, members: Self.members, joined: [NodeID(2)], left: [NodeID(7)]))
        #expect(
            try VotequorumNotice(events[6])
                == .decision(
                    isQuorate: true, nodes: [.init(node: NodeID(0), state: 1), .init(node: NodeID(1), state: 2)]))
        #expect(try VotequorumNotice(events[7]) == .nodes(ring: Self.ring, members: Self.members))
        #expect(try VotequorumNotice(events[8]) == .expectedVotes(5))
        let change = try #require(try CmapNotice(events[9]))
        #expect(change.event == .modify && change.name == "my.key")
        #expect(change.new == CmapValue(type: 11, bytes: Array("new\0".utf8)))
        #expect(change.old == CmapValue(type: 2, bytes: [1]))
        #expect(try events[10].cfgShutdownRequest() == .regardless)
        #expect(try events[9].cfgShutdownRequest() == nil)
    }

    /// Memory that a broken server has written is refused, or read as something; nothing outside of it is.
    @Test func `Answers cut short and changed at random do no harm`() throws {
        var generator = SeededGenerator(seed: 11)
        var refused = 0
        for whole in events() {
            for _ in 0..<2000 {
                var bytes = Array(whole.prefix(Int.random(in: 0...whole.count, using: &generator)))
                for _ in 0..<Int.random(in: 0...3, using: &generator) where bytes.count > 8 {
                    let offset = Int.random(in: 0..<bytes.count / 4, using: &generator) * 4
                    let word = [0, 1, UInt32.max, 0x7FFF_FFFF, 128, UInt32(bytes.count)].randomElement(
                        using: &generator)
                    for index in 0..<4 where offset + index < bytes.count {
                        bytes[offset + index] = UInt8(truncatingIfNeeded: (word ?? 0) >> (8 * UInt32(index)))
                    }
                }
                do { try readEverything(bytes) } catch { refused += 1 }
            }
        }
        #expect(refused > 1000)
    }

    private func readEverything(_ bytes: [UInt8]) throws {
        let answer = try Answer(bytes)
        _ = try? answer.cpgIterationEntry()
        _ = try? answer.cmapValue()
        _ = try? answer.cmapIterationName()
        _ = try? answer.cfgAddresses()
        _ = try? answer.cfgNodeStatus()
        _ = try? answer.voteInfo()
        _ = try CpgNotice(answer)
        _ = try QuorumNotice(answer)
        _ = try VotequorumNotice(answer)
        _ = try CmapNotice(answer)
        _ = try answer.cfgShutdownRequest()
    }
}

/// Long messages of process groups (spec: ipc.md 6.4).
@Suite struct CpgPiecesTests {
    private func piece(
        _ position: CpgFragmentPosition, of length: UInt32, _ payload: [UInt8], from process: UInt32 = 1
    ) -> CpgNotice {
        .fragment(
            node: NodeID(1), process: process, messageLength: length, position: position, payload: payload)
    }

    @Test func `A long message goes in pieces, and comes out whole`() throws {
        let message = (0..<2_500_000).map { UInt8(truncatingIfNeeded: $0) }
        var assembly = CpgAssembly()
        var sizes: [Int] = []
        var come: [CpgNotice] = []
        for request in CpgRequest.fragments(of: message) {
            guard case .fragment(let position, let length, let payload) = request else { continue }
            sizes.append(payload.count)
            if let event = assembly.take(piece(position, of: length, payload)) { come.append(event) }
        }
        #expect(sizes == [1_047_552, 1_047_552, 404_896])
        #expect(come == [.message(node: NodeID(1), process: 1, payload: message)])
    }

    @Test func `Pieces of several senders do not mix`() {
        var assembly = CpgAssembly()
        #expect(assembly.take(piece(.first, of: 3, [1])) == nil)
        #expect(assembly.take(piece(.first, of: 2, [8], from: 2)) == nil)
        #expect(assembly.take(piece(.middle, of: 3, [2])) == nil)
        #expect(
            assembly.take(piece(.last, of: 2, [9], from: 2)) == .message(node: NodeID(1), process: 2, payload: [8, 9]))
        #expect(
            assembly.take(piece(.last, of: 3, [3])) == .message(node: NodeID(1), process: 1, payload: [1, 2, 3]))
    }

    @Test func `A message that begins anew, or whose sender goes, is forgotten`() {
        var assembly = CpgAssembly()
        #expect(assembly.take(piece(.first, of: 4, [1, 2])) == nil)
        #expect(assembly.take(piece(.first, of: 2, [3])) == nil)
        #expect(assembly.take(piece(.last, of: 2, [4])) == .message(node: NodeID(1), process: 1, payload: [3, 4]))
        #expect(assembly.take(piece(.first, of: 2, [1])) == nil)
        let left = CpgNotice.change(members: [], left: [CpgAddress(node: NodeID(1), process: 1, reason: 5)], joined: [])
        #expect(assembly.take(left) == left)
        #expect(assembly.take(piece(.last, of: 2, [2])) == nil)
    }

    @Test func `Pieces that are not those announced make no message`() {
        var assembly = CpgAssembly()
        #expect(assembly.take(piece(.last, of: 1, [1])) == nil)
        #expect(assembly.take(piece(.first, of: 2, [1, 2, 3])) == nil)
        #expect(assembly.take(piece(.last, of: 2, [4])) == nil)
        #expect(assembly.take(piece(.first, of: 3, [1])) == nil)
        #expect(assembly.take(piece(.last, of: 4, [2])) == nil)
        #expect(assembly.take(piece(.first, of: .max, [1])) == nil)
        #expect(assembly.take(piece(.last, of: .max, [2])) == nil)
    }
}
