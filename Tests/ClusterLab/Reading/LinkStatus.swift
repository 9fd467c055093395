/// The links as corosync-cfgtool -s prints them.
public struct LinkStatus: Sendable, Equatable {
    /// One link of the node.
    public struct Link: Sendable, Equatable {
        public let number: Int
        /// The node's own address on it.
        public let address: String
        /// By node id, what is said of the link to it: `localhost`, `connected`, `disconnected`.
        public let states: [UInt32: String]

        /// Whether the link to every other node is connected.
        public var isConnected: Bool { states.values.allSatisfy { ["connected", "localhost"].contains($0) } }
    }

    /// What the ring's packets go over: `knet`, `udpu`, `udp`.
    public let transport: String
    /// In the order printed.
    public let links: [Link]

    /// Reads the lines `Local node ID 1, transport knet`, `LINK ID 0 udp`, `addr = …` and `nodeid: 2: connected`.
    ///
    /// - Returns: nil when the first of them is not there.
    public init?(_ text: String) {
        let lines = text.split(separator: "\n").map { $0.split(whereSeparator: \.isWhitespace).map(String.init) }
        guard let first = lines.first, first.starts(with: ["Local", "node", "ID"]), let last = first.last else {
            return nil
        }
        transport = last
        var found: [Link] = []
        for words in lines.dropFirst() {
            if words.starts(with: ["LINK", "ID"]), words.count > 2, let number = Int(words[2]) {
                found.append(Link(number: number, address: "", states: [:]))
            } else if words.count == 3, words[0] == "addr", let link = found.popLast() {
                found.append(Link(number: link.number, address: words[2], states: link.states))
            } else if words.count == 3, words[0] == "nodeid:", let id = UInt32(words[1].dropLast()),
                let link = found.popLast()
            {
                let states = link.states.merging([id: words[2]]) { _, new in new }
                found.append(Link(number: link.number, address: link.address, states: states))
            }
        }
        links = found
    }
}

extension Node {
    /// The links as the engine tells them to corosync-cfgtool.
    public func linkStatus() throws -> LinkStatus {
        let result = try run("corosync-cfgtool", "-s")
        guard result.succeeded, let status = LinkStatus(result.output) else {
            throw LabError.unreadable("node\(number): no link status: \(result.output)\(result.errors)")
        }
        return status
    }
}
