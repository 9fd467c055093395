/// What Pacemaker's `crm_mon -1` printed.
public struct ResourceStatus: Sendable, CustomStringConvertible {
    public let text: String
    public var description: String { text }

    public init(_ text: String) { self.text = text }

    /// The names after `* Online:`, in the order printed.
    public var online: [String] { names(after: "* Online: [") }

    /// Whether this node's partition has quorum and an elected coordinator.
    public var hasQuorum: Bool { text.contains(") - partition with quorum") }

    /// Whether everybody is there and nothing has failed.
    public var isClean: Bool {
        hasQuorum && !["OFFLINE", "UNCLEAN", "pending", "standby", "Failed", "Stopped"].contains { text.contains($0) }
    }

    /// The node on which a primitive resource runs.
    public func place(of resource: String) -> String? {
        for line in text.split(separator: "\n") where line.contains("* \(resource)\t") {
            let words = line.split { $0 == " " || $0 == "\t" }
            if let started = words.firstIndex(of: "Started"), started + 1 < words.count {
                return String(words[started + 1])
            }
        }
        return nil
    }

    /// The nodes on which the copies of a cloned resource run.
    public var copies: [String] { names(after: "* Started: [") }

    private func names(after opening: String) -> [String] {
        for line in text.split(separator: "\n") {
            guard let found = line.firstRange(of: opening) else { continue }
            return line[found.upperBound...].split(separator: " ").map(String.init).filter { $0 != "]" }
        }
        return []
    }
}

/// A line of Pacemaker's log:
/// `Nov 21 07:26:42.228 node1 pacemaker-based     [40] (function) 	warning: TEXT`
public struct PacemakerLogLine: Sendable, CustomStringConvertible {
    public let line: String
    /// warning, error, …
    public let level: String
    public let function: String
    public let message: String

    public var description: String { line }

    public init?(_ line: String) {
        guard let open = line.firstRange(of: "] ("), let shut = line[open.upperBound...].firstRange(of: ")"),
            let colon = line[shut.upperBound...].firstRange(of: ": ")
        else { return nil }
        self.line = line
        function = String(line[open.upperBound..<shut.lowerBound])
        level = line[shut.upperBound..<colon.lowerBound].filter { $0.isLetter }
        message = String(line[colon.upperBound...])
    }

    /// Whether Pacemaker is dissatisfied with the cluster layer below it. Every error counts, but for one that pacemakerd
    /// writes when it looks at a child of its own that has just ended; a warning counts when it names a library or a
    /// notion of the cluster engine.
    public var complains: Bool {
        switch level {
        case "error" where function == "pcmk__pid_active": return false
        case "error", "crit", "emerg", "alert": return true
        case "warning":
            let text = (function + " " + message).lowercased()
            return ["cpg", "corosync", "cmap", "quorum", "membership", "cluster layer", "ipc"].contains {
                text.contains($0)
            }
        default: return false
        }
    }
}
