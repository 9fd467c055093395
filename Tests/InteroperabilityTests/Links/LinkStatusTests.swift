import ClusterLab
import Testing

/// How the laboratory reads what is said of links.
@Suite struct LinkStatusTests {
    /// As Corosync prints it on node 1 of three, link 0 to node 3 being cut (spec: knet.md 12).
    private static let text = """
        Local node ID 1, transport knet
        LINK ID 0 udp
        \taddr\t= 10.77.0.1
        \tstatus:
        \t\tnodeid:          1:\tlocalhost
        \t\tnodeid:          2:\tconnected
        \t\tnodeid:          3:\tdisconnected
        LINK ID 1 udp
        \taddr\t= 10.78.0.1
        \tstatus:
        \t\tnodeid:          1:\tlocalhost
        \t\tnodeid:          2:\tconnected
        \t\tnodeid:          3:\tconnected

        """

    @Test("Transport, addresses and states by node are read")
    func reading() throws {
        let status = try #require(LinkStatus(Self.text))
        #expect(status.transport == "knet")
        #expect(status.links.map(\.number) == [0, 1])
        #expect(status.links.map(\.address) == ["10.77.0.1", "10.78.0.1"])
        #expect(status.links[0].states == [1: "localhost", 2: "connected", 3: "disconnected"])
        #expect(status.links.map(\.isConnected) == [false, true])
    }

    @Test("What no daemon answered is no status")
    func refusal() {
        #expect(LinkStatus("Could not initialize corosync configuration API error 2\n") == nil)
        #expect(LinkStatus("") == nil)
    }
}
