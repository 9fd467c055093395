import ClusterLab
import Testing

extension Interoperability {
    /// What a program multicast before it ended reaches its group, even when the daemon saw the end first.
    @Suite(.enabled(if: ClientProgram.isPossible, Comment(rawValue: ClientProgram.explanation)))
    struct LastRequestsTests {
        private static let count = 40

        @Test("Messages of a program that ended before the daemon looked are delivered, then its leave")
        func lastWords() throws {
            let mixture = Mixture(.rondo)
            let lab = try mixture.ring(.quorate)
            defer { lab.close() }
            let program = try ClientProgram.build(in: lab.folder)
            let node = lab.node(1)
            let listener = try CommandedClient(node, program)
            let sender = try CommandedClient(node, program)
            for client in [listener, sender] {
                _ = try client.tell("cpg 0 initialize")
                _ = try client.tell("cpg 0 join farewell")
                _ = try client.tell("cpg 0 events 1")
            }
            _ = try listener.tell("cpg 0 events 1")

            // The sender leaves what came to it unread.
            _ = try listener.tell("cpg 0 mcast 9")
            _ = try listener.tell("cpg 0 events 1")
            node.pause()
            for number in 1...Self.count {
                #expect(try sender.tell("cpg 0 mcast \(number * 100)").last?.contains("CS_OK") == true)
            }
            try sender.die()
            node.resume()

            let came = try listener.tell("cpg 0 events \(Self.count + 1)")
            let sizes = came.compactMap { line in
                line.firstMatch(of: /: ([0-9]+) bytes/).flatMap { Int($0.1) }
            }
            #expect(sizes == (1...Self.count).map { $0 * 100 }, "\(came.joined(separator: "\n"))")
            #expect(came.last?.contains("left") == true, "\(came.joined(separator: "\n"))")
            #expect(node.log.all.allSatisfy { $0.level != "error" })
        }
    }
}
