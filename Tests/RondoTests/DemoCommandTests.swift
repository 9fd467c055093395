import Foundation
import Testing

/// Real rings on the loopback interface, with timeouts short enough for a test.
@Suite("rondo demo", .serialized)
struct DemoCommandTests {
    private func demo(_ arguments: String...) throws -> Tool.Result {
        try Tool.run(["demo", "--set", "token_coefficient=0", "--token", "400"] + arguments)
    }

    /// Parts of the story, in order.
    private static let story = [
        " nodes on 127.0.0.1 to 127.0.0.", "token 400 ms, consensus 480 ms", " formed after ", "rest: nobody sends",
        "heartbeat ", "messages: every node sends", "messages in the same order on nodes",
        " is lost",
        "  token lost ", "  gather ", "  consensus ", "  agreement ", "  commit ", "  recovery ", "  in all ",
        " after the death", "messages in the same order on node", "is started again", ", computed up to ",
        "messages in the same order on nodes", "heartbeat at rest", "dies: new ring", "returns: one ring",
        "in one order on every node.",
    ]

    @Test(
        "a ring forms, beats, loses a node and takes it back, whatever its size",
        arguments: [["--nodes", "2", "--kill", "1"], ["--nodes", "3"], ["--nodes", "5", "--kill", "2"]])
    func story(arguments: [String]) throws {
        let result = try Tool.run(
            ["demo", "--set", "token_coefficient=0", "--token", "400", "--seconds", "6"] + arguments)
        #expect(result.status == 0, "\(result.output)\(result.complaint)")
        var rest = result.output[...]
        for part in Self.story {
            let place = try #require(rest.range(of: part), "\(part) is missing in \(result.output)")
            rest = rest[place.upperBound...]
        }
        #expect(!result.output.contains("\u{1B}"), "no escape sequences where there is no terminal")
        #expect(result.lines.allSatisfy { $0.count <= 80 })
    }

    /// The same over links: one is cut before the node is lost.
    private static let storyOfLinks = [
        "over knet: link 0 on these, link 1 on 127.0.1.1 to 127.0.1.3", "packets are", " formed after ",
        "messages in the same order on nodes", "cut: link 0 ", "link 0 is down at all its ends",
        "messages in the same order on nodes", "repair: link 0 carries again", "link 0 is up at all its ends",
        " is lost", "  in all ", "is started again", ", computed up to ",
        "messages in the same order on nodes", "link 0 is cut: given up", "longest way of the token",
        "link 0 is back: up",
        "in one order on every node.",
    ]

    @Test(
        "over knet one of two links is cut while messages flow, sealed or in the clear",
        arguments: [[], ["--clear"]])
    func links(arguments: [String]) throws {
        let result = try Tool.run(
            ["demo", "--transport", "knet", "--set", "token_coefficient=0", "--token", "400", "--seconds", "8"]
                + arguments)
        #expect(result.status == 0, "\(result.output)\(result.complaint)")
        var rest = result.output[...]
        for part in Self.storyOfLinks {
            let place = try #require(rest.range(of: part), "\(part) is missing in \(result.output)")
            rest = rest[place.upperBound...]
        }
        #expect(result.output.contains(arguments.isEmpty ? "sealed with aes256/sha256" : "packets are not sealed"))
        #expect(result.lines.allSatisfy { $0.count <= 80 })
    }

    @Test("with lost packets the order still holds")
    func loss() throws {
        let result = try demo("--nodes", "5", "--loss", "3", "--seed", "7", "--seconds", "6")
        #expect(result.status == 0, "\(result.output)\(result.complaint)")
        #expect(result.output.contains("3 % of the packets lost"))
        #expect(result.output.contains("in one order on every node."))
    }

    @Test("json is the summary alone")
    func json() throws {
        let result = try demo("--seconds", "6", "--format", "json")
        #expect(result.status == 0, "\(result.complaint)")
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
        #expect(object["success"] as? Bool == true)
        #expect(object["token_ms"] as? Int == 400)
        let failure = try #require(object["failure"] as? [String: Any])
        #expect((failure["steps"] as? [Any])?.count == 6)
        let beat = try #require(object["heartbeat"] as? [String: Any])
        #expect((beat["count"] as? Int ?? 0) > 0)
    }

    @Test(
        "a wrong command line ends with status 64",
        arguments: [
            ["--nodes", "1"], ["--nodes", "33"], ["--loss", "21"], ["--loss", "-1"],
            ["--nodes", "32", "--loss", "5"], ["--seconds", "0"],
            ["--seconds", "5"], ["--messages", "0"], ["--kill", "4"], ["--token", "0"], ["--set", "transport=knet"],
            ["--set", "tokn=3"], ["--port", "70000"], ["--transport", "udp"], ["--clear"],
            ["--transport", "knet", "--port", "65535"],
        ])
    func wrong(arguments: [String]) throws {
        #expect(try Tool.run(["demo"] + arguments).status == 64)
    }

    @Test("timings that no ring accepts end with status 8 and say why")
    func invalid() throws {
        let result = try Tool.run(["demo", "--nodes", "2", "--token", "5"])
        #expect(result.status == 8)
        #expect(result.complaint.contains("token"))
    }

    @Test("the timings and the number of nodes of a corosync.conf")
    func configuration() throws {
        let result = try Tool.run(["demo", "--config", Tool.fixture("five-nodes-defaults"), "--seconds", "1"])
        #expect(result.status == 64)
        #expect(result.complaint.contains("the death of a node alone takes up to"))
        #expect(try Tool.run(["demo", "--config", "/nowhere/corosync.conf"]).status == 1)
    }

    @Test("a port in use: which, and what to do")
    func portInUse() throws {
        let holder = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        #expect(holder >= 0)
        defer { close(holder) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0002).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let port = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
                bind(holder, raw, length) == 0 && getsockname(holder, raw, &length) == 0
                    ? UInt16(bigEndian: pointer.pointee.sin_port) : 0
            }
        }
        try #require(port > 0)
        let result = try Tool.run(["demo", "--port", "\(port)"])
        #expect(result.status == 1)
        #expect(result.complaint.contains("UDP port \(port) on 127.0.0.2 is in use"))
        #expect(result.complaint.contains("give another --port"))
    }
}
