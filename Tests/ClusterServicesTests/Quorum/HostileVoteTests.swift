import Basics
import Testing
import TotemWire

@testable import ClusterServices

/// Messages about votes that no correct node sends (spec: services.md 13 items 3, 4 and 9).
@Suite("Hostile votes")
struct HostileVoteTests {
    private func node() throws -> Node {
        var cluster = try Cluster([1, 2, 3])
        cluster.form([1, 2, 3])
        cluster.forget()
        return cluster[1]
    }

    @Test("Votes of more nodes than a cluster can have are not remembered, and none is forgotten for them")
    func tooManyNodes() throws {
        var node = try node()
        for id in 4..<1000 as Range<UInt32> {
            node.deliver(NodeInfo(nodeID: NodeID(id), votes: 0, expectedVotes: 3, flags: .first), from: id)
        }
        #expect(node.engine.voteQuorum?.records.count == VoteQuorum.recordLimit)
        #expect(node.engine.counters.malformed == 996 + 3 - VoteQuorum.recordLimit)
        for id in [1, 2, 3] as [UInt32] { #expect(try node.engine.voteInfo(of: NodeID(id)).votes == 1) }
        #expect(node.engine.isQuorate)
    }

    @Test("Messages cut short are refused at every length", arguments: ["60", "80", "86", "90"])
    func truncated(number: String) throws {
        let name = try #require(try Vectors.names().first { $0.hasPrefix(number) })
        let bytes = try Vectors.bytes(name)
        var node = try node()
        let votes = try node.engine.voteInfo(of: .none)
        // What follows the last field is padding, which some sender may leave out.
        for length in 0..<bytes.count - 8 {
            node.deliver(.services, Array(bytes[..<length]), from: NodeID(2), order: .little)
        }
        #expect(node.engine.counters.malformed == bytes.count - 8)
        #expect(try node.engine.voteInfo(of: .none) == votes)
        #expect(node.sent.isEmpty)
    }

    @Test("Device names without an end are refused", arguments: [16, 271])
    func endlessNames(offset: Int) throws {
        var bytes = try Vectors.bytes("90-vq-qdevice-rename")
        for index in offset..<offset + 255 { bytes[index] = 65 }
        var node = try node()
        node.deliver(.services, bytes, from: NodeID(2), order: .little)
        #expect(node.engine.counters.malformed == 1)
    }

    @Test("Nothing but the names leaves the node in messages about devices")
    func noLeaks() throws {
        let name = Array("QDevice".utf8)
        let registration = DeviceRegistration(operation: .register, name: name).encoded()
        #expect(registration.count == 280 && registration[27...].allSatisfy { $0 == 0 })
        let rename = DeviceRename(oldName: name, newName: [65]).encoded()
        #expect(rename.count == 528 && rename[23..<271].allSatisfy { $0 == 0 } && rename[272...].allSatisfy { $0 == 0 })
        for message in [registration, rename] { #expect(message[4..<8] == [0, 0, 0, 0]) }
    }

    @Test("Orders that make no sense change nothing")
    func orders() throws {
        var node = try node()
        let before = try node.engine.voteInfo(of: .none)
        node.deliver(Reconfigure(nodeID: NodeID(9), value: 5, parameter: .votes), from: 2)
        node.deliver(Reconfigure(nodeID: NodeID(2), value: 0, parameter: .expectedVotes), from: 2)
        var bytes = Reconfigure(nodeID: NodeID(2), value: 5, parameter: .expectedVotes).encoded()
        for parameter in [0, 4, 255] as [UInt8] {
            bytes[24] = parameter
            node.deliver(.services, bytes, from: NodeID(2))
        }
        var registration = DeviceRegistration(operation: .register, name: [65]).encoded()
        registration[16] = 7
        node.deliver(.services, registration, from: NodeID(2))
        #expect(try node.engine.voteInfo(of: .none) == before)
        #expect(node.sent.isEmpty)
    }

    @Test("The largest numbers neither wrap nor trap")
    func largest() throws {
        var node = try node()
        for id in [1, 2, 3] as [UInt32] {
            node.deliver(Reconfigure(nodeID: NodeID(id), value: .max, parameter: .votes), from: 2)
        }
        node.deliver(Reconfigure(nodeID: NodeID(2), value: .max, parameter: .expectedVotes), from: 2)
        node.deliver(NodeInfo(nodeID: .none, votes: .max, expectedVotes: .max, flags: []), from: 2)
        let info = try node.engine.voteInfo(of: .none)
        #expect(info.totalVotes == .max && info.expectedVotes == .max && info.quorum == .max)
    }
}
