/// What a scenario's clients printed, in order, comparable between two runs: processes carry the names of their
/// clients, rings are numbered as they appear.
struct Transcript {
    private(set) var lines: [String] = []
    /// Process numbers by node, newest last.
    private var processes: [(node: String, pid: String, name: String)] = []
    private var rings: [Substring] = []

    mutating func add(_ line: String) { lines.append(line) }

    mutating func add(_ printed: [String], of client: String, on node: Int) {
        for line in printed where !line.hasPrefix("#") {
            if line.hasPrefix("pid ") {
                processes.append(("\(node)", String(line.dropFirst(4)), client))
            } else {
                lines.append("\(client)  " + masked(line))
            }
        }
    }

    /// `1/4711` is the client's name, a ring's sequence `<1f4>` its place among those seen.
    private mutating func masked(_ line: String) -> String {
        line.split(separator: " ", omittingEmptySubsequences: false).map { word in
            if let slash = word.firstIndex(of: "/") {
                let end = word[slash...].firstIndex { $0 == ":" || $0 == "," } ?? word.endIndex
                let pid = word[word.index(after: slash)..<end]
                if let known = processes.last(where: { $0.node == word[..<slash] && $0.pid == pid }) {
                    return known.name + word[end...]
                }
            }
            if let open = word.firstIndex(of: "<"), let shut = word.lastIndex(of: ">"), open < shut {
                let sequence = word[word.index(after: open)..<shut]
                if !rings.contains(sequence) { rings.append(sequence) }
                let number = (rings.firstIndex(of: sequence) ?? 0) + 1
                return word[..<open] + "#\(number)" + word[word.index(after: shut)...]
            }
            if word.hasPrefix("resources.process.") {
                let parts = word.split(separator: ".", omittingEmptySubsequences: false)
                guard parts.count > 3 else { return String(word) }
                return (parts.prefix(2) + ["PID"] + parts.dropFirst(3)).joined(separator: ".")
            }
            return String(word)
        }.joined(separator: " ")
    }
}
