import Glibc
import JSONText
import RondoKit

/// rondo confirm-down: an administrator or a fence agent says that a node's machine is off, and the ring parts with it
/// (docs/failover.md).
struct ConfirmDownTool: CommandTool {
    /// Exit status where the node was still a member at the end, or nobody knows.
    static let stillThere: Int32 = 3

    private static let key = "runtime.rondo.confirm_down"
    private static let longestWait = 3600

    private var isSure = false
    private var wait = 10
    private var word = ""
    var output = Output()

    // MARK: The command line

    mutating func read(_ call: ToolCall) -> Int32? {
        let json: Character = "J"
        var options = OptionReader(
            call.program, call.arguments, letters: "hyw:",
            long: [
                .init(name: "help", letter: "h"), .init(name: "yes", letter: "y"),
                .init(name: "wait", letter: "w", takesValue: true),
            ] + call.jsonOption(json))
        do throws(OptionReader.Complaint) {
            while let option = try options.next() {
                switch option.letter {
                case "y": isSure = true
                case "w":
                    guard let seconds = option.value.flatMap(Int.init), (0...Self.longestWait).contains(seconds) else {
                        return usage("--wait \(option.value ?? ""): seconds are expected, 0 to \(Self.longestWait)")
                    }
                    wait = seconds
                case json: output.json = true
                default:
                    output.write(Self.help)
                    return EXIT_SUCCESS
                }
            }
        } catch {
            return usage(error.text)
        }
        guard options.operands.count == 1, let only = options.operands.first, !only.isEmpty else {
            return usage("one node is expected, by its id or its name")
        }
        word = only
        return nil
    }

    private func usage(_ text: String) -> Int32 { complain("\(text). See rondo confirm-down --help.") }

    private func complain(_ text: String) -> Int32 {
        Output.complain("rondo confirm-down: \(text)")
        return EXIT_FAILURE
    }

    // MARK: What is done

    mutating func act() async -> Int32 {
        do throws(ClusterError) {
            let map = try await ConfigurationMap.connect(patience: .none)
            let list = ListedNodes(try await map.entries(under: "nodelist."))
            guard let id = list.id(of: word) else {
                return complain(
                    "'\(word)' is the id, name or address of no node, or of several; those of the configuration are "
                        + "\(list.names). Nothing was said")
            }
            let name = list.name(of: id)
            guard id != list.own else {
                return complain("\(name) is this node. Say it on another one. Nothing was said")
            }
            guard try await isMember(id, map) else {
                report(id, "not-a-member", "\(name) is no member of this node's ring: there is nothing to part with.")
                return EXIT_SUCCESS
            }
            if let status = ask(name) { return status }
            return try await say(id, name, map)
        } catch {
            return complain(
                "the daemon of this node does not serve: \(error.code.name). It must run here, and the user be root or "
                    + "admitted by uidgid")
        }
    }

    private mutating func say(_ id: UInt32, _ name: String, _ map: ConfigurationMap) async throws(ClusterError) -> Int32
    {
        let clock = ContinuousClock()
        let start = clock.now
        try await map.set(Self.key, to: id)
        do throws(ClusterError) {
            // A Rondo takes the key out again as it hears of it; to a Corosync it is a key like any other.
            if try await map.get(Self.key) != nil {
                _ = try await map.delete(Self.key)
                return complain("this node runs Corosync, which cannot be told. Say it on a node that runs Rondo")
            }
            while try await isMember(id, map) {
                guard clock.now - start < .seconds(wait) else {
                    report(
                        id, "member",
                        "\(name) was said to be down, and after \(wait) s it still is a member: see the log.")
                    return Self.stillThere
                }
                try? await Task.sleep(for: .milliseconds(10))
            }
        } catch {
            report(
                id, "unknown",
                "\(name) was said to be down, but then the daemon did not answer (\(error.code.name)): look on another node "
                    + "whether it is out of the ring.")
            return Self.stillThere
        }
        let passed = (clock.now - start).components
        let milliseconds = passed.seconds * 1000 + passed.attoseconds / 1_000_000_000_000_000
        report(id, "parted", "\(name) is out of the ring, after \(milliseconds) ms. It has not been fenced by this.")
        return EXIT_SUCCESS
    }

    private func isMember(_ id: UInt32, _ map: ConfigurationMap) async throws(ClusterError) -> Bool {
        try await map.get("runtime.members.\(id).status")?.string == "joined"
    }

    private mutating func report(_ id: UInt32, _ outcome: String, _ text: String) {
        guard output.json else { return output.line(text) }
        output.value(.object([("node", .integer(id)), ("outcome", .string(outcome)), ("text", .string(text))]))
    }

    /// Asks once more where somebody sits at a terminal. Returns the exit status when the answer is no.
    private func ask(_ name: String) -> Int32? {
        guard !isSure, isatty(STDIN_FILENO) == 1 else { return nil }
        Output.complain(
            "If \(name) still runs, services may run twice. Is its machine off, or cut off from all that is shared? "
                + "Type yes:")
        guard readLine() == "yes" else { return complain("nothing was said") }
        return nil
    }

    private static let help = """
        usage: rondo confirm-down [--yes] [--wait SECONDS] [--json] NODE

        Says that a node's machine is off, so that the ring parts with it at once and waits for no timeout. NODE is an id or
        a name of the nodelist. It is said on any other node that runs Rondo. It does not fence: make sure that the machine
        is off before. A node that still runs comes back by itself.

        options:
          -y, --yes             do not ask
          -w, --wait SECONDS    wait so long until the node is out (10)
              --json            the outcome for programs
          -h, --help            this text

        exit status: 0 when the node is no member any more, 1 when nothing was said, 3 when it still is one
        or that is not known.

        """
}

/// The nodes of the configuration, by number and name.
struct ListedNodes {
    /// By name and by address.
    private var ids: [String: Set<UInt32>] = [:]
    private var namesByID: [UInt32: String] = [:]
    /// This node's own.
    private(set) var own: UInt32?

    /// - Parameter entries: of the map under `nodelist.`.
    init(_ entries: [(key: String, value: MapValue)]) {
        var byPlace: [Substring: [Substring: String]] = [:]
        var place: String?
        for (key, value) in entries {
            let parts = key.split(separator: ".")
            let text = value.string ?? value.integer.map { "\($0)" } ?? ""
            if key == "nodelist.local_node_pos" {
                place = text
            } else if parts.count == 4, parts[1] == "node" {
                byPlace[parts[2], default: [:]][parts[3]] = text
            }
        }
        for (number, node) in byPlace {
            guard let id = node["nodeid"].flatMap({ UInt32($0) }) else { continue }
            if let place, number == place { own = id }
            let name = node["name"] ?? node["ring0_addr"]
            if let name { namesByID[id] = name }
            for (key, text) in node where key == "name" || (key.hasPrefix("ring") && key.hasSuffix("_addr")) {
                ids[text, default: []].insert(id)
            }
        }
    }

    /// By id, name or address: a number is an id, also of a node that is not on the list any more, unless it is no listed id
    /// but a name.
    func id(of word: String) -> UInt32? {
        let number = UInt32(word).flatMap { $0 > 0 ? $0 : nil }
        if let number, namesByID[number] != nil { return number }
        guard let named = ids[word] else { return number }
        return named.count == 1 ? named.first : nil
    }

    /// As in `node 3 (carol)`.
    func name(of id: UInt32) -> String { "node \(id)" + (namesByID[id].map { " (\($0))" } ?? "") }

    /// All, for a complaint.
    var names: String { namesByID.sorted { $0.key < $1.key }.map { "\($0.key) (\($0.value))" }.joined(separator: ", ") }
}
