import Basics
import ClusterMap
import Testing
import TotemWire

@testable import ClusterServices

@Suite("Quorum device")
struct QuorumDeviceTests {
    static let name = Array("QDevice".utf8)
    let client = ConnectionID(3)

    private func cluster() throws -> Cluster {
        var cluster = try Cluster([1, 2, 3], alone: false) { $0.quorum.device = .init(votes: 1) }
        cluster.form([1, 2, 3])
        cluster.forget()
        return cluster
    }

    private func ringID(_ cluster: Cluster, _ node: UInt32) -> RingID {
        cluster.ring.rings[cluster.ring.stations[cluster.ring.index(NodeID(node)) ?? 0].ring].id
    }

    private func register(_ cluster: inout Cluster) {
        let name = Self.name
        let client = client
        _ = cluster.attempt(1) { engine throws(ClientError) in _ = try engine.registerDevice(client, name: name) }
    }

    private func poll(_ cluster: inout Cluster, votes: Bool) -> ClientError? {
        let ring = ringID(cluster, 1)
        let now = cluster[1].now
        return cluster.attempt(1) { engine throws(ClientError) in
            try engine.pollDevice(name: Self.name, castsVote: votes, ringID: ring, now: now)
        }
    }

    @Test("Register, poll, master wins and timeout show up on the ring as in real captures")
    func life() throws {
        var cluster = try cluster()
        register(&cluster)
        #expect(cluster.heard(1, client) == [.voteQuorum(.deviceRegistered(nil))])
        #expect(poll(&cluster, votes: true) == nil)
        #expect(try cluster[1].engine.voteInfo(of: .none).totalVotes == 4)
        #expect(poll(&cluster, votes: false) == nil)
        #expect(poll(&cluster, votes: true) == nil)
        #expect(poll(&cluster, votes: true) == nil)
        _ = cluster.attempt(1) { engine throws(ClientError) in try engine.setDeviceMasterWins(name: Self.name, true) }
        #expect(cluster[1].map["runtime.votequorum.qdevice_master_wins"] == .u8(1))
        cluster.advance(milliseconds: 10_000)
        #expect(try cluster.sentFlags(1) == [25, 121, 57, 121, 249, 153])
        #expect(cluster[1].texts(.voteQuorum).contains("lost contact with quorum device QDevice"))
        #expect(try cluster[1].engine.voteInfo(of: .none).totalVotes == 3)
        cluster.forget()
        let now = cluster[1].now
        _ = cluster.attempt(1) { engine throws(ClientError) in
            try engine.unregisterDevice(name: Self.name, now: now)
        }
        #expect(try cluster.sentFlags(1) == [9])
        #expect(try cluster.sent(1).last == .registration(.init(operation: .unregister, name: Self.name)))
        #expect(try cluster[2].engine.voteInfo(of: .none).deviceName.isEmpty)
    }

    @Test("A device keeps half of a cluster quorate")
    func halfSurvives() throws {
        var cluster = try Cluster([1, 2]) { $0.quorum.device = .init(votes: 1) }
        cluster.form([1, 2])
        register(&cluster)
        #expect(poll(&cluster, votes: true) == nil)
        cluster.forget()
        cluster.ring.form([[1], [2]])
        cluster.ring.settle()
        #expect(cluster[1].engine.isSynchronizing, "waits for the device")
        #expect(
            cluster[1].texts(.voteQuorum).contains(
                "waiting for quorum device QDevice poll (but maximum for 30000 ms)"))
        #expect(poll(&cluster, votes: true) == nil)
        #expect(!cluster[1].engine.isSynchronizing)
        #expect(cluster.quorate(1) && !cluster.quorate(2))
    }

    @Test("A silent device holds up synchronisation for its sync_timeout only")
    func silentInSynchronization() throws {
        var cluster = try Cluster([1, 2, 3]) { $0.quorum.device = .init(votes: 1, syncTimeout: 3000) }
        cluster.form([1, 2, 3])
        register(&cluster)
        #expect(poll(&cluster, votes: true) == nil)
        cluster.forget()
        cluster.ring.form([[1, 2, 3]])
        cluster.ring.settle()
        #expect(cluster[2].engine.isSynchronizing, "the whole ring waits")
        cluster.advance(milliseconds: 3000)
        #expect(!cluster[2].engine.isSynchronizing)
        #expect(try cluster.sentFlags(1).last == 17)
        let announced = AnyMessage.registration(.init(operation: .register, name: Self.name))
        #expect(try cluster.sent(2).contains(announced), "every node that knows the name announces it")
    }

    @Test("Requests that cannot be are refused by Corosync's numbers")
    func refusals() throws {
        var cluster = try cluster()
        #expect(poll(&cluster, votes: true) == .notExist)
        register(&cluster)
        let now = cluster[1].now
        let wrongRing = cluster.attempt(1) { engine throws(ClientError) in
            try engine.pollDevice(name: Self.name, castsVote: true, ringID: .none, now: now)
        }
        #expect(wrongRing == .messageError)
        let ring = ringID(cluster, 1)
        let wrongName = cluster.attempt(1) { engine throws(ClientError) in
            try engine.pollDevice(name: [65], castsVote: true, ringID: ring, now: now)
        }
        #expect(wrongName == .invalidParameter)
        let client = client
        let otherName = cluster.attempt(1) { engine throws(ClientError) in
            _ = try engine.registerDevice(client, name: [65])
        }
        #expect(otherName == .exist)
        cluster.forget()
        let second = cluster.attempt(2) { engine throws(ClientError) in
            _ = try engine.registerDevice(client, name: [65])
        }
        #expect(second == nil)
        #expect(cluster.heard(2, client) == [.voteQuorum(.deviceRegistered(.exist))])
        let emptyName = cluster.attempt(2) { engine throws(ClientError) in
            _ = try engine.registerDevice(client, name: [])
        }
        #expect(emptyName == .invalidParameter)
        var without = try Cluster([1, 2, 3])
        without.form([1, 2, 3])
        // A device nobody configured may register, as with a real Corosync.
        let unconfigured = without.attempt(1) { engine throws(ClientError) in
            _ = try engine.registerDevice(client, name: Self.name)
        }
        #expect(unconfigured == nil)
    }

    @Test("What a device tells reaches all nodes, and clients that know of it; it ends with the registration")
    func information() throws {
        var cluster = try cluster()
        register(&cluster)
        let (asking, old) = (ConnectionID(8), ConnectionID(9))
        let bytes = Array("site A".utf8)
        #expect(try informationAtNode2(&cluster, asking).isEmpty)
        for client in [asking, old] {
            _ = cluster.attempt(2) { engine throws(ClientError) in
                try engine.trackVotes(client, context: 5, .changes)
            }
        }
        cluster.forget()
        let client = client
        #expect(
            cluster.attempt(1) { engine throws(ClientError) in try engine.setDeviceInformation(client, bytes) } == nil)
        #expect(try cluster.sent(1) == [.information(.init(nodeID: NodeID(1), bytes: bytes))])
        #expect(try informationAtNode2(&cluster, asking) == bytes)
        #expect(try cluster[2].engine.voteInfo(of: NodeID(1)).flags & 1024 == 1024)
        let told = VoteQuorumEvent.deviceInformation(context: 5, nodeID: NodeID(1), bytes: bytes)
        #expect(cluster.heard(2, asking) == [.voteQuorum(told)])
        #expect(cluster.heard(2, old).isEmpty, "an older library would break at an event that it does not know")

        cluster.forget()
        cluster.form([1, 2, 3])
        #expect(try cluster.sent(1).contains(.information(.init(nodeID: NodeID(1), bytes: bytes))), "newcomers hear it")
        #expect(try cluster.sentFlags(1).last.map { $0 & 256 } == 256)

        cluster.forget()
        let now = cluster[1].now
        _ = cluster.attempt(1) { engine throws(ClientError) in
            try engine.unregisterDevice(name: Self.name, now: now)
        }
        #expect(try cluster.sent(1).first == .information(.init(nodeID: NodeID(1), bytes: [])))
        #expect(try informationAtNode2(&cluster, asking).isEmpty)
        #expect(try cluster[2].engine.voteInfo(of: NodeID(1)).flags & 1024 == 0)
    }

    @Test("Who has no device, or too much to tell, is refused")
    func refusedInformation() throws {
        var cluster = try cluster()
        let client = client
        func set(_ count: Int, _ cluster: inout Cluster) -> ClientError? {
            cluster.attempt(1) { engine throws(ClientError) in
                try engine.setDeviceInformation(client, Array(repeating: 65, count: count))
            }
        }
        #expect(set(1, &cluster) == .notExist)
        register(&cluster)
        #expect(set(4097, &cluster) == .invalidParameter)
        #expect(set(4096, &cluster) == nil)
        let unknown = cluster.attempt(1) { engine throws(ClientError) in
            _ = try engine.deviceInformation(of: NodeID(77), for: client)
        }
        #expect(unknown == .notExist)
        var writer = ByteWriter()
        writer.bytes(DeviceInformation(nodeID: NodeID(1), bytes: [1, 2]).encoded().dropLast())
        #expect(throws: WireError.self) { try DeviceInformation(decoding: writer.bytes.span, order: .native) }
    }

    private func informationAtNode2(_ cluster: inout Cluster, _ client: ConnectionID) throws -> [UInt8] {
        var found: [UInt8] = []
        let error = cluster.attempt(2) { engine throws(ClientError) in
            found = try engine.deviceInformation(of: NodeID(1), for: client)
        }
        try #require(error == nil)
        return found
    }

    @Test("A rename reaches all nodes")
    func rename() throws {
        var cluster = try cluster()
        register(&cluster)
        _ = cluster.attempt(1) { engine throws(ClientError) in
            try engine.renameDevice(from: Self.name, to: Array("Other".utf8))
        }
        #expect(try cluster[3].engine.voteInfo(of: .none).deviceName == Array("Other".utf8))
    }

    @Test("A device that does not want to win alone says so, and the map repeats it")
    func noMaster() throws {
        var cluster = try cluster()
        register(&cluster)
        cluster.forget()
        _ = cluster.attempt(1) { engine throws(ClientError) in try engine.setDeviceMasterWins(name: Self.name, false) }
        #expect(cluster[1].map["runtime.votequorum.qdevice_master_wins"] == .u8(0))
        #expect(try cluster.sent(1).isEmpty, "nothing changed for the others")
    }
}
