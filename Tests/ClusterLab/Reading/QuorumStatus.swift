/// What a node says of its quorum: every line of `corosync-quorumtool -s` and every `runtime.votequorum.` key.
public struct QuorumStatus: Sendable, Equatable, CustomStringConvertible {
    /// The tool's output without the date and the ring id, and its exit status.
    public let lines: [String]
    /// `R.S` as the tool prints it, hexadecimal; nil when it printed none.
    public let ring: String?
    /// `KEY (TYPE) = VALUE`, in the order of the map.
    public let keys: [String]

    /// - Parameters:
    ///   - output: What corosync-quorumtool printed, with its errors.
    ///   - map: The listing of `runtime.votequorum.`.
    public init(output: String, status: ExitStatus, map: MapListing) {
        var lines: [String] = []
        var ring: String?
        for line in output.split(separator: "\n") {
            if line.hasPrefix("Date:") { continue }
            if line.hasPrefix("Ring ID:") {
                ring = line.split(separator: " ").last.map(String.init)
            } else {
                lines.append(String(line))
            }
        }
        self.lines = lines + ["(\(status))"]
        self.ring = ring
        keys = map.entries.map(\.description)
    }

    public var description: String { (lines + keys).joined(separator: "\n") }

    /// One line of the tool: `Quorate`, `Expected votes`, `Highest expected`, `Total votes`, `Quorum`, `Flags`, …
    public subscript(_ name: String) -> String? {
        guard let line = lines.first(where: { $0.hasPrefix(name + ":") }) else { return nil }
        let value = line.dropFirst(name.count + 1).drop { $0 == " " }
        return String(value.reversed().drop { $0 == " " }.reversed())
    }

    /// The lines in which another status differs, this one's with `-` and the other's with `+`; empty when none does.
    public func differences(from other: QuorumStatus) -> [String] {
        let mine = lines + keys
        let theirs = other.lines + other.keys
        return mine.filter { !theirs.contains($0) }.map { "- " + $0 }
            + theirs.filter { !mine.contains($0) }.map { "+ " + $0 }
            + (mine != theirs && mine.sorted() == theirs.sorted() ? ["the same lines in another order"] : [])
    }
}

extension Node {
    /// What the node says of its quorum now.
    public func quorumStatus() throws -> QuorumStatus {
        let tool = try run("corosync-quorumtool", "-s")
        let map = try map(under: "runtime.votequorum.")
        return QuorumStatus(output: tool.output + tool.errors, status: tool.status, map: map)
    }
}
